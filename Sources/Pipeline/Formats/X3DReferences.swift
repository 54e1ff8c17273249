/// The references of X3D scenes.
extension References {
    private static let mostDepth = 1000
    /// Elements whose `url` is read when the scene is; that of an `Anchor` is followed by people only.
    private static let readers: [String: Reference.Kind] = [
        "Inline": .part, "ExternProtoDeclare": .part, "ImageTexture": .image, "MovieTexture": .image,
        "ImageCubeMapTexture": .image, "Image3DTexture": .image, "AudioClip": .other, "Script": .other,
        "ShaderPart": .other, "ShaderProgram": .other, "PackagedShader": .other,
    ]

    /// The `url` attributes of scenes in files elsewhere, pictures, sounds and programs (X3D, ISO/IEC 19775-1, 9.2.1).
    static func x3d(_ content: Content) throws -> [Reference] {
        var found = Findings()
        var tokens = MarkupTokens(content)
        var depth = 0
        while let token = try tokens.next() {
            switch token {
            case .open(let name, let rest):
                depth += 1
                guard depth <= mostDepth else { throw UnreadableReferences.tooDeepMarkup }
                guard let kind = readers[String(decoding: name, as: UTF8.self)],
                    let list = MarkupText.attribute("url", in: rest)
                else { continue }
                try add(kind, places(in: Array(list)), to: &found)
            case .close: depth -= 1
            case .text, .declarations: break
            }
        }
        return found.references
    }

    /// Of several places for the same thing, those on the web are alternatives that a reader without a network leaves out.
    private static func add(_ kind: Reference.Kind, _ places: [[UInt8]], to found: inout Findings) throws {
        let near = places.filter { !isOnTheWeb($0) }
        for place in near.isEmpty ? places : near { try found.add(Reference(kind, place, .of(place, as: .uri))) }
    }

    private static func isOnTheWeb(_ place: [UInt8]) -> Bool {
        ["http://", "https://", "urn:"].contains { PlainText.matches(place.prefix($0.utf8.count), $0) }
    }

    /// Each in double quotes, or a single one without. What follows `#` is in the file.
    private static func places(in list: [UInt8]) -> [[UInt8]] {
        let isQuoted = list.contains(0x22)
        let parts = isQuoted ? list.split(separator: 0x22, omittingEmptySubsequences: false) : [list[...]]
        return parts.enumerated().filter { !isQuoted || !$0.offset.isMultiple(of: 2) }
            .map { Array(PlainText.trimmed($0.element).prefix { $0 != 0x23 }) }.filter { !$0.isEmpty }
    }
}
