import GRDB

/// What keeps a transaction from being committed now, and may pass by itself: nothing was changed, nothing is lost.
package enum Obstacle {
    package static func isPassing(_ error: any Error) -> Bool {
        switch error {
        case let error as DatabaseError where error.extendedResultCode == .SQLITE_IOERR_NOMEM: true
        case let error as DatabaseError:
            isFull(error) || [.SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_NOMEM].contains(error.resultCode)
        // SQLite gives up a whole transaction when it has no room for a page of it.
        case is TransactionLost: true
        default: isFull(error)
        }
    }

    /// Whether it is the disk that has no room, for the database or for a file.
    package static func isFull(_ error: any Error) -> Bool {
        (error as? SystemError)?.isDiskFull ?? error.isFullDisk
    }
}
