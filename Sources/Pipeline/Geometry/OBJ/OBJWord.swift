/// What a line of an OBJ is about.
enum OBJWord {
    case vertex, normal, face, surface, material
    /// Comments, groups, lines, and what vendors add.
    case other
    /// Not a word at all.
    case none
}

extension TextCursor {
    /// Steps over the word that begins an OBJ line.
    mutating func objWord() -> OBJWord {
        if isAtEnd() || byte == UInt8(ascii: "#") { return .other }
        let first = byte
        guard first >= 65, first <= 122 else { return .none }
        return switch (first, word()) {
        case (UInt8(ascii: "v"), Self.vertex): .vertex
        case (UInt8(ascii: "v"), Self.normal): .normal
        case (UInt8(ascii: "f"), Self.face), (UInt8(ascii: "f"), Self.oldFace): .face
        case (UInt8(ascii: "c"), Self.curve), (UInt8(ascii: "s"), Self.surface): .surface
        case (UInt8(ascii: "u"), Self.material): .material
        default: .other
        }
    }

    /// Steps over the `/t/n` of a corner; false when something else follows the vertex number.
    mutating func skipAttributes() -> Bool {
        while position < bytes.count, bytes[position] > 32, byte != UInt8(ascii: "\\") {
            guard (45...57).contains(byte), byte != UInt8(ascii: ".") else { return false }
            position += 1
        }
        return true
    }

    /// Of what is left of the line, blanks around it aside: names are compared without being kept.
    mutating func hashOfRest() -> Int {
        guard !isAtEnd() else { return 0 }
        var end = bytes.count
        // Control characters are no blanks at the front, so that nothing may be left between.
        while end > position, bytes[end - 1] <= 32 { end -= 1 }
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes[position..<end]))
        return hasher.finalize()
    }

    private static let vertex = Keyword("v")
    private static let normal = Keyword("vn")
    private static let face = Keyword("f")
    private static let oldFace = Keyword("fo")
    private static let curve = Keyword("curv")
    private static let surface = Keyword("surf")
    private static let material = Keyword("usemtl")
}
