/// Everything that a model file refers to, so that what leads out of its folder is refused before a tool follows it.
package enum References {
    static let mostJSON: Int64 = 256 * 1_048_576
    static let mostReferences = 10_000

    /// The references of a model in the order they are written, each once; none for formats whose references are not
    /// read here. Blocks while it reads the whole file. Throws `UnreadableReferences`, or `Errno` for the disk.
    package static func list(in content: Content, of format: Format) throws -> [Reference] {
        switch format {
        case .gltf: try json(content, 0..<content.size)
        case .glb: try json(content, sceneChunk(of: content))
        case .obj: try wavefront(content)
        case .dae: try collada(content)
        case .x3d: try x3d(content)
        case .scad, .csg: try program(content)
        default: []
        }
    }

    /// The same for the material library (`.mtl`) that comes with an OBJ.
    package static func list(inMaterials content: Content) throws -> [Reference] {
        try wavefront(content)
    }

    /// Where the JSON of a glTF is; `nil` for other formats.
    static func scene(of content: Content, _ format: Format) throws -> Range<Int64>? {
        switch format {
        case .gltf:
            let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
            return try content.bytes(at: 0, count: 3) == mark ? 3..<content.size : 0..<content.size
        case .glb: return try sceneChunk(of: content)
        default: return nil
        }
    }

    /// All `uri` members of a glTF, wherever they are.
    private static func json(_ content: Content, _ range: Range<Int64>) throws -> [Reference] {
        guard range.count <= mostJSON else { throw UnreadableReferences.tooLarge }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let hasMark = try content.bytes(at: range.lowerBound, count: min(3, range.count)) == mark
        var found = Findings()
        var members = JSONMembers(ByteStream(content, hasMark ? range.lowerBound + 3..<range.upperBound : range))
        try members.walk { member in
            guard member.name.elementsEqual("uri".utf8), let text = member.text else { return }
            let kind: Reference.Kind =
                switch String(decoding: member.section, as: UTF8.self) {
                case "buffers": .buffer
                case "images": .image
                default: .other
                }
            try found.add(Reference(kind, text.bytes, .of(text.bytes, as: .uri, isCut: text.isCut)))
        }
        return found.references
    }

    /// The JSON of a GLB: always the first chunk, its length at 12, its bytes at 20, in version 2 as in version 1.
    private static func sceneChunk(of content: Content) throws -> Range<Int64> {
        guard let length = content.head.little32(at: 12), let version = content.head.little32(at: 4),
            version == 1 || content.head[16...].starts(with: "JSON".utf8), 20 + length <= content.size
        else { throw UnreadableReferences.noScene }
        return 20..<20 + length
    }

    /// References so far, without repetitions.
    struct Findings {
        private(set) var references: [Reference] = []
        private var known: Set<Reference> = []

        mutating func add(_ reference: Reference) throws {
            guard known.insert(reference).inserted else { return }
            guard known.count <= mostReferences else { throw UnreadableReferences.tooMany }
            references.append(reference)
        }
    }
}
