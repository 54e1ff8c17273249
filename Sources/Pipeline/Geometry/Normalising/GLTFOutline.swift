/// Where the nodes and scenes of a glTF are in its text: all that is needed to put nodes above them, and leave every
/// other byte as it is.
struct GLTFOutline {
    struct Scene {
        let nodes: [Int]
        /// The text of `nodes`, with its brackets.
        let range: Range<Int>
    }

    private(set) var scenes: [Scene] = []
    private(set) var nodeCount = 0
    /// The place of the bracket that closes the list of nodes.
    private(set) var nodesEnd: Int?

    init(_ json: [UInt8], budget: ReadBudget) throws(ReadError) {
        var cursor = JSONCursor(json, budget: budget)
        try cursor.open("{")
        while let key = try cursor.nextKey() {
            switch key {
            case "nodes": try readNodes(&cursor)
            case "scenes": try readScenes(&cursor)
            default: try cursor.skip()
            }
        }
        try cursor.end()
    }

    private mutating func readNodes(_ cursor: inout JSONCursor) throws(ReadError) {
        nodeCount = 0
        try cursor.open("[")
        nodesEnd = cursor.position()
        while try cursor.nextElement() {
            nodeCount += 1
            try cursor.skip()
            nodesEnd = cursor.position()
        }
    }

    private mutating func readScenes(_ cursor: inout JSONCursor) throws(ReadError) {
        scenes = []
        try cursor.open("[")
        while try cursor.nextElement() {
            var nodes: Scene?
            try cursor.open("{")
            while let key = try cursor.nextKey() {
                if key == "nodes" { nodes = try Self.readScene(&cursor) } else { try cursor.skip() }
            }
            if let nodes { scenes.append(nodes) }
        }
    }

    private static func readScene(_ cursor: inout JSONCursor) throws(ReadError) -> Scene {
        var nodes: [Int] = []
        let start = cursor.position()
        try cursor.open("[")
        var end = cursor.position()
        while try cursor.nextElement() {
            nodes.append(try cursor.natural())
            end = cursor.position()
        }
        return Scene(nodes: nodes, range: start..<end + 1)
    }
}
