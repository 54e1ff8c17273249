import SystemPackage

/// XML in UTF-8, for tools that know nothing else.
enum Transcoding {
    private static let marks: [[UInt8]] = [[0xFF, 0xFE], [0xFE, 0xFF], [0x3C, 0x00], [0x00, 0x3C]]
    /// How far into the file the declaration of the encoding may be.
    private static let head = 200

    /// Writes `source` in UTF-8 where it is in UTF-16, and says whether it did. Blocks. Throws `Errno`.
    static func narrow(_ source: FilePath, to target: FilePath) throws -> Bool {
        let file = try FileDescriptor.open(source, .readOnly, options: .closeOnExec)
        return try file.closeAfter {
            let content = try Content(file)
            guard marks.contains(where: content.head.starts) else { return false }
            var stream = TextStream(content)
            let output = try FileDescriptor.open(
                target, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWrite)
            try output.closeAfter { try write(&stream, to: output) }
            return true
        }
    }

    private static func write(_ stream: inout TextStream, to output: FileDescriptor) throws {
        var piece: [UInt8] = []
        while piece.count < head, let byte = try stream.next() { piece.append(byte) }
        let opening = String(decoding: piece, as: UTF8.self)
        piece = Array(opening.replacing("UTF-16", with: "UTF-8").replacing("utf-16", with: "utf-8").utf8)
        while let byte = try stream.next() {
            piece.append(byte)
            if piece.count >= 1 << 16 {
                try output.writeAll(piece)
                piece.removeAll(keepingCapacity: true)
            }
        }
        try output.writeAll(piece)
    }
}
