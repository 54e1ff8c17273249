import Persistence

/// Collada 1.4 and 1.5. Every instance of a geometry counts; extents are those of its positions where the scene puts
/// them. Skins and morphs are left at rest. Materials are those that instances name, textures the images.
///
/// Every channel of every joint is an `<animation>`, so that what is counted are clips, or 1 where there are none.
struct DAEReader {
    let xml: XMLCursor
    let budget: ReadBudget
    var scene = DAEScene()
    var geometries: [String: DAEMesh] = [:]
    /// Numbers in memory.
    var kept = 0
    /// Whether there are shapes, or ways to place them, that are not measured here.
    var hasOther = false
    private var images = 0
    private var animations = 0
    private var clips = 0

    static func measure(_ file: ModelFile, budget: ReadBudget) throws(ReadError) -> Geometry? {
        var reader = DAEReader(xml: XMLCursor(file, budget: budget), budget: budget)
        try reader.read()
        return reader.hasOther ? nil : try reader.geometry()
    }

    private init(xml: XMLCursor, budget: ReadBudget) {
        self.xml = xml
        self.budget = budget
    }

    private mutating func read() throws(ReadError) {
        try xml.root("COLLADA")
        try xml.children { child throws(ReadError) in
            switch child {
            case "library_geometries": try readGeometries()
            case "library_controllers": try readControllers()
            case "library_visual_scenes": try readScenes()
            case "library_nodes": try readNodes()
            case "library_images": images += try count("image")
            case "library_animations": animations += try count("animation")
            case "library_animation_clips": clips += try count("animation_clip")
            case "scene":
                try xml.children { child throws(ReadError) in
                    if child == "instance_visual_scene" { scene.chosen = reference() }
                }
            default: break
            }
        }
        try xml.finish()
    }

    private func count(_ name: String) throws(ReadError) -> Int {
        var count = 0
        try xml.children { child throws(ReadError) in
            if child == name { count += 1 }
        }
        return count
    }

    private mutating func readControllers() throws(ReadError) {
        try xml.children { child throws(ReadError) in
            guard child == "controller" else { return }
            let id = xml.attribute("id")?.string ?? ""
            try xml.children { child throws(ReadError) in
                if child == "skin" || child == "morph" { scene.skinned[id] = reference("source") }
            }
        }
    }

    private func geometry() throws(ReadError) -> Geometry {
        let instances = try scene.instances(budget: budget)
        var bounds = Bounds()
        var (vertices, triangles, meshes) = (0, 0, 0)
        for (id, transforms) in instances {
            guard let mesh = geometries[id] else {
                throw .invalid("The Collada scene uses a geometry that is not in the file.")
            }
            try budget.spend(mesh.points.count + mesh.triangles, times: transforms.count)
            try budget.checkTime()
            meshes += 1
            vertices += mesh.points.count * transforms.count
            triangles += mesh.triangles * transforms.count
            for transform in transforms {
                for point in mesh.points { bounds.add(transform(point)) }
            }
        }
        return Geometry(
            vertices: vertices, triangles: triangles, extents: try bounds.extents(), meshes: meshes,
            materials: scene.materials.count, textures: images, animations: clips > 0 ? clips : min(animations, 1))
    }
}
