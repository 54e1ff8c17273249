import Persistence

/// STL, binary and text. Vertices are counted as stored: three for every triangle, shared or not.
enum STLReader {
    /// Which of the two formats a file has. A binary header may begin with "solid" too, so the size decides.
    enum Layout: Equatable {
        case binary(triangles: Int)
        case text
    }

    /// 80 bytes of header, a 32-bit count, then 50 bytes each: normal, three corners, two bytes of attributes.
    static let header = 84
    static let record = 50

    static func measure(_ file: ModelFile, budget: ReadBudget) throws(ReadError) -> Geometry {
        switch try layout(of: file) {
        case .binary(let triangles): try measureBinary(file, triangles: triangles, budget: budget)
        case .text: try measureText(file, budget: budget)
        }
    }

    static func layout(of file: ModelFile) throws(ReadError) -> Layout {
        let start = try file.load(0..<min(file.size, header))
        let count = start.dropFirst(header - 4).reversed().reduce(0) { $0 << 8 | Int($1) }
        if file.size == header + record * count { return .binary(triangles: count) }
        let isText = start.withUnsafeBytes { bytes in
            var cursor = TextCursor(bytes)
            return cursor.word() == Word.solid
        }
        if isText { return .text }
        guard file.size >= header else { throw .invalid("This is not an STL file.") }
        throw .invalid(
            "The file says it has \(count) triangles, which take \(header + record * count) bytes, but has \(file.size)."
        )
    }

    static func geometry(triangles: Int, bounds: Bounds, solids: Int) throws(ReadError) -> Geometry {
        Geometry(
            vertices: triangles * 3, triangles: triangles, extents: try bounds.extents(), meshes: solids,
            materials: 0, textures: 0, animations: 0)
    }

    private static func measureBinary(
        _ file: ModelFile, triangles: Int, budget: ReadBudget
    ) throws(ReadError) -> Geometry {
        try budget.spend(triangles)
        var bounds = Bounds()
        var bytes = ModelBytes(file, from: header, budget: budget)
        while bytes.left > 0 {
            let records = try bytes.takeRecords(of: record, atMost: triangles)
            for start in stride(from: 0, to: records.count, by: record) {
                for corner in [12, 24, 36] { bounds.add(records.point(at: start + corner)) }
            }
        }
        return try geometry(triangles: triangles, bounds: bounds, solids: 1)
    }
}

extension UnsafeRawBufferPointer {
    /// Three little-endian floats at any offset.
    @inline(__always)
    func point(at offset: Int) -> SIMD3<Double> {
        SIMD3(float(at: offset), float(at: offset + 4), float(at: offset + 8))
    }

    @inline(__always)
    private func float(at offset: Int) -> Double {
        Double(Float(bitPattern: UInt32(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))))
    }
}
