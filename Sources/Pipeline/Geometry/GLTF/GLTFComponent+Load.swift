extension UnsafeRawBufferPointer {
    /// An index, which may be of three types (glTF 2.0, 3.7.2.1).
    @inline(__always)
    func index(at offset: Int, _ component: GLTFComponent) throws(ReadError) -> Int {
        switch component {
        case .uint8: return Int(self[offset])
        case .uint16: return Int(UInt16(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
        case .uint32: return Int(UInt32(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        default: throw .invalid("Indices of the glTF are not unsigned integers.")
        }
    }

    /// A position: floats, or the small integers of `KHR_mesh_quantization`.
    @inline(__always)
    func position(at offset: Int, _ component: GLTFComponent, isNormalized: Bool) -> SIMD3<Double> {
        if component == .float { return point(at: offset) }
        let size = component.size
        let raw = SIMD3(
            quantised(at: offset, component), quantised(at: offset + size, component),
            quantised(at: offset + 2 * size, component))
        return isNormalized ? component.normalised(raw) : raw
    }

    private func quantised(at offset: Int, _ component: GLTFComponent) -> Double {
        switch component {
        case .int8: Double(Int8(bitPattern: self[offset]))
        case .uint8: Double(self[offset])
        case .int16: Double(Int16(littleEndian: loadUnaligned(fromByteOffset: offset, as: Int16.self)))
        case .uint16: Double(UInt16(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
        case .uint32, .float: .nan
        }
    }
}

extension GLTFComponent {
    /// Integers to -1…1 or 0…1 (glTF 2.0, 3.11).
    fileprivate func normalised(_ raw: SIMD3<Double>) -> SIMD3<Double> {
        let largest: Double =
            switch self {
            case .int8: 127
            case .uint8: 255
            case .int16: 32767
            default: 65535
            }
        let scaled = raw / largest
        return scaled.replacing(with: -1, where: scaled .< -1)
    }
}
