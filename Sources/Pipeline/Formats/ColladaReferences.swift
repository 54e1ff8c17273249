/// The references of Collada scenes.
extension References {
    private static let mostDepth = 1000

    /// The files of images (`init_from` in `image`, of 1.4 with the path as its text, of 1.5 in a `ref`), and scenes in
    /// other files that are put into this one (`url` of `instance_...`). An `init_from` elsewhere names an image of the
    /// same file.
    static func collada(_ content: Content) throws -> [Reference] {
        var found = Findings()
        var tokens = MarkupTokens(content)
        var path: [[UInt8]] = []
        var text: [UInt8] = []
        var isCut = false
        while let token = try tokens.next() {
            switch token {
            case .declarations:
                try found.add(Reference(.other, "<!DOCTYPE".utf8, .unsafe("declares entities of its own")))
            case .open(let name, let rest):
                guard path.count < mostDepth else { throw UnreadableReferences.tooDeepMarkup }
                path.append(name)
                (text, isCut) = ([], false)
                if name.starts(with: "instance_".utf8) { try found.addInstance(rest) }
            case .text(let piece, let isPieceCut) where isFileOfImage(path):
                text += piece.prefix(MarkupTokens.mostText)
                isCut = isCut || isPieceCut || text.count > MarkupTokens.mostText
            case .text: break
            case .close:
                if isFileOfImage(path) { try found.addImage(text[...], isCut) }
                path.removeLast(path.isEmpty ? 0 : 1)
                text = []
            }
        }
        return found.references
    }

    private static func isFileOfImage(_ path: [[UInt8]]) -> Bool {
        let parts = path.suffix(3).map { String(decoding: $0, as: UTF8.self) }
        return parts.suffix(2) == ["image", "init_from"] || parts == ["image", "init_from", "ref"]
    }
}

extension References.Findings {
    fileprivate mutating func addImage(_ text: ArraySlice<UInt8>, _ isCut: Bool) throws {
        let name = PlainText.trimmed(text)
        if name.isEmpty { return }
        try add(Reference(.image, name, .of(Array(name), as: .uri, isCut: isCut)))
    }

    /// What begins with `#` is in the same file.
    fileprivate mutating func addInstance(_ rest: ArraySlice<UInt8>) throws {
        guard let url = MarkupText.attribute("url", in: rest), url.first != 0x23, !url.isEmpty else { return }
        let file = Array(url.prefix { $0 != 0x23 })
        try add(Reference(.other, file, .of(file, as: .uri)))
    }
}
