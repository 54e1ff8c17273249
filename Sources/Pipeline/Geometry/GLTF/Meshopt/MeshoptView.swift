/// What `EXT_meshopt_compression` says of a buffer view: where its compressed bytes are and what they become.
///
/// Source: Khronos, EXT_meshopt_compression, "JSON schema updates".
struct MeshoptView {
    enum Mode: String {
        case attributes = "ATTRIBUTES"
        case triangles = "TRIANGLES"
        case indices = "INDICES"
    }

    /// What is done with decoded attributes.
    enum Filter: String {
        case none = "NONE"
        case octahedral = "OCTAHEDRAL"
        case quaternion = "QUATERNION"
        case exponential = "EXPONENTIAL"
    }

    var buffer = 0
    var offset = 0
    /// Compressed.
    var length = 0
    var stride = 0
    var count = 0
    var mode = Mode.attributes
    var filter = Filter.none

    /// Bytes when decoded. Both factors are small enough once `isValid`.
    var size: Int { count * stride }

    /// Whether stride, count and filter fit the mode.
    var isValid: Bool {
        switch mode {
        case .attributes:
            guard stride > 0, stride <= 256, stride % 4 == 0 else { return false }
            return switch filter {
            case .none, .exponential: true
            case .octahedral: stride <= 8
            case .quaternion: stride == 8
            }
        case .triangles: return isIndex && count % 3 == 0
        case .indices: return isIndex
        }
    }

    private var isIndex: Bool { filter == .none && (stride == 2 || stride == 4) }

    /// Normals, tangents and rotations are nothing we measure.
    var isMeasurable: Bool { filter == .none || filter == .exponential }

    /// The elements as the accessors find them.
    func decoded(_ bytes: [UInt8], budget: ReadBudget) throws(ReadError) -> [UInt8] {
        switch mode {
        case .attributes:
            var elements = try MeshoptAttributes.decode(bytes, count: count, stride: stride, budget: budget)
            if filter == .exponential { elements.unfoldExponents() }
            return elements
        case .triangles: return try MeshoptTriangles.decode(bytes, count: count, size: stride, budget: budget)
        case .indices: return try MeshoptIndices.decode(bytes, count: count, size: stride, budget: budget)
        }
    }
}

extension [UInt8] {
    /// Words of 8 bits exponent and 24 bits mantissa, both signed, to floats (EXT_meshopt_compression, filter 3).
    fileprivate mutating func unfoldExponents() {
        withUnsafeMutableBytes { bytes in
            for offset in stride(from: 0, to: bytes.count - 3, by: 4) {
                let word = Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self))
                let mantissa = Float((word << 8) >> 8)
                let value = Float(sign: .plus, exponent: Int(word >> 24), significand: mantissa)
                bytes.storeBytes(of: value.bitPattern.littleEndian, toByteOffset: offset, as: UInt32.self)
            }
        }
    }
}
