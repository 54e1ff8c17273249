/// The references of Wavefront OBJ and MTL text.
extension References {
    /// Both kinds of statement in either kind of file: what is harmless in one costs nothing, and tools mix them up.
    static func wavefront(_ content: Content) throws -> [Reference] {
        var found = Findings()
        var stream = ByteStream(content)
        var statement = WavefrontStatement()
        while let byte = try stream.next() {
            try statement.take(byte) { try judge($0, into: &found) }
        }
        try statement.end { try judge($0, into: &found) }
        return found.references
    }

    private static func judge(_ line: WavefrontStatement.Line, into found: inout Findings) throws {
        let text = PlainText.trimmed(line.text)
        // Nearly all lines of a large file are numbers, and end here.
        guard let first = text.first, "mbdrnstc".utf8.contains(first | 0x20) else { return }
        let keyword = text.prefix { !PlainText.isBlank($0) }
        let rest = PlainText.trimmed(text[keyword.endIndex...])
        guard let kind = kind(of: PlainText.lowercased(keyword.prefix(64))), !rest.isEmpty else { return }
        if line.isCut { return try found.add(Reference(kind, rest, .of([], as: .path, isCut: true))) }
        if let danger = danger(in: rest) { return try found.add(Reference(kind, rest, danger)) }
        if line.isPart { return }
        let names = kind == .texture ? [textureName(rest)] : libraryNames(rest)
        for name in names where !name.isEmpty {
            try found.add(Reference(kind, name, .of(unquoted(name), as: .path)))
        }
    }

    private static func kind(of keyword: [UInt8]) -> Reference.Kind? {
        if keyword.elementsEqual("mtllib".utf8) { return .material }
        if keyword.elementsEqual("map_aat".utf8) { return nil }
        if keyword.elementsEqual("maplib".utf8) { return .texture }
        if ["shadow_obj", "trace_obj", "call"].contains(where: { keyword.elementsEqual($0.utf8) }) { return .other }
        let textures = ["map_", "bump", "disp", "decal", "refl", "norm"]
        return textures.contains { keyword.starts(with: $0.utf8) } ? .texture : nil
    }

    /// Readers disagree where options end and names begin, so a line is dangerous when any of its words is.
    private static func danger(in rest: ArraySlice<UInt8>) -> Reference.Verdict? {
        ([rest] + PlainText.words(rest)).lazy.map { Reference.Verdict.of(unquoted($0), as: .path) }.first {
            if case .unsafe = $0 { true } else { false }
        }
    }

    /// One name, which may hold spaces, or several that each end in `.mtl`.
    private static func libraryNames(_ rest: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var names: [ArraySlice<UInt8>] = []
        var start = rest.startIndex
        for word in PlainText.words(rest) where PlainText.matches(unquoted(word).suffix(4), ".mtl") {
            names.append(PlainText.trimmed(rest[start..<word.endIndex]))
            start = word.endIndex
        }
        let last = PlainText.trimmed(rest[start...])
        return last.isEmpty ? names : names + [last]
    }

    /// What follows the options (MTL specification, "Options for texture map statements").
    private static func textureName(_ rest: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var words = PlainText.words(rest)[...]
        while let option = words.first, option.first == 0x2D, words.count > 1 {
            words.removeFirst()
            switch String(decoding: PlainText.lowercased(option), as: UTF8.self) {
            case "-o", "-s", "-t":
                for _ in 0..<3 where words.count > 1 && words.first.map(PlainText.isNumber) == true {
                    words.removeFirst()
                }
            case "-mm": words = words.dropFirst(2)
            case "-blendu", "-blendv", "-cc", "-clamp", "-bm", "-boost", "-texres", "-imfchan", "-type":
                words.removeFirst()
            default: break
            }
        }
        return words.first.map { rest[$0.startIndex...] } ?? rest.suffix(0)
    }

    private static func unquoted(_ name: ArraySlice<UInt8>) -> [UInt8] {
        guard let quote = name.first, quote == 0x22 || quote == 0x27 else { return Array(name) }
        return Array(name.dropFirst().last == quote ? name.dropFirst().dropLast() : name.dropFirst())
    }
}

/// Bytes gathered into lines. A line that goes on (`\` at its end) is shown by itself and then joined with the next,
/// because some readers join lines and others do not.
private struct WavefrontStatement {
    struct Line {
        let text: ArraySlice<UInt8>
        /// Longer than what is kept.
        let isCut: Bool
        /// One of several that are joined.
        let isPart: Bool
    }

    private static let mostBytes = 8192

    private var line: [UInt8] = []
    private var joined: [UInt8] = []
    private var isJoining = false
    private var isCut = false
    private var isAfterReturn = false

    mutating func take(_ byte: UInt8, _ show: (Line) throws -> Void) throws {
        defer { isAfterReturn = byte == 0x0D }
        if byte == 0x0A, isAfterReturn { return }
        if PlainText.isLineEnd(byte) || byte == 0 { return try end(show) }
        if line.count < Self.mostBytes { line.append(byte) } else { isCut = true }
    }

    mutating func end(_ show: (Line) throws -> Void) throws {
        let goesOn = line.last == 0x5C
        if goesOn { line.removeLast() }
        try show(Line(text: line[...], isCut: isCut, isPart: isJoining || goesOn))
        if isJoining || goesOn {
            isCut = isCut || joined.count + line.count > Self.mostBytes
            joined.append(contentsOf: line.prefix(Self.mostBytes - joined.count))
        }
        if isJoining, !goesOn { try show(Line(text: joined[...], isCut: isCut, isPart: false)) }
        isJoining = goesOn
        if !goesOn {
            joined.removeAll(keepingCapacity: true)
            isCut = false
        }
        line.removeAll(keepingCapacity: true)
    }
}
