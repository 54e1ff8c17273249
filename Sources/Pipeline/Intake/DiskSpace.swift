import Glibc
import Synchronization
package import SystemPackage

/// What the disk has left for uploads: free space less the reserve, and less what is promised to uploads under way.
package final class DiskSpace: Sendable {
    private let folder: FilePath
    package let reserve: Int64
    private let promised = Mutex<Int64>(0)

    /// An upload is kept, and its result beside it with a side file or two.
    private static let shareOfWork: Int64 = 3

    /// - Parameter reserve: in bytes; what uploads must leave free.
    package init(folder: FilePath, reserve: Int64) {
        self.folder = folder
        self.reserve = reserve
    }

    /// In bytes, for an ordinary user; `nil` when the file system does not say.
    package var free: Int64? {
        status.map { Int64($0.f_bavail) * Int64($0.f_frsize) }
    }

    /// Of the whole file system, in bytes.
    package var size: Int64? {
        status.map { Int64($0.f_blocks) * Int64($0.f_frsize) }
    }

    private var status: statvfs? {
        var status = statvfs()
        return statvfs(folder.string, &status) == 0 ? status : nil
    }

    /// Whether there is more than the reserve.
    package var isAboveReserve: Bool {
        free.map { $0 > reserve } ?? false
    }

    /// Sets aside what an upload of `size` bytes will need, until the promise is dropped.
    func promise(_ size: Int64) throws(Refusal) -> Promise {
        let (product, isBeyond) = size.multipliedReportingOverflow(by: Self.shareOfWork)
        let needed = isBeyond ? .max : product
        let free = free ?? 0
        let isGiven = promised.withLock { promised in
            guard free - reserve - promised >= needed else { return false }
            promised += needed
            return true
        }
        guard isGiven else {
            throw Refusal(
                .diskFull,
                "The server's disk has no room for this upload: it needs \(needed) bytes for \(size), and \(free) are free "
                    + "of which \(reserve) stay in reserve. Try again later, or with a smaller file.")
        }
        return Promise(bytes: needed, of: self)
    }

    fileprivate func takeBack(_ bytes: Int64) {
        promised.withLock { $0 -= bytes }
    }

    /// Disk space set aside; given back when this is dropped.
    final class Promise: Sendable {
        private let bytes: Int64
        private let space: DiskSpace

        init(bytes: Int64, of space: DiskSpace) {
            self.bytes = bytes
            self.space = space
        }

        deinit {
            space.takeBack(bytes)
        }
    }
}
