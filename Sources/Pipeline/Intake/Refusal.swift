/// Why an upload is not taken, in a sentence that says what was wrong and what would be right.
package struct Refusal: Error, Hashable, Sendable {
    package let kind: Kind
    package let sentence: String
    /// Which part of the request it is about (RFC 6901); `nil` for the whole.
    package let pointer: String?

    package init(_ kind: Kind, _ sentence: String, pointer: String? = nil) {
        self.kind = kind
        self.sentence = sentence
        self.pointer = pointer
    }

    package init(_ problem: OptionProblem) {
        self.init(.invalidOption, problem.sentence, pointer: problem.pointer)
    }

    /// The closed set of kinds; the word is the problem's code.
    package enum Kind: String, CaseIterable, Sendable {
        case malformedRequest, unknownField, missingFile, emptyFile, missingFormat, unknownFormat
        case invalidArchive, unknownRoot
        case requestTimeout, tooLarge, unrecognisedContent, contradictedName, noModel
        case noRoute, invalidInput, invalidOption, ambiguousRoot, unsafeReference, missingDependency
        case cancelled, queueFull, stopping, diskFull
    }
}
