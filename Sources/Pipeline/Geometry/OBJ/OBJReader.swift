import Persistence

/// Wavefront OBJ. Vertices are the `v` lines; extents are those of the vertices that faces use, or of all when there
/// are no faces. Materials are the names in use. Free-form surfaces (`curv`, `surf`) cannot be measured.
///
/// Positions are not kept. When some vertices turn out to be unused, the `v` lines are read a second time.
enum OBJReader {
    static func measure(_ file: ModelFile, budget: ReadBudget) throws(ReadError) -> Geometry? {
        var scan = OBJScan(limit: file.size / shortestVertex + 1)
        var lines = ModelLines(file, joiningLines: true, budget: budget)
        while let line = try lines.next() { try scan.read(line, budget: budget) }
        guard scan.highest < scan.vertices else {
            throw .invalid("A face uses vertex \(scan.highest + 1) of \(scan.vertices).")
        }
        if scan.hasSurfaces { return nil }
        let isPartlyUsed = scan.triangles > 0 && scan.marks.count < scan.vertices
        let bounds = isPartlyUsed ? try bounds(of: scan.marks, in: file, budget: budget) : scan.bounds
        return Geometry(
            vertices: scan.vertices, triangles: scan.triangles, extents: try bounds.extents(),
            materials: scan.materials.count, animations: 0)
    }

    /// `v 0 0 0` and its line end.
    private static let shortestVertex = 8

    private static func bounds(
        of marks: VertexMarks, in file: ModelFile, budget: ReadBudget
    ) throws(ReadError) -> Bounds {
        var bounds = Bounds()
        var vertex = 0
        var lines = ModelLines(file, joiningLines: true, budget: budget)
        while let line = try lines.next() {
            var cursor = TextCursor(line)
            guard cursor.objWord() == .vertex else { continue }
            if marks.contains(vertex), let point = cursor.point() { bounds.add(point) }
            vertex += 1
        }
        return bounds
    }
}

/// What an OBJ holds as far as it is read.
private struct OBJScan {
    /// More vertices than this cannot be in the file: it bounds the memory of `marks`.
    let limit: Int
    var vertices = 0
    var triangles = 0
    var highest = -1
    var hasSurfaces = false
    var bounds = Bounds()
    var marks = VertexMarks()
    /// Hashes of the names that `usemtl` uses.
    var materials: Set<Int> = []

    init(limit: Int) { self.limit = limit }

    mutating func read(_ line: UnsafeRawBufferPointer, budget: ReadBudget) throws(ReadError) {
        var cursor = TextCursor(line)
        switch cursor.objWord() {
        case .vertex:
            try budget.spend(1)
            guard let point = cursor.point() else {
                throw .invalid("Vertex \(vertices + 1) does not have three finite numbers.")
            }
            vertices += 1
            bounds.add(point)
        case .face: try addFace(&cursor, budget: budget)
        case .surface: hasSurfaces = true
        case .material: materials.insert(cursor.hashOfRest())
        case .normal, .other: break
        case .none: throw .invalid("This is not the text of an OBJ file.")
        }
    }

    /// A corner is `v`, `v/t`, `v//n` or `v/t/n`; only `v` is looked at, the rest does not change the shape.
    private mutating func addFace(_ cursor: inout TextCursor, budget: ReadBudget) throws(ReadError) {
        var corners = 0
        while !cursor.isAtEnd(), cursor.byte != UInt8(ascii: "#") {
            guard let index = cursor.integer(), index != 0, cursor.skipAttributes() else {
                throw .invalid("A face has a corner that is not a vertex number.")
            }
            let vertex = index > 0 ? index - 1 : vertices + index
            guard vertex >= 0, vertex < limit else {
                throw .invalid("A face uses vertex \(index), which the file does not have.")
            }
            marks.mark(vertex)
            highest = max(highest, vertex)
            corners += 1
        }
        try budget.spend(corners)
        triangles += max(0, corners - 2)
    }
}
