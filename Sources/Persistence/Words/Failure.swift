/// A coded reason why a job or an attempt failed, as it is kept in the row.
package struct Failure: Error, Codable, Hashable, Sendable {
    package let code: Code
    /// One sentence for the person who asked: no paths, no secrets.
    package let message: String
    /// How long to keep away, where somebody told so; in no row.
    package let retryAfter: Duration?

    package init(_ code: Code, _ message: String, retryAfter: Duration? = nil) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }

    /// The closed set of reasons.
    package enum Code: String, Codable, CaseIterable, Sendable {
        case timedOut, outOfMemory, crashed, toolFailed, invalidInput, unsafeReference, missingDependency
        case emptyResult, invalidResult, outputTooLarge, toolMissing, diskFull, rateLimited
        case interrupted, uploadAborted, rejected, cancelled, `internal`
    }
}

extension Failure.Code {
    /// What a reason is like, which decides whether the same is tried again.
    package enum Class: String, CaseIterable, Sendable {
        /// It passes by itself: again, after a while that grows.
        case transient
        /// Whoever tries it again gets the same.
        case permanent
        /// Somebody told to keep away for a time.
        case rateLimit
        /// Once more, at most: it costs as much again.
        case timeout
        /// Once more, to see whether it was chance.
        case unknown
    }

    package var kind: Class {
        switch self {
        case .diskFull, .interrupted: .transient
        case .rateLimited: .rateLimit
        case .timedOut: .timeout
        case .crashed, .internal: .unknown
        case .outOfMemory, .toolFailed, .invalidInput, .unsafeReference, .missingDependency, .emptyResult,
            .invalidResult, .outputTooLarge, .toolMissing, .uploadAborted, .rejected, .cancelled:
            .permanent
        }
    }

    /// Whether the step's next converter may succeed where this one failed.
    package var allowsFallback: Bool {
        switch self {
        case .timedOut, .outOfMemory, .crashed, .toolFailed, .invalidInput, .emptyResult, .invalidResult,
            .outputTooLarge, .toolMissing, .rateLimited, .internal:
            true
        case .unsafeReference, .missingDependency, .diskFull, .interrupted, .uploadAborted, .rejected, .cancelled:
            false
        }
    }

    /// Whether the file is not to blame: then the same job may succeed another day, and waits for somebody to repeat it.
    package var isCircumstance: Bool {
        switch self {
        case .timedOut, .outOfMemory, .crashed, .toolMissing, .diskFull, .rateLimited, .interrupted, .internal: true
        case .toolFailed, .invalidInput, .unsafeReference, .missingDependency, .emptyResult, .invalidResult,
            .outputTooLarge, .uploadAborted, .rejected, .cancelled:
            false
        }
    }
}
