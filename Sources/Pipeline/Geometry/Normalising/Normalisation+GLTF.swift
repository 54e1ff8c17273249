extension Normalisation {
    /// Puts a node named "kiln" with the transform above the root nodes. The JSON is changed in two or three places and
    /// is otherwise kept byte for byte, unknown extensions and long numbers included; so are the chunks behind it.
    ///
    /// Joints of skins are among the nodes below it, so skinned meshes follow.
    func rewriteGLTF(
        _ file: ModelFile, binary: Bool, into rewrite: Rewrite, budget: ReadBudget
    ) throws(ReadError) {
        guard let model = try GLTFModel(file, binary: binary, budget: budget) else {
            throw .invalid("This version of glTF cannot be changed.")
        }
        guard binary, let container = try GLBContainer.read(file, budget: budget) else {
            let parts = try changed(0..<file.size, of: file, orphans: model.document.orphans, budget: budget)
            for part in parts { try rewrite.write(part, of: file, budget: budget) }
            return
        }
        let parts = try changed(container.json, of: file, orphans: model.document.orphans, budget: budget)
        let length = parts.reduce(0) { $0 + $1.count }
        let padding = (4 - length % 4) % 4
        let total = file.size - container.json.count + length + padding
        guard total <= UInt32.max else { throw .tooLarge("The GLB would have more than 4 GiB.") }
        let head = [GLBContainer.magic, 2, UInt32(total), UInt32(length + padding), GLBContainer.jsonType]
        try rewrite.write(head)
        for part in parts { try rewrite.write(part, of: file, budget: budget) }
        try rewrite.write(repeatElement(UInt8(ascii: " "), count: padding))
        try rewrite.copy(container.json.upperBound..<file.size, of: file, budget: budget)
    }

    /// The new JSON as pieces of the old one and texts between them.
    private func changed(
        _ json: Range<Int>, of file: ModelFile, orphans: [Int], budget: ReadBudget
    ) throws(ReadError) -> [RewritePart] {
        let outline = try GLTFOutline(try GLTFModel.json(json, of: file), budget: budget)
        var parts: [RewritePart] = []
        var done = 0
        let edits = try edits(outline, orphans: orphans).sorted { $0.range.lowerBound < $1.range.lowerBound }
        for (range, text) in edits {
            guard range.lowerBound >= done else { throw JSONCursor.broken }
            parts.append(.old(json.lowerBound + done..<json.lowerBound + range.lowerBound))
            parts.append(.new(text))
            done = range.upperBound
        }
        parts.append(.old(json.lowerBound + done..<json.upperBound))
        return parts
    }

    /// Roots that stand in the same scenes get one node together, so that every node keeps a single parent.
    private func edits(
        _ outline: GLTFOutline, orphans: [Int]
    ) throws(ReadError) -> [(range: Range<Int>, text: String)] {
        var scenesOfRoot: [Int: [Int]] = [:]
        for (index, scene) in outline.scenes.enumerated() {
            for root in Set(scene.nodes) { scenesOfRoot[root, default: []].append(index) }
        }
        guard scenesOfRoot.keys.allSatisfy({ $0 < outline.nodeCount }) else {
            throw .invalid("A scene of the glTF uses a node that does not exist.")
        }
        if outline.scenes.isEmpty { for root in orphans { scenesOfRoot[root] = [] } }
        let groups = Dictionary(grouping: scenesOfRoot.keys.sorted()) { scenesOfRoot[$0] ?? [] }
            .sorted { ($0.value.first ?? 0) < ($1.value.first ?? 0) }
        guard let end = outline.nodesEnd, !groups.isEmpty else { return [] }
        var edits = [(range: end..<end, text: groups.map { "," + node(above: $0.value) }.joined())]
        for (index, scene) in outline.scenes.enumerated() where !scene.nodes.isEmpty {
            let parents = groups.indices.filter { groups[$0].key.contains(index) }.map { outline.nodeCount + $0 }
            edits.append((scene.range, "[" + parents.map(String.init).joined(separator: ",") + "]"))
        }
        return edits
    }

    private func node(above roots: [Int]) -> String {
        let axes: [SIMD3<Double>] = [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
        var numbers: [Double] = []
        for image in axes.map(point) { numbers += [image.x, image.y, image.z, 0] }
        let matrix = (numbers + [0, 0, 0, 1]).map { $0 == 0 ? "0" : $0.description }.joined(separator: ",")
        let children = roots.map(String.init).joined(separator: ",")
        return "{\"name\":\"kiln\",\"matrix\":[\(matrix)],\"children\":[\(children)]}"
    }
}

/// A piece of a new file.
private enum RewritePart {
    case old(Range<Int>)
    case new(String)

    var count: Int {
        switch self {
        case .old(let range): range.count
        case .new(let text): text.utf8.count
        }
    }
}

extension Rewrite {
    fileprivate func write(_ part: RewritePart, of file: ModelFile, budget: ReadBudget) throws(ReadError) {
        switch part {
        case .old(let range): try copy(range, of: file, budget: budget)
        case .new(let text): try write(text.utf8)
        }
    }

    /// Little-endian 32-bit numbers.
    fileprivate func write(_ words: [UInt32]) throws(ReadError) {
        for word in words {
            try write((0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) })
        }
    }
}
