@testable import App

/// A file made of arithmetic: the byte at an offset is known, and no disk is needed.
func file(size: Int64, onRead: @escaping @Sendable (Int64) -> Void = { _ in }) -> StoredFile {
    StoredFile(
        sha256: "abc", size: size, mediaType: "model/stl", filename: "Käse.stl", modified: 784_111_777
    ) { space, offset in
        onRead(offset)
        let count = Int(min(Int64(min(space.count, 100_000)), max(0, size - offset)))
        for index in 0..<count { space[index] = byte(at: offset + Int64(index)) }
        return count
    }
}

func byte(at offset: Int64) -> UInt8 {
    UInt8(truncatingIfNeeded: offset &* 31 &+ offset >> 8)
}
