/// How the formats of CAD, and programs, are known: text with a form of its own.
extension Detect {
    /// Pairs of lines, group code and value; after comments (999) the first is `0 SECTION`. Binary by its signature.
    static func dxf(_ content: Content) -> Evidence {
        if content.head.starts(with: "AutoCAD Binary DXF".utf8) { return .certain }
        guard let text = content.text else { return .none }
        var lines = PlainText.lines(text[...])[...].drop { PlainText.trimmed($0).isEmpty }
        while let code = lines.popFirst(), let value = lines.popFirst() {
            if PlainText.trimmed(code).elementsEqual("999".utf8) { continue }
            let isStart =
                PlainText.trimmed(code).elementsEqual("0".utf8)
                && PlainText.matches(PlainText.trimmed(value), "SECTION")
            return isStart ? .certain : .none
        }
        return .none
    }

    /// ISO 10303-21 by its first token. IFC is written the same way, but no STEP reader takes it.
    static func step(_ content: Content) -> Evidence {
        guard var rest = content.text?.drop(while: PlainText.isBlank) else { return .none }
        while rest.starts(with: "/*".utf8), let end = rest.firstRange(of: "*/".utf8) {
            rest = rest[end.upperBound...].drop(while: PlainText.isBlank)
        }
        guard rest.starts(with: "ISO-10303-21;".utf8) else { return .none }
        let schema = rest.firstRange(of: "FILE_SCHEMA".utf8).map { rest[$0.upperBound...].prefix(40) }
        return schema?.firstRange(of: "'IFC".utf8) == nil ? .certain : .none
    }

    /// Cards of 80 columns: `S` in column 73 and a right-justified 1 in the rest (IGES 5.3, section 2.2.2). Counted from the end
    /// of the line, since letters beyond ASCII before it shift the columns.
    static func iges(_ content: Content) -> Evidence {
        guard let text = content.text else { return .none }
        let line = text.prefix(160).prefix { !PlainText.isLineEnd($0) }
        let card = (line.count > 100 ? line.prefix(80) : line).suffix(8)
        guard line.count >= 80, card.first == 0x53, card.last == 0x31 else { return .none }
        return card.dropFirst().dropLast().allSatisfy { $0 == 0x20 || $0 == 0x30 } ? .certain : .none
    }

    /// Open CASCADE's own format, with or without the line that its command interpreter puts before it.
    static func brep(_ content: Content) -> Evidence {
        guard let text = content.text else { return .none }
        let isShape = PlainText.lines(text.prefix(1024)).prefix(8).contains {
            $0.starts(with: "DBRep_DrawableShape".utf8) || $0.starts(with: "CASCADE Topology V".utf8)
        }
        return isShape ? .certain : .none
    }

    /// Program text looks like nothing in particular: text of no other known kind, so the name must say what it is.
    static func program(_ content: Content) -> Evidence {
        guard let text = content.text, !text.allSatisfy(PlainText.isBlank) else { return .none }
        return Stranger.kind(of: content) == nil ? .possible : .none
    }
}
