import Glibc
import Persistence
import Synchronization
package import SystemPackage

/// What the disk has left: free space less the reserve, and less what is promised to uploads and jobs under way.
package final class DiskSpace: Sendable {
    package let reserve: Int64
    private let measure: @Sendable () -> Int64?
    private let whole: @Sendable () -> Int64?
    private let uploads = Mutex(Account())
    /// Rings when there was no room for something.
    package let shortages: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation

    /// What is promised to uploads, in bytes.
    struct Account {
        var promised: Int64 = 0
        /// All that ever was. Only rises.
        var granted: Int64 = 0
    }

    /// What an attempt needs at least, however small its source.
    private static let leastWork: Int64 = 1 << 20

    /// - Parameter reserve: in bytes; what uploads must leave free.
    package convenience init(folder: FilePath, reserve: Int64) {
        self.init(reserve: reserve) {
            Self.status(of: folder).map { Int64($0.f_bavail) * Int64($0.f_frsize) }
        } size: {
            Self.status(of: folder).map { Int64($0.f_blocks) * Int64($0.f_frsize) }
        }
    }

    init(
        reserve: Int64, free measure: @escaping @Sendable () -> Int64?,
        size whole: @escaping @Sendable () -> Int64? = { nil }
    ) {
        self.reserve = reserve
        self.measure = measure
        self.whole = whole
        (shortages, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// In bytes, for an ordinary user; `nil` when the file system does not say.
    package var free: Int64? { measure() }

    /// Of the whole file system, in bytes.
    package var size: Int64? { whole() }

    private static func status(of folder: FilePath) -> statvfs? {
        var status = statvfs()
        return statvfs(folder.string, &status) == 0 ? status : nil
    }

    /// Whether there is more than the reserve.
    package var isAboveReserve: Bool {
        free.map { $0 > reserve } ?? false
    }

    /// How many bytes must be given up for the reserve to be whole again.
    var deficit: Int64 {
        free.map { max(0, reserve - $0 + 1) } ?? 0
    }

    /// What may be used beside the reserve.
    var spare: Int64 {
        free.map { max(0, $0 - reserve) } ?? 0
    }

    /// To be taken before the rows are asked for what they promise: an upload that becomes a job in between is counted
    /// with the uploads, at least.
    var account: Account {
        uploads.withLock { $0 }
    }

    /// There was no room for something: somebody should make some.
    package func ringShort() {
        bell.yield()
    }

    /// Sets aside what an upload of `size` bytes will need, itself and the work on it, until the promise is dropped.
    ///
    /// - Parameters:
    ///   - queued: what is promised to jobs.
    ///   - account: as it was before `queued` was asked for; `nil`: as it is now.
    func promise(_ size: Int64, queued: Int64 = 0, since account: Account? = nil) throws(Refusal) -> Promise {
        let (sum, isBeyond) = size.addingReportingOverflow(Job.work(on: size))
        let needed = isBeyond ? .max : sum
        let free = free ?? 0
        let promised: Int64? = uploads.withLock { now in
            let before = account ?? now
            let promised = before.promised + (now.granted - before.granted) + queued
            guard free - reserve - promised >= needed else { return promised }
            now.promised += needed
            now.granted += needed
            return nil
        }
        guard let promised else { return Promise(bytes: needed, of: self) }
        ringShort()
        throw Refusal(
            .diskFull,
            "The server's disk has no room for this upload: it needs \(needed) bytes for \(size), and \(free) are free, "
                + "of which \(reserve) stay in reserve and \(promised) are promised to uploads and jobs under way. "
                + "Try again later, or with a smaller file.")
    }

    /// Whether a job has room to work on a source of `size` bytes.
    func hasRoom(toWorkOn size: Int64) -> Bool {
        free.map { $0 >= max(Self.leastWork, Job.work(on: size)) } ?? true
    }

    /// That there is room for an attempt. The work is what the reserve is for, in need.
    func checkRoom(toWorkOn size: Int64) throws(Failure) {
        guard !hasRoom(toWorkOn: size) else { return }
        ringShort()
        throw Failure(.diskFull, "The server's disk has no room for the work on this file.")
    }

    fileprivate func takeBack(_ bytes: Int64) {
        uploads.withLock { $0.promised -= bytes }
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
