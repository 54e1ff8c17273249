/// The model of a drawing and the blocks that it is made of.
struct DXFDrawing {
    struct Block {
        var base = SIMD3<Double>.zero
        var group = DXFGroup()
    }

    var model = DXFGroup()
    var paper = DXFGroup()
    /// By name, in lower case: names of blocks do not know case.
    var blocks: [String: Block] = [:]

    /// What a group amounts to, with all its blocks.
    struct Sum {
        var entities = 0
        var triangles = 0
        var vertices = 0
        var hasShapes = false
        var bounds = Bounds()
    }

    private static let deepest = 64

    /// Of a turned block the box of its box counts.
    func sum(of group: DXFGroup) throws(ReadError) -> Sum {
        var known: [String: Sum] = [:]
        return try sum(of: group, known: &known, depth: 0)
    }

    private func sum(
        of group: DXFGroup, known: inout [String: Sum], depth: Int
    ) throws(ReadError) -> Sum {
        guard depth < Self.deepest else { throw .invalid("A block of the drawing holds itself, or too many others.") }
        var sum = Sum(
            entities: group.entities, triangles: group.triangles, vertices: group.vertices, hasShapes: group.hasShapes,
            bounds: group.bounds)
        for insert in group.inserts {
            guard let block = blocks[insert.block] else {
                throw .invalid("The drawing uses a block that it does not have.")
            }
            if known[insert.block] == nil {
                known[insert.block] = try self.sum(of: block.group, known: &known, depth: depth + 1)
            }
            try sum.add(known[insert.block] ?? Sum(), insert, base: block.base)
        }
        return sum
    }
}

extension DXFDrawing.Sum {
    fileprivate mutating func add(
        _ part: DXFDrawing.Sum, _ insert: DXFGroup.Insert, base: SIMD3<Double>
    ) throws(ReadError) {
        entities = try Self.sum(entities, part.entities, times: insert.copies)
        triangles = try Self.sum(triangles, part.triangles, times: insert.copies)
        vertices = try Self.sum(vertices, part.vertices, times: insert.copies)
        hasShapes = hasShapes || part.hasShapes
        for corner in part.bounds.corners {
            for transform in insert.transforms { bounds.add(transform(corner - base)) }
        }
    }

    /// Blocks of blocks of blocks may tell of more than there are numbers.
    private static func sum(_ count: Int, _ more: Int, times copies: Int) throws(ReadError) -> Int {
        let (product, isTooLarge) = more.multipliedReportingOverflow(by: copies)
        guard !isTooLarge, product < 1 << 53, count < 1 << 53 else {
            throw .tooLarge("The drawing repeats its blocks too often.")
        }
        return count + product
    }
}
