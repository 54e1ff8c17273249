import Glibc

extension DAEReader {
    /// The children of `<library_visual_scenes>`.
    mutating func readScenes() throws(ReadError) {
        try xml.children { child throws(ReadError) in
            guard child == "visual_scene" else { return }
            let id = xml.attribute("id")?.string ?? ""
            scene.scenes.append((id, []))
            let index = scene.scenes.count - 1
            try xml.children { child throws(ReadError) in
                guard child == "node" else { return }
                let root = try readNode()
                scene.scenes[index].roots.append(root)
            }
        }
    }

    /// The children of `<library_nodes>`, which are drawn only where an `<instance_node>` says so.
    mutating func readNodes() throws(ReadError) {
        try xml.children { child throws(ReadError) in
            if child == "node" { _ = try readNode() }
        }
    }

    /// The depth of the recursion is that of the XML.
    private mutating func readNode() throws(ReadError) -> Int {
        let index = scene.nodes.count
        scene.nodes.append(DAEScene.Node())
        if let id = xml.attribute("id")?.string { scene.nodeOfID[id] = index }
        var transform = Transform.identity
        try xml.children { child throws(ReadError) in
            switch child {
            case "matrix", "translate", "rotate", "scale": transform = transform.after(try step(child))
            case "lookat", "skew": hasOther = true
            case "node":
                let child = try readNode()
                scene.nodes[index].children.append(child)
            case "instance_node": scene.nodes[index].nodes.append(reference())
            case "instance_geometry", "instance_controller":
                scene.nodes[index].drawn.append(reference())
                try readMaterials()
            default: break
            }
        }
        scene.nodes[index].transform = transform
        return index
    }

    private mutating func readMaterials() throws(ReadError) {
        let level = xml.depth
        while xml.depth >= level {
            guard try xml.next() == .open, xml.name == "instance_material" else { continue }
            if let target = xml.attribute("target") { scene.materials.insert(target.string) }
        }
    }

    /// The identifier in `url="#id"`.
    func reference(_ name: StaticString = "url") -> String {
        let url = xml.attribute(name)?.string ?? ""
        return url.hasPrefix("#") ? String(url.dropFirst()) : url
    }

    /// One of the transformations of a node, which apply in their order.
    private func step(_ name: String) throws(ReadError) -> Transform {
        let count = ["matrix": 16, "rotate": 4][name] ?? 3
        let n = try xml.numbers(atMost: count)
        guard n.count == count else { throw .invalid("A <\(name)> of the Collada scene lacks numbers.") }
        switch name {
        case "matrix":
            return Transform(columns: (0..<4).flatMap { column in (0..<4).map { n[column + 4 * $0] } })
        case "translate": return Transform(Transform.Parts(translation: n))
        case "scale": return Transform(Transform.Parts(scale: n))
        default: return Transform(turnedBy: n[3], around: SIMD3(n[0], n[1], n[2]))
        }
    }
}

extension Transform {
    /// - Parameter degrees: counter-clockwise, seen against the axis.
    fileprivate init(turnedBy degrees: Double, around axis: SIMD3<Double>) {
        let length = (axis * axis).sum().squareRoot()
        let half = degrees * .pi / 360
        let unit = length > 0 ? axis / length * sin(half) : .zero
        self.init(Parts(rotation: [unit.x, unit.y, unit.z, cos(half)]))
    }
}
