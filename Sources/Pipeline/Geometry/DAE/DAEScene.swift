/// The scenes of a Collada document: nodes with what they draw, before any geometry is known.
///
/// Source: Khronos, COLLADA 1.4.1 and 1.5.0 specifications, chapter 5.
struct DAEScene {
    struct Node {
        var transform = Transform.identity
        var children: [Int] = []
        /// Identifiers of geometries and controllers.
        var drawn: [String] = []
        /// Identifiers of nodes that stand here too.
        var nodes: [String] = []
    }

    var nodes: [Node] = []
    var nodeOfID: [String: Int] = [:]
    /// Root nodes of each visual scene.
    var scenes: [(id: String, roots: [Int])] = []
    /// What `<scene>` names.
    var chosen: String?
    /// The skin or morph of a controller, and what it is put on.
    var skinned: [String: String] = [:]
    /// The targets of `<instance_material>`.
    var materials: Set<String> = []

    private static let deepest = 200

    /// Where each geometry stands, one transform for every time that it is drawn.
    func instances(budget: ReadBudget) throws(ReadError) -> [String: [Transform]] {
        let scene = scenes.first { $0.id == chosen } ?? scenes.first
        var open = (scene?.roots ?? []).map { (node: $0, parent: Transform.identity, depth: 1) }
        var instances: [String: [Transform]] = [:]
        while let (index, parent, depth) = open.popLast() {
            guard depth <= Self.deepest else { throw .invalid("The nodes of the Collada scene are nested too deeply.") }
            let node = nodes[index]
            // Before they are kept: nodes that hold each other multiply with every level.
            let placements = 1 + node.drawn.count + node.nodes.count + node.children.count
            try budget.spend(ReadBudget.placement, times: placements)
            let world = parent.after(node.transform)
            for id in node.drawn { instances[geometry(id), default: []].append(world) }
            for id in node.nodes {
                guard let target = nodeOfID[id] else {
                    throw .invalid("The Collada scene uses a node that does not exist.")
                }
                open.append((target, world, depth + 1))
            }
            open.append(contentsOf: node.children.map { ($0, world, depth + 1) })
        }
        return instances
    }

    /// Controllers may stand on each other; a circle ends somewhere.
    private func geometry(_ id: String) -> String {
        var id = id
        for _ in 0..<8 {
            guard let next = skinned[id] else { return id }
            id = next
        }
        return id
    }
}
