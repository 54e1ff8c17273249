/// Why the references of a file cannot be listed. A tool that is more lenient than we are must not get such a file.
package struct UnreadableReferences: Error, Hashable, Sendable, CustomStringConvertible {
    /// A sentence without its full stop, for the person who sent the file.
    package let description: String

    static let malformed = Self(description: "the JSON is malformed or cut short")
    static let tooDeep = Self(description: "the JSON is nested too deeply")
    static let tooLarge = Self(description: "the JSON is too large")
    static let tooMany = Self(description: "there are too many different references")
    static let tooDeepMarkup = Self(description: "the XML is nested too deeply")
    static let malformedMarkup = Self(description: "the XML is malformed or cut short")
    static let tooDeepProgram = Self(description: "the program is nested too deeply")
    static let noScene = Self(description: "the file does not begin with a complete JSON chunk")
}
