extension GLTFDocument {
    /// - Parameter recordsAtMost: objects and list items that are read; more are too large.
    init(_ json: [UInt8], budget: ReadBudget, recordsAtMost: Int = 2_000_000) throws(ReadError) {
        var reader = GLTFDocumentReader(JSONCursor(json, budget: budget), recordsAtMost: recordsAtMost)
        try reader.read()
        self = reader.document
    }
}

/// Reads the document member by member. What it does not know it steps over.
struct GLTFDocumentReader {
    var json: JSONCursor
    private(set) var document = GLTFDocument()
    /// Objects and list items read so far: three bytes of JSON can become a record of over a hundred.
    private var records = 0
    private let recordsAtMost: Int

    init(_ json: JSONCursor, recordsAtMost: Int) {
        self.json = json
        self.recordsAtMost = recordsAtMost
    }

    mutating func read() throws(ReadError) {
        var hasAsset = false
        try json.open("{")
        while let key = try json.nextKey() {
            switch key {
            case "asset":
                hasAsset = true
                try readAsset()
            case "scene": try readDefaultScene()
            case "scenes": document.scenes = try list { reader throws(ReadError) in try reader.scene() }
            case "nodes": document.nodes = try list { reader throws(ReadError) in try reader.node() }
            case "meshes": document.meshes = try list { reader throws(ReadError) in try reader.mesh() }
            case "accessors": document.accessors = try list { reader throws(ReadError) in try reader.accessor() }
            case "bufferViews": document.views = try list { reader throws(ReadError) in try reader.view() }
            case "buffers": document.buffers = try list { reader throws(ReadError) in try reader.buffer() }
            case "images": document.images = try count { reader throws(ReadError) in try reader.image() }
            case "animations": document.animations = try count { reader throws(ReadError) in try reader.animation() }
            case "textures":
                document.others[.textures] = try count { reader throws(ReadError) in try reader.texture() }
            case "skins": document.others[.skins] = try count { reader throws(ReadError) in try reader.skin() }
            case "materials": document.others[.materials] = try count()
            case "cameras": document.others[.cameras] = try count()
            case "samplers": document.others[.samplers] = try count()
            default: try json.skip()
            }
        }
        try json.end()
        guard hasAsset else { throw .invalid("The JSON is not a glTF document: it has no \"asset\".") }
        document.markFallbacks()
    }

    /// The items of an array. In glTF 1.0 these members are objects: what the version settles.
    mutating func list<Item>(
        _ item: (inout Self) throws(ReadError) -> Item
    ) throws(ReadError) -> [Item] {
        var items: [Item] = []
        if json.peek() == UInt8(ascii: "{") {
            try json.skip()
            document.isOtherVersion = true
            return items
        }
        try json.open("[")
        while try json.nextElement() {
            records += 1
            guard records <= recordsAtMost else {
                throw .tooLarge("The glTF has more than \(recordsAtMost) records.")
            }
            items.append(try item(&self))
        }
        return items
    }

    private mutating func count(
        _ item: (inout Self) throws(ReadError) -> Void = { reader throws(ReadError) in try reader.json.skip() }
    ) throws(ReadError) -> Int {
        try list(item).count
    }

    /// An index of an item of that list.
    mutating func index(of collection: GLTFDocument.Collection) throws(ReadError) -> Int {
        let index = try json.natural()
        document.uses.note(index, of: collection)
        return index
    }

    mutating func indices(of collection: GLTFDocument.Collection) throws(ReadError) -> [Int] {
        try list { reader throws(ReadError) in try reader.index(of: collection) }
    }

    mutating func members(_ member: (inout Self, String) throws(ReadError) -> Void) throws(ReadError) {
        try json.open("{")
        while let key = try json.nextKey() { try member(&self, key) }
    }

    private mutating func numbers(_ count: Int) throws(ReadError) -> [Double] {
        var numbers: [Double] = []
        try json.open("[")
        while numbers.count <= count, try json.nextElement() { numbers.append(try json.number()) }
        guard numbers.count == count else {
            throw .invalid("A glTF node does not have \(count) numbers where it should.")
        }
        return numbers
    }

    /// The names of the extensions an object has, their content stepped over.
    mutating func extensionNames() throws(ReadError) -> Set<String> {
        var names: Set<String> = []
        try json.open("{")
        while let name = try json.nextKey() {
            names.insert(name)
            try json.skip()
        }
        return names
    }

    /// In glTF 1.0 scenes have names.
    private mutating func readDefaultScene() throws(ReadError) {
        if json.peek() == UInt8(ascii: "\"") {
            try json.skip()
            document.isOtherVersion = true
        } else {
            document.scene = try json.natural()
        }
    }

    private mutating func readAsset() throws(ReadError) {
        try members { reader, key throws(ReadError) in
            switch key {
            case "version":
                if try reader.json.string().split(separator: ".").first != "2" { reader.document.isOtherVersion = true }
            case "minVersion":
                if try reader.json.string() != "2.0" { reader.document.isOtherVersion = true }
            default: try reader.json.skip()
            }
        }
    }

    private mutating func scene() throws(ReadError) -> [Int] {
        var nodes: [Int] = []
        try members { reader, key throws(ReadError) in
            if key == "nodes" { nodes = try reader.indices(of: .nodes) } else { try reader.json.skip() }
        }
        return nodes
    }

    private mutating func node() throws(ReadError) -> GLTFDocument.Node {
        var node = GLTFDocument.Node()
        var parts = Transform.Parts()
        try members { reader, key throws(ReadError) in
            switch key {
            case "children": node.children = try reader.indices(of: .nodes)
            case "mesh": node.mesh = try reader.index(of: .meshes)
            case "skin": _ = try reader.index(of: .skins)
            case "camera": _ = try reader.index(of: .cameras)
            case "matrix": node.transform = Transform(columns: try reader.numbers(16))
            case "translation": parts.translation = try reader.numbers(3)
            case "rotation": parts.rotation = try reader.numbers(4)
            case "scale": parts.scale = try reader.numbers(3)
            case "extensions":
                node.isInstanced = try reader.extensionNames().contains("EXT_mesh_gpu_instancing")
            default: try reader.json.skip()
            }
        }
        if node.transform == nil, !parts.isEmpty { node.transform = Transform(parts) }
        return node
    }
}
