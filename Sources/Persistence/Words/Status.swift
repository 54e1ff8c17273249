import GRDB

/// Where a job is.
package enum Status: String, Codable, CaseIterable, Sendable {
    case uploading, pending, running, succeeded, failed, cancelled

    /// Final for ever: no transition leaves it.
    package var isFinal: Bool {
        switch self {
        case .succeeded, .failed, .cancelled: true
        case .uploading, .pending, .running: false
        }
    }
}

/// How an attempt ended, or that it has not.
package enum Outcome: String, Codable, Sendable {
    case running, succeeded, failed, interrupted, cancelled
}

extension Status: DatabaseValueConvertible {}
extension Outcome: DatabaseValueConvertible {}
