extension GLTFDocument {
    /// Deeper than any scene that was made to be looked at, and no deeper than what readers that recurse survive.
    private static let deepestNode = 1000

    /// Checks that the nodes are strict trees (glTF 2.0, section 3.5.2): a node with two parents can be drawn twice as
    /// often with every generation, and one in a circle for ever. Their indices are known to be in range.
    func checkForest() throws(ImpossibleFile) {
        var hasParent = [Bool](repeating: false, count: nodes.count)
        for child in nodes.lazy.flatMap(\.children) {
            guard !hasParent[child] else { throw .tangled("share a child, number \(child)") }
            hasParent[child] = true
        }
        var generation = nodes.indices.filter { !hasParent[$0] }
        var (met, depth) = (generation.count, 1)
        while !generation.isEmpty {
            guard depth <= Self.deepestNode else { throw .tangled("are nested more than \(Self.deepestNode) deep") }
            generation = generation.flatMap { nodes[$0].children }
            met += generation.count
            depth += 1
        }
        guard met == nodes.count else { throw .tangled("go in a circle") }
    }
}
