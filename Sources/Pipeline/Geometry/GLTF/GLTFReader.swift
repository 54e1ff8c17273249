import Persistence

/// glTF 2.0 and GLB. Every instance of a mesh counts for vertices and triangles, and extents are those of the world
/// positions that are drawn. Meshes and materials are those in use; textures are the images of the file.
///
/// Points and lines count as vertices and for the extents. Morph targets and skins are left at rest.
enum GLTFReader {
    static func measure(_ file: ModelFile, binary: Bool, budget: ReadBudget) throws(ReadError) -> Geometry? {
        guard let model = try GLTFModel(file, binary: binary, budget: budget),
            let instances = try model.document.instances()
        else { return nil }
        var tally = GLTFTally(model: model, budget: budget)
        for (mesh, transforms) in instances {
            for primitive in model.document.meshes[mesh] {
                guard try tally.add(primitive, at: transforms) else { return nil }
            }
        }
        let drawn = instances.keys.map { model.document.meshes[$0] }
        return Geometry(
            vertices: tally.vertices, triangles: tally.triangles, extents: try tally.bounds.extents(),
            meshes: drawn.count, materials: Set(drawn.joined().compactMap(\.material)).count,
            textures: model.document.images, animations: model.document.animations)
    }
}

/// What the primitives of a scene amount to.
private struct GLTFTally {
    let model: GLTFModel
    let budget: ReadBudget
    var vertices = 0
    var triangles = 0
    var bounds = Bounds()

    /// False when the primitive cannot be measured. One without positions is not drawn.
    mutating func add(_ primitive: GLTFDocument.Primitive, at transforms: [Transform]) throws(ReadError) -> Bool {
        guard let index = primitive.positions else { return true }
        let positions = try accessor(index)
        guard positions.elements.width == 3, positions.elements.component != .uint32 else {
            throw .invalid("The positions of a glTF mesh have an impossible type.")
        }
        if primitive.isCompressed, positions.elements.view == nil { return false }
        try budget.checkTime()
        try budget.spend(positions.elements.count, times: transforms.count)
        var corners = positions.elements.count
        var used: VertexMarks?
        if let index = primitive.indices {
            let indices = try accessor(index)
            guard let marks = try marks(indices, vertices: positions.elements.count) else { return false }
            used = marks.count < positions.elements.count ? marks : nil
            corners = indices.elements.count
        }
        triangles += try Self.triangles(corners, mode: primitive.mode) * transforms.count
        vertices += positions.elements.count * transforms.count
        return try addBounds(positions, used: used, at: transforms)
    }

    private func accessor(_ index: Int) throws(ReadError) -> GLTFDocument.Accessor {
        guard model.document.accessors.indices.contains(index) else {
            throw .invalid("A mesh of the glTF uses accessor \(index), which does not exist.")
        }
        return model.document.accessors[index]
    }

    private static func triangles(_ corners: Int, mode: Int) throws(ReadError) -> Int {
        switch mode {
        case 0...3: return 0
        case 4: return corners / 3
        case 5, 6: return max(0, corners - 2)
        default: throw .invalid("A mesh of the glTF has the unknown mode \(mode).")
        }
    }

    /// The vertices that the indices use; `nil` when they cannot be read.
    private func marks(_ indices: GLTFDocument.Accessor, vertices: Int) throws(ReadError) -> VertexMarks? {
        guard indices.elements.width == 1 else { throw .invalid("Indices of the glTF are not scalars.") }
        try budget.spend(indices.elements.count)
        guard var stream = try AccessorStream(indices.elements, sparse: indices.sparse, in: model, budget: budget)
        else { return nil }
        var marks = VertexMarks()
        while let count = try stream.next() {
            let stride = stream.stride
            try stream.block.withBytes { block throws(ReadError) in
                for element in 0..<count {
                    let vertex = try block.index(at: element * stride, indices.elements.component)
                    guard vertex < vertices else {
                        throw .invalid("A mesh of the glTF uses vertex \(vertex) of \(vertices), counted from 0.")
                    }
                    marks.mark(vertex)
                }
            }
        }
        return marks
    }

    private mutating func addBounds(
        _ accessor: GLTFDocument.Accessor, used: VertexMarks?, at transforms: [Transform]
    ) throws(ReadError) -> Bool {
        let elements = accessor.elements
        guard var stream = try AccessorStream(elements, sparse: accessor.sparse, in: model, budget: budget) else {
            return false
        }
        var points: [SIMD3<Double>] = []
        var first = 0
        while let count = try stream.next() {
            points.removeAll(keepingCapacity: true)
            stream.block.withUnsafeBytes { block in
                for element in 0..<count where used?.contains(first + element) ?? true {
                    points.append(
                        block.position(
                            at: element * stream.stride, elements.component, isNormalized: elements.isNormalized))
                }
            }
            first += count
            for transform in transforms {
                for point in points { bounds.add(transform(point)) }
            }
        }
        return true
    }
}
