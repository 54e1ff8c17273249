import Persistence

/// 3MF: what is built, in the unit of the file. Every instance of an object counts; extents are those of all vertices of
/// the objects. The parts are read twice, so that no vertex is kept.
enum ThreeMFReader {
    private static let relation = "http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"

    static func measure(_ file: ModelFile, budget: ReadBudget) throws(ReadError) -> Geometry {
        let parts = try PackageParts(file)
        var model = ThreeMFModel()
        try model.note(part: try rootName(in: parts, budget: budget))
        var next = 0
        while next < model.parts.count {
            try part(model.parts[next], of: parts, budget: budget).read(into: &model, isRoot: next == 0)
            next += 1
        }
        let instances = try model.instances(budget: budget)
        var bounds = Bounds()
        for name in model.parts {
            try part(name, of: parts, budget: budget).addBounds(of: instances, to: &bounds, budget: budget)
        }
        var (vertices, triangles) = (0, 0)
        for (key, transforms) in instances {
            vertices += (model.objects[key]?.vertices ?? 0) * transforms.count
            triangles += (model.objects[key]?.triangles ?? 0) * transforms.count
        }
        return Geometry(
            vertices: vertices, triangles: triangles, extents: try bounds.extents(), meshes: instances.count,
            materials: model.materials, textures: model.textures, animations: 0)
    }

    static func part(_ name: String, of parts: PackageParts, budget: ReadBudget) throws(ReadError) -> ThreeMFPart {
        guard let source = try parts.part(name) else { throw .invalid("The 3MF lacks one of its parts.") }
        return ThreeMFPart(name: name, xml: XMLCursor(source, budget: budget))
    }

    /// As the relationships of the package tell (Core Specification, 2.1), else where practically all files have it.
    static func rootName(in parts: PackageParts, budget: ReadBudget) throws(ReadError) -> String {
        guard let source = try parts.part("_rels/.rels") else { return "/3D/3dmodel.model" }
        let xml = XMLCursor(source, budget: budget)
        var target: String?
        try xml.root("Relationships")
        try xml.children { child throws(ReadError) in
            guard child == "Relationship", xml.attribute("Type")?.string == relation else { return }
            target = xml.attribute("Target")?.string
        }
        return target ?? "/3D/3dmodel.model"
    }
}
