/// One model part of a 3MF package, read from front to back.
struct ThreeMFPart {
    let name: String
    let xml: XMLCursor

    /// Adds what the part holds to the model. What is built counts in the root part only.
    func read(into model: inout ThreeMFModel, isRoot: Bool) throws(ReadError) {
        try xml.root("model")
        try xml.children { child throws(ReadError) in
            switch child {
            case "resources": try readResources(into: &model)
            case "build" where isRoot: model.build = try placements("item", in: &model)
            default: break
            }
        }
        try xml.finish()
    }

    private func readResources(into model: inout ThreeMFModel) throws(ReadError) {
        try xml.children { child throws(ReadError) in
            switch child {
            case "object":
                guard let id = xml.attribute("id")?.natural else {
                    throw .invalid("An object of the 3MF has no number.")
                }
                model.objects[ThreeMFModel.Key(part: name, id: id)] = try readObject(in: &model)
            case "texture2d": model.textures += 1
            case "basematerials":
                try xml.children { child throws(ReadError) in
                    if child == "base" { model.materials += 1 }
                }
            default: break
            }
        }
    }

    private func readObject(in model: inout ThreeMFModel) throws(ReadError) -> ThreeMFModel.Object {
        var object = ThreeMFModel.Object()
        try xml.children { child throws(ReadError) in
            switch child {
            case "mesh": try readMesh(of: &object)
            case "components": object.components = try placements("component", in: &model)
            default: break
            }
        }
        return object
    }

    private func readMesh(of object: inout ThreeMFModel.Object) throws(ReadError) {
        try xml.children { child throws(ReadError) in
            switch child {
            case "vertices":
                try xml.children { child throws(ReadError) in
                    if child == "vertex" { object.vertices += 1 }
                }
            case "triangles":
                try xml.children { child throws(ReadError) in
                    if child == "triangle" { try readTriangle(of: &object) }
                }
            default: break
            }
        }
    }

    private func readTriangle(of object: inout ThreeMFModel.Object) throws(ReadError) {
        for corner in [xml.attribute("v1"), xml.attribute("v2"), xml.attribute("v3")] {
            guard let vertex = corner?.natural, vertex < object.vertices else {
                throw .invalid("Triangle \(object.triangles + 1) of a 3MF object uses a vertex that is not there.")
            }
        }
        object.triangles += 1
    }

    /// What stands somewhere: items of the build, or components of an object.
    private func placements(
        _ element: String, in model: inout ThreeMFModel
    ) throws(ReadError) -> [ThreeMFModel.Placement] {
        var placements: [ThreeMFModel.Placement] = []
        try xml.children { child throws(ReadError) in
            guard child == element else { return }
            guard let id = xml.attribute("objectid")?.natural else {
                throw .invalid("The 3MF places an object that it does not name.")
            }
            let key = ThreeMFModel.Key(part: xml.attribute("path")?.string ?? name, id: id)
            try model.note(part: key.part)
            placements.append(
                ThreeMFModel.Placement(object: key, transform: try Transform(threeMF: xml.attribute("transform"))))
        }
        return placements
    }

    /// Puts the vertices of the objects that are built into the bounds.
    func addBounds(
        of instances: [ThreeMFModel.Key: [Transform]], to bounds: inout Bounds, budget: ReadBudget
    ) throws(ReadError) {
        var transforms: [Transform] = []
        while true {
            switch try xml.next() {
            case .open where xml.name == "object":
                let id = xml.attribute("id")?.natural ?? -1
                transforms = instances[ThreeMFModel.Key(part: name, id: id)] ?? []
            case .open where xml.name == "vertex":
                guard let x = xml.attribute("x")?.number, let y = xml.attribute("y")?.number,
                    let z = xml.attribute("z")?.number
                else { throw .invalid("A vertex of the 3MF does not have three finite numbers.") }
                try budget.spend(transforms.count)
                for transform in transforms { bounds.add(transform(SIMD3(x, y, z))) }
            case .end: return
            default: break
            }
        }
    }
}
