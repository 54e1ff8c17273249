import Persistence

/// PLY: text and both binary encodings, meshes and point clouds. Extents are those of all vertices.
///
/// Faces are lists named `vertex_indices` or `vertex_index`; the element `tristrips` restarts a strip at a negative index.
/// Source: Greg Turk, "The PLY Polygon File Format" (1994).
enum PLYReader {
    static func measure(_ file: ModelFile, budget: ReadBudget) throws(ReadError) -> Geometry {
        try survey(file, budget: budget).geometry()
    }

    /// Measures the file and notes where its vertices are.
    static func survey(_ file: ModelFile, budget: ReadBudget) throws(ReadError) -> PLYSurvey {
        var lines = ModelLines(file, budget: budget)
        let header = try PLYHeader.read(&lines, size: file.size)
        var survey = PLYSurvey(header)
        if header.encoding == .ascii {
            try survey.readText(&lines, budget: budget)
        } else {
            var bytes = ModelBytes(file, from: header.end, budget: budget)
            try survey.readBinary(&bytes, budget: budget)
        }
        return survey
    }
}

/// What a PLY holds as far as it is read.
struct PLYSurvey {
    let header: PLYHeader
    /// Where the rows of the vertices begin, in a binary file.
    var vertexOffset: Int?
    var bounds = Bounds()
    private(set) var triangles = 0
    private let vertices: Int
    /// Corners since the polygon or strip began.
    private var corners = 0

    init(_ header: PLYHeader) {
        self.header = header
        vertices = header.elements.first { $0.name == "vertex" }?.count ?? 0
    }

    func geometry() throws(ReadError) -> Geometry {
        Geometry(
            vertices: vertices, triangles: triangles, extents: try bounds.extents(), meshes: 1, materials: 0,
            animations: 0)
    }

    /// The column whose list makes triangles, in the elements that have one.
    func indexColumn(of element: PLYHeader.Element) -> Int? {
        guard element.name == "face" || element.name == "tristrips" else { return nil }
        let column = element.columns["vertex_indices"] ?? element.columns["vertex_index"]
        return column.flatMap { element.fields[$0].length == nil ? nil : $0 }
    }

    /// One corner of a face; of a strip, when `isStrip`.
    @inline(__always)
    mutating func addCorner(_ index: Int, isStrip: Bool) throws(ReadError) {
        if isStrip, index < 0 { return endFace() }
        guard index >= 0, index < vertices else {
            throw .invalid("A face uses vertex \(index) of \(vertices), counted from 0.")
        }
        corners += 1
    }

    @inline(__always)
    mutating func endFace() {
        triangles += max(0, corners - 2)
        corners = 0
    }
}
