extension GLTFDocument {
    /// The lists of a glTF's root whose items are used by their index.
    enum Collection: Int, CaseIterable {
        case accessors, bufferViews, cameras, images, materials, meshes, nodes, samplers, skins, textures

        /// In a sentence.
        var label: String { self == .bufferViews ? "buffer views" : "\(self)" }
    }

    /// The highest index by which each list is used.
    struct Uses {
        private var highest = [Int](repeating: -1, count: Collection.allCases.count)

        mutating func note(_ index: Int, of collection: Collection) {
            highest[collection.rawValue] = max(highest[collection.rawValue], index)
        }

        /// -1 where it is not used at all.
        func highest(of collection: Collection) -> Int { highest[collection.rawValue] }
    }

    func count(of collection: Collection) -> Int {
        switch collection {
        case .accessors: accessors.count
        case .bufferViews: views.count
        case .images: images
        case .meshes: meshes.count
        case .nodes: nodes.count
        case .cameras, .materials, .samplers, .skins, .textures: others[collection] ?? 0
        }
    }
}

/// The lists of which only the length counts, and the indices in them.
extension GLTFDocumentReader {
    mutating func image() throws(ReadError) {
        try indices(["bufferView": .bufferViews])
    }

    mutating func texture() throws(ReadError) {
        try indices(["source": .images, "sampler": .samplers])
    }

    mutating func skin() throws(ReadError) {
        try indices(["joints": .nodes, "skeleton": .nodes, "inverseBindMatrices": .accessors])
    }

    mutating func animation() throws(ReadError) {
        try members { reader, key throws(ReadError) in
            switch key {
            case "samplers":
                try reader.each { reader throws(ReadError) in
                    try reader.indices(["input": .accessors, "output": .accessors])
                }
            case "channels": try reader.each { reader throws(ReadError) in try reader.channel() }
            default: try reader.json.skip()
            }
        }
    }

    private mutating func channel() throws(ReadError) {
        try members { reader, key throws(ReadError) in
            if key == "target" { try reader.indices(["node": .nodes]) } else { try reader.json.skip() }
        }
    }

    /// The members of an object that are indices, or lists of them.
    private mutating func indices(_ known: [String: GLTFDocument.Collection]) throws(ReadError) {
        try members { reader, key throws(ReadError) in
            guard let collection = known[key] else { return try reader.json.skip() }
            if reader.json.peek() == UInt8(ascii: "[") {
                _ = try reader.indices(of: collection)
            } else {
                _ = try reader.index(of: collection)
            }
        }
    }

    /// The items of an array, of which nothing is kept.
    mutating func each(_ item: (inout Self) throws(ReadError) -> Void) throws(ReadError) {
        _ = try list(item)
    }
}
