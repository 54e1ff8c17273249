import Persistence

/// OFF as text: vertices in space with or without normals, colours and texture coordinates, then faces. Extents are those
/// of all vertices. Binary files and points of four or more dimensions are not measured.
///
/// Source: Geomview manual, "OFF Files".
enum OFFReader {
    static func measure(_ file: ModelFile, budget: ReadBudget) throws(ReadError) -> Geometry? {
        var lines = ModelLines(file, budget: budget)
        guard let header = try OFFHeader.read(&lines, size: file.size) else { return nil }
        var bounds = Bounds()
        for vertex in 0..<header.vertices {
            try budget.spend(1)
            guard var cursor = try lines.nextOFFRow() else { throw .cutOff }
            guard let point = cursor.point() else {
                throw .invalid("Vertex \(vertex + 1) of the OFF does not have three finite numbers.")
            }
            bounds.add(point)
        }
        var triangles = 0
        for _ in 0..<header.faces {
            guard var cursor = try lines.nextOFFRow() else { throw .cutOff }
            triangles += try face(&cursor, header, budget: budget)
        }
        return Geometry(
            vertices: header.vertices, triangles: triangles, extents: try bounds.extents(), meshes: 1, materials: 0,
            textures: 0, animations: 0)
    }

    /// A number of corners and as many vertices; colours may follow.
    private static func face(
        _ cursor: inout TextCursor, _ header: OFFHeader, budget: ReadBudget
    ) throws(ReadError) -> Int {
        guard let corners = cursor.integer(), corners >= 0 else {
            throw .invalid("A face of the OFF has no number of corners.")
        }
        try budget.spend(corners)
        for _ in 0..<corners {
            guard let vertex = cursor.integer(), vertex >= 0, vertex < header.vertices else {
                throw .invalid("A face of the OFF uses a vertex that is not one of the \(header.vertices).")
            }
        }
        return max(0, corners - 2)
    }
}

/// What an OFF says of itself before its data.
struct OFFHeader {
    let vertices: Int
    let faces: Int
    /// Whether a normal follows each point.
    let hasNormals: Bool

    /// `nil` for files that are not measured.
    static func read(_ lines: inout ModelLines, size: Int) throws(ReadError) -> OFFHeader? {
        guard var cursor = try lines.nextOFFRow() else { throw .cutOff }
        let keyword = cursor.text()
        guard keyword.hasSuffix("OFF") else { throw .invalid("This is not an OFF file.") }
        guard !keyword.contains("4"), !keyword.contains("n") else { return nil }
        if cursor.isAtEnd() || cursor.byte == UInt8(ascii: "#") {
            guard let counts = try lines.nextOFFRow() else { throw .cutOff }
            cursor = counts
        }
        if cursor.byte == UInt8(ascii: "B") { return nil }
        guard let vertices = cursor.integer(), let faces = cursor.integer(), vertices >= 0, faces >= 0 else {
            throw .invalid("The OFF does not tell its numbers of vertices and faces.")
        }
        // Three digits and blanks for a vertex, one and its end for a face.
        guard vertices <= size / 6 + 1, faces <= size / 2 + 1 else {
            throw .invalid("The file is too short for \(vertices) vertices and \(faces) faces.")
        }
        return OFFHeader(vertices: vertices, faces: faces, hasNormals: keyword.contains("N"))
    }
}

extension ModelLines {
    /// The next line that is neither blank nor a comment.
    mutating func nextOFFRow() throws(ReadError) -> TextCursor? {
        while let row = try nextRow() {
            if row.byte != UInt8(ascii: "#") { return row }
        }
        return nil
    }
}
