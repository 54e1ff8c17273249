/// Walks a JSON text and shows every member of every object, building nothing. Repeated names are all shown: readers
/// differ in which of them they take.
struct JSONMembers {
    struct Member {
        /// The member of the root object that this one is in, or is.
        let section: [UInt8]
        /// 1 for a member of the root object.
        let depth: Int
        let name: [UInt8]
        /// Nil where the value is not a string.
        let text: (bytes: [UInt8], isCut: Bool)?
    }

    static let mostDepth = 256

    private enum Expected { case value, valueOrEnd, name, nameOrEnd, colon, commaOrEnd, nothing }

    private var tokens: JSONTokens
    private var isObject: [Bool] = []
    private var expected = Expected.value
    private var section: [UInt8] = []
    private var name: [UInt8] = []

    init(_ stream: ByteStream) { tokens = JSONTokens(stream) }

    /// Throws `UnreadableReferences` for what is not JSON or nested too deeply, after showing what came before it.
    mutating func walk(_ visit: (Member) throws -> Void) throws {
        while let token = try tokens.next() {
            switch (expected, token) {
            case (.value, .open), (.valueOrEnd, .open), (.value, .string), (.valueOrEnd, .string), (.value, .scalar),
                (.valueOrEnd, .scalar):
                try value(token, visit)
            case (.name, .string(let text, _)), (.nameOrEnd, .string(let text, _)):
                name = text
                if isObject.count == 1 { section = text }
                expected = .colon
            case (.colon, .colon): expected = .value
            case (.commaOrEnd, .comma): expected = isObject.last == true ? .name : .value
            case (.commaOrEnd, .close(isObject.last)), (.nameOrEnd, .close(true)), (.valueOrEnd, .close(false)):
                isObject.removeLast()
                expected = isObject.isEmpty ? .nothing : .commaOrEnd
            default: throw UnreadableReferences.malformed
            }
        }
        guard expected == .nothing else { throw UnreadableReferences.malformed }
    }

    private mutating func value(_ token: JSONTokens.Token, _ visit: (Member) throws -> Void) throws {
        var text: (bytes: [UInt8], isCut: Bool)?
        if case .string(let bytes, let isCut) = token { text = (bytes, isCut) }
        if isObject.last == true {
            try visit(Member(section: section, depth: isObject.count, name: name, text: text))
        }
        if case .open(let opensObject) = token {
            guard isObject.count < Self.mostDepth else { throw UnreadableReferences.tooDeep }
            isObject.append(opensObject)
            expected = opensObject ? .nameOrEnd : .valueOrEnd
        } else {
            expected = isObject.isEmpty ? .nothing : .commaOrEnd
        }
    }
}
