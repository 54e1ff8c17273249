import GRDB
import Glibc

/// How a full disk looks where rows are written.
extension Error {
    /// SQLite found no space: for a page of the log, or for the memory that its readers share (sqlite.org/rescode.html).
    var isFullDisk: Bool {
        guard let error = self as? DatabaseError else { return false }
        return error.resultCode == .SQLITE_FULL || error.extendedResultCode == .SQLITE_IOERR_SHMSIZE
    }
}

extension SystemError {
    /// What callers are told of it.
    static let databaseFull = SystemError("write to the database", code: ENOSPC)
}

extension Result {
    var error: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
