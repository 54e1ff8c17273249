/// The measured shape of a model, as it is kept in rows and shown to clients.
package struct Geometry: Codable, Hashable, Sendable {
    /// As the file stores them: an STL has three for every triangle, a glTF counts every instance of a mesh.
    package let vertices: Int
    /// Polygons count as the n − 2 triangles they make; degenerate ones count too.
    package let triangles: Int
    /// Sizes along x, y, z in the file's own unit and axes; zeros for a model without vertices. Always finite.
    package let extents: [Double]

    package init(vertices: Int, triangles: Int, extents: [Double]) {
        self.vertices = vertices
        self.triangles = triangles
        self.extents = extents
    }
}
