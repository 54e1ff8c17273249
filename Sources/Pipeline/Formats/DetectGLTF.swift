/// How glTF is known: by what its JSON says of itself.
extension Detect {
    /// Members of a glTF's root (glTF 2.0, section 5.17) that other JSON may have too.
    private static let gltfSections: Set = [
        "asset", "animations", "buffers", "cameras", "extensions", "extensionsRequired", "extensionsUsed", "extras",
        "images", "materials", "meshes", "nodes", "samplers", "scene", "scenes", "skins", "textures",
    ]

    /// A JSON object with `asset.version` (glTF 2.0, section 5.9), or with members that only glTF has, where those fill
    /// the head.
    static func gltf(_ content: Content) -> Evidence {
        guard let text = content.text, text.first(where: { !PlainText.isBlank($0) }) == 0x7B else { return .none }
        var evidence = Evidence.none
        var members = JSONMembers(ByteStream(Content(text)))
        // The head ends anywhere, and what was shown before that is all that counts.
        try? members.walk { member in
            let name = String(decoding: member.name, as: UTF8.self)
            let isVersion = member.depth == 2 && name == "version" && member.section.elementsEqual("asset".utf8)
            let isTelling = member.depth == 1 && ["accessors", "bufferViews"].contains(name)
            if isVersion || isTelling { evidence = .certain }
            if member.depth == 1, gltfSections.contains(name) { evidence = max(evidence, .possible) }
        }
        return evidence
    }
}
