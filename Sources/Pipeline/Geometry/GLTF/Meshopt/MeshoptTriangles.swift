/// Decodes the indices of triangles, each told by a byte that refers to edges and vertices of those before it.
///
/// Source: Khronos, EXT_meshopt_compression, appendix A, mode 1.
struct MeshoptTriangles {
    private var input: MeshoptBytes
    /// Pairs of vertices for triangles that share no edge.
    private let table: [UInt8]
    private var edges = Recent<(UInt32, UInt32)>((0, 0))
    private var vertices = Recent<UInt32>(0)
    /// The lowest index that did not occur yet.
    private var next: UInt32 = 0
    /// The index last told as a difference.
    private var last: UInt32 = 0

    private static let header: UInt8 = 0xE1

    /// - Parameter size: bytes of an index, 2 or 4. The caller bounds `count * size`.
    static func decode(_ bytes: [UInt8], count: Int, size: Int, budget: ReadBudget) throws(ReadError) -> [UInt8] {
        var decoder = try MeshoptTriangles(bytes)
        let codes = try decoder.input.skip(count / 3)
        var indices: [UInt8] = []
        indices.reserveCapacity(count * size)
        for triangle in 0..<count / 3 {
            if triangle & 0xFFFF == 0 { try budget.checkTime() }
            let code = decoder.input[codes + triangle]
            let (a, b, c) = code < 0xF0 ? try decoder.atEdge(code) : try decoder.alone(code)
            indices.append(a, size: size)
            indices.append(b, size: size)
            indices.append(c, size: size)
        }
        guard decoder.input.left == 0 else { throw MeshoptBytes.broken }
        return indices
    }

    private init(_ bytes: [UInt8]) throws(ReadError) {
        input = try MeshoptBytes(bytes, header: Self.header, tail: 16)
        table = Array(input.tail)
        let isRegular = table[..<14].allSatisfy { $0 >> 4 != 15 && $0 & 15 != 15 }
        guard isRegular, table[14] == 0, table[15] == 0 else { throw MeshoptBytes.broken }
    }

    private typealias Triangle = (UInt32, UInt32, UInt32)

    /// An edge of late, and a third vertex.
    private mutating func atEdge(_ code: UInt8) throws(ReadError) -> Triangle {
        let (a, b) = edges[code >> 4]
        let c = try opposite(code & 15)
        edges.push((c, b))
        edges.push((a, c))
        return (a, b, c)
    }

    private mutating func opposite(_ code: UInt8) throws(ReadError) -> UInt32 {
        let vertex: UInt32
        switch code {
        case 1..<13: return vertices[code]
        case 0: vertex = fresh()
        case 13:
            last &-= 1
            vertex = last
        case 14:
            last &+= 1
            vertex = last
        default: vertex = try told()
        }
        vertices.push(vertex)
        return vertex
    }

    /// Three vertices: how the second and the third are told is in the table, or in a byte of its own.
    private mutating func alone(_ code: UInt8) throws(ReadError) -> Triangle {
        let isInTable = code < 0xFE
        let pair = isInTable ? table[Int(code & 15)] : try input.byte()
        if !isInTable, pair == 0 { next = 0 }
        let a = code == 0xFF ? try told() : fresh()
        let b = try corner(pair >> 4)
        let c = try corner(pair & 15)
        vertices.push(a)
        if b.isNew { vertices.push(b.vertex) }
        if c.isNew { vertices.push(c.vertex) }
        edges.push((b.vertex, a))
        edges.push((c.vertex, b.vertex))
        edges.push((a, c.vertex))
        return (a, b.vertex, c.vertex)
    }

    private mutating func corner(_ code: UInt8) throws(ReadError) -> (vertex: UInt32, isNew: Bool) {
        switch code {
        case 0: (fresh(), true)
        case 15: (try told(), true)
        default: (vertices[code - 1], false)
        }
    }

    private mutating func fresh() -> UInt32 {
        defer { next &+= 1 }
        return next
    }

    private mutating func told() throws(ReadError) -> UInt32 {
        last &+= try input.number().unzigzagged
        return last
    }
}

/// The last sixteen of what was pushed; 0 is the newest.
private struct Recent<Item> {
    private var items: [Item]
    private var count = 0

    init(_ item: Item) { items = Array(repeating: item, count: 16) }

    subscript(age: UInt8) -> Item { items[(count - 1 - Int(age)) & 15] }

    mutating func push(_ item: Item) {
        items[count & 15] = item
        count += 1
    }
}
