/// Whether a model moves, as far as its file tells that cheaply.
enum Movement {
    /// True for a glTF with an animation in it; false for every other format. Blocks. The content is known to be JSON.
    static func isPresent(in content: Content, _ format: Format) throws -> Bool {
        guard let range = try References.scene(of: content, format) else { return false }
        var isFound = false
        var members = JSONMembers(ByteStream(content, range))
        try members.walk { member in
            // A member of an object in the list, which is therefore not empty.
            if member.depth > 1, member.section.elementsEqual("animations".utf8) { isFound = true }
        }
        return isFound
    }
}
