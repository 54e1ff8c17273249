/// The parts of a glTF 2.0 document that make its shape. Materials, images and animations are only counted.
///
/// Source: Khronos, glTF 2.0 specification, chapters 3.5 to 3.7 and 5.
struct GLTFDocument {
    struct Node {
        var children: [Int] = []
        var mesh: Int?
        /// Drawn many times from data of its own (`EXT_mesh_gpu_instancing`).
        var isInstanced = false
        private var place = Aside<Transform>.none

        var transform: Transform? {
            get { place.value }
            set { place = Aside(newValue) }
        }
    }

    struct Primitive {
        var mode = 4
        var positions: Int?
        var indices: Int?
        var material: Int?
        var isCompressed = false
    }

    struct Accessor {
        var elements = Elements()
        private var exceptions = Aside<Sparse>.none

        var sparse: Sparse? {
            get { exceptions.value }
            set { exceptions = Aside(newValue) }
        }
    }

    /// Elements of one type in a view; zeros, where there is no view.
    struct Elements {
        var view: Int?
        var offset = 0
        var component = GLTFComponent.float
        var count = 0
        /// Components of an element.
        var width = 1
        var isNormalized = false
        /// Bytes of an element.
        var size: Int { width * component.size }
    }

    /// Which elements differ from what the accessor's own view holds, and what they are instead.
    struct Sparse {
        var count = 0
        var indices = Elements()
        var values = Elements()
    }

    struct View {
        var buffer = 0
        var offset = 0
        var length = 0
        var stride: Int?
        var compression: Compression?
    }

    /// How the data of a view is stored, if not as it is.
    enum Compression {
        case meshopt(MeshoptView)
        /// In a way we cannot undo.
        case unknown
    }

    struct Buffer {
        var length = 0
        var uri: String?
        /// Stands for data that exists only compressed (`EXT_meshopt_compression`).
        var isFallback = false
    }

    /// Made by version 1.0, or for a reader newer than 2.0.
    var isOtherVersion = false
    var scene: Int?
    var scenes: [[Int]] = []
    var nodes: [Node] = []
    var meshes: [[Primitive]] = []
    var accessors: [Accessor] = []
    var views: [View] = []
    var buffers: [Buffer] = []
    var images = 0
    var animations = 0
    /// How many there are of lists that do not matter for the shape.
    var others: [Collection: Int] = [:]
    var uses = Uses()

    /// Buffers that compressed views have for readers that cannot decode them may be without data, marked or not.
    mutating func markFallbacks() {
        for view in views where view.compression != nil && buffers.indices.contains(view.buffer) {
            buffers[view.buffer].isFallback = true
        }
    }

    /// Nodes that are nobody's child.
    var orphans: [Int] {
        let children = Set(nodes.flatMap(\.children))
        return nodes.indices.filter { !children.contains($0) }
    }
}

/// A component type of an accessor.
enum GLTFComponent: Int {
    case int8 = 5120
    case uint8 = 5121
    case int16 = 5122
    case uint16 = 5123
    case uint32 = 5125
    case float = 5126

    var size: Int {
        switch self {
        case .int8, .uint8: 1
        case .int16, .uint16: 2
        case .uint32, .float: 4
        }
    }
}

/// A large value that few have, kept where those without one need no room for it.
private indirect enum Aside<Value> {
    case none
    case some(Value)

    init(_ value: Value?) { self = value.map(Self.some) ?? .none }

    var value: Value? {
        if case .some(let value) = self { value } else { nil }
    }
}
