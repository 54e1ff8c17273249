import GRDB
import Glibc
import Synchronization

/// Whether the disk has failed to keep what it was given. From then on nothing more is given to it in this life.
///
/// A failed fsync may have dropped what it could not write, and the next one says that all is well (fsync(2), and the
/// "fsyncgate" of 2018): only a new start reads what is really there, so nothing is tried again before.
package final class DiskFaults: Sendable {
    private let first = Mutex<DiskFailed?>(nil)

    package init() {}

    /// `nil` as long as all is well.
    package var failure: DiskFailed? { first.withLock { $0 } }

    /// Runs `body`, unless the disk has failed before; whether it does now is told by what `body` throws.
    func guarding<Value>(_ body: () throws -> Value) throws -> Value {
        if let failure { throw failure }
        do {
            return try body()
        } catch {
            throw judge(error)
        }
    }

    /// The error as it is, or `DiskFailed`: then that was the end.
    func judge(_ error: any Error) -> any Error {
        guard Self.isFault(error) else { return error }
        return first.withLock { first in
            let failed = first ?? DiskFailed(cause: String(reflecting: error))
            first = failed
            return failed
        }
    }

    private static func isFault(_ error: any Error) -> Bool {
        switch error {
        case is DiskFailed: true
        case let error as SystemError: [EIO, EROFS, ENXIO, ENODEV, EUCLEAN].contains(error.code)
        case let error as DatabaseError:
            [.SQLITE_IOERR, .SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode)
                && !Obstacle.isPassing(error)
        default: false
        }
    }
}

/// The disk has failed, and nothing was acknowledged since.
package struct DiskFailed: Error {
    /// What the system said the first time. For the log alone.
    package let cause: String
}
