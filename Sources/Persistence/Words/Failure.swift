/// A coded reason why a job or an attempt failed, as it is kept in the row.
package struct Failure: Error, Codable, Hashable, Sendable {
    package let code: Code
    /// One sentence for the person who asked: no paths, no secrets.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The closed set of reasons.
    package enum Code: String, Codable, CaseIterable, Sendable {
        case timedOut, outOfMemory, crashed, toolFailed, invalidInput, unsafeReference, missingDependency
        case emptyResult, invalidResult, outputTooLarge, toolMissing, diskFull, rateLimited
        case interrupted, uploadAborted, rejected, cancelled, `internal`
    }
}

extension Failure.Code {
    /// Whether the step's next converter may succeed where this one failed.
    package var allowsFallback: Bool {
        switch self {
        case .timedOut, .outOfMemory, .crashed, .toolFailed, .invalidInput, .emptyResult, .invalidResult,
            .outputTooLarge, .toolMissing, .internal:
            true
        case .unsafeReference, .missingDependency, .diskFull, .rateLimited, .interrupted, .uploadAborted,
            .rejected, .cancelled:
            false
        }
    }
}
