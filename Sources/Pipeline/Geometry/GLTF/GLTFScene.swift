extension GLTFDocument {
    /// Where each mesh of the scene stands: one transform for every node that draws it.
    ///
    /// The scene is the default one, else the root nodes of all scenes, else the nodes that are nobody's child. `nil` when
    /// a node is drawn in a way we cannot follow. Skins are not applied: their meshes count as they are stored.
    func instances() throws(ReadError) -> [Int: [Transform]]? {
        var instances: [Int: [Transform]] = [:]
        var isVisited = [Bool](repeating: false, count: nodes.count)
        var open = try roots().map { (node: $0, parent: Transform.identity, depth: 1) }
        while let (index, parent, depth) = open.popLast() {
            guard nodes.indices.contains(index) else {
                throw .invalid("The glTF uses node \(index), which does not exist.")
            }
            guard !isVisited[index] else {
                throw .invalid("Node \(index) of the glTF is in a circle or has two parents.")
            }
            guard depth <= Self.deepest else { throw .invalid("The nodes of the glTF are nested too deeply.") }
            isVisited[index] = true
            let node = nodes[index]
            if node.isInstanced { return nil }
            let world = node.transform.map(parent.after) ?? parent
            if let mesh = node.mesh { instances[mesh, default: []].append(world) }
            open.append(contentsOf: node.children.map { ($0, world, depth + 1) })
        }
        guard instances.keys.allSatisfy(meshes.indices.contains) else {
            throw .invalid("A node of the glTF uses a mesh that does not exist.")
        }
        return instances
    }

    private static let deepest = 200

    private func roots() throws(ReadError) -> [Int] {
        if let scene {
            guard scenes.indices.contains(scene) else {
                throw .invalid("The default scene of the glTF does not exist.")
            }
            return scenes[scene]
        }
        if !scenes.isEmpty { return Set(scenes.joined()).sorted() }
        let orphans = orphans
        guard !orphans.isEmpty || nodes.isEmpty else { throw .invalid("The nodes of the glTF go in a circle.") }
        return orphans
    }
}
