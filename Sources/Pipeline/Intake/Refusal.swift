/// Why an upload is not taken, in a sentence that says what was wrong and what would be right.
package struct Refusal: Error, Hashable, Sendable {
    package let kind: Kind
    package let sentence: String

    package init(_ kind: Kind, _ sentence: String) {
        self.kind = kind
        self.sentence = sentence
    }

    /// The closed set of kinds; the word is the problem's code.
    package enum Kind: String, CaseIterable, Sendable {
        case malformedRequest, unknownField, missingFile, severalFiles, emptyFile, missingFormat, unknownFormat
        case requestTimeout, tooLarge, unrecognisedContent, contradictedName
        case noRoute, unsafeReference, missingDependency, queueFull, stopping, diskFull
    }
}
