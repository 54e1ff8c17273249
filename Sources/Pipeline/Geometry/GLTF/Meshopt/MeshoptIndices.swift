/// Decodes indices that make no triangles, each a difference to one of two before it.
///
/// Source: Khronos, EXT_meshopt_compression, appendix A, mode 2.
enum MeshoptIndices {
    private static let header: UInt8 = 0xD1

    /// - Parameter size: bytes of an index, 2 or 4. The caller bounds `count * size`.
    static func decode(_ bytes: [UInt8], count: Int, size: Int, budget: ReadBudget) throws(ReadError) -> [UInt8] {
        var input = try MeshoptBytes(bytes, header: header, tail: 4)
        guard count <= input.left else { throw MeshoptBytes.broken }
        var indices: [UInt8] = []
        indices.reserveCapacity(count * size)
        var last: (even: UInt32, odd: UInt32) = (0, 0)
        for index in 0..<count {
            if index & 0xFFFF == 0 { try budget.checkTime() }
            let code = try input.number()
            let difference = (code >> 1).unzigzagged
            if code & 1 == 0 {
                last.even &+= difference
                indices.append(last.even, size: size)
            } else {
                last.odd &+= difference
                indices.append(last.odd, size: size)
            }
        }
        guard input.left == 0 else { throw MeshoptBytes.broken }
        return indices
    }
}
