/// The facts of a model or drawing that were measured, as they are kept in rows and shown to clients; `nil` is unknown.
package struct Geometry: Codable, Hashable, Sendable {
    /// As the file stores them: an STL has three for every triangle, a glTF counts every instance of a mesh.
    package var vertices: Int?
    /// Polygons count as the n − 2 triangles they make; degenerate ones count too.
    package var triangles: Int?
    /// Sizes along x, y, z (for drawings x, y) in the file's own unit and axes; zeros for a model without vertices.
    /// Always finite.
    package var extents: [Double]?
    /// What a number means, in metres.
    package var unit: Double?
    /// The axis that points up: `y` or `z`.
    package var up: String?
    /// Meshes, solids or objects, each counted once however often it is placed.
    package var meshes: Int?
    package var materials: Int?
    /// Pictures that materials use.
    package var textures: Int?
    package var animations: Int?
    /// What a drawing shows: lines, arcs, texts and their like, those of blocks and groups included.
    package var entities: Int?
    package var pages: Int?
    /// Width and height of a picture.
    package var pixels: [Int]?

    package init(
        vertices: Int? = nil, triangles: Int? = nil, extents: [Double]? = nil, unit: Double? = nil,
        up: String? = nil, meshes: Int? = nil, materials: Int? = nil, textures: Int? = nil, animations: Int? = nil,
        entities: Int? = nil, pages: Int? = nil, pixels: [Int]? = nil
    ) {
        self.vertices = vertices
        self.triangles = triangles
        self.extents = extents
        self.unit = unit
        self.up = up
        self.meshes = meshes
        self.materials = materials
        self.textures = textures
        self.animations = animations
        self.entities = entities
        self.pages = pages
        self.pixels = pixels
    }
}

extension Geometry {
    /// Whether nothing was measured.
    package var isUnknown: Bool {
        vertices == nil && triangles == nil && entities == nil && pages == nil && pixels == nil && extents == nil
    }

    /// Whether it is known that there is nothing to see: no triangles and no entities, or no pages. A cloud of points
    /// counts as nothing.
    package var isEmpty: Bool {
        let shown = [triangles, entities].compactMap(\.self)
        return shown.isEmpty ? pages == 0 : shown.allSatisfy { $0 == 0 }
    }
}
