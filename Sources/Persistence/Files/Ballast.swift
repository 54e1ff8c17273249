import Glibc
import Synchronization
import SystemPackage

/// A file that only takes up space: given up when the disk is full, so that rows can still be written and what is old be
/// deleted, and made anew when there is space again.
package final class Ballast: Sendable {
    private let file: FilePath
    private let alarm = Mutex<(@Sendable () -> Void)?>(nil)

    /// In bytes.
    package static let size: Int64 = 32 << 20

    init(file: FilePath) {
        self.file = file
    }

    package var isThere: Bool { access(file.string, F_OK) == 0 }

    /// What is to be done when the disk turns out to be full.
    package func onFullDisk(_ body: @escaping @Sendable () -> Void) {
        alarm.withLock { $0 = body }
    }

    /// Gives the space back. Returns whether there was any. Blocks for a moment.
    func release() -> Bool {
        let isReleased = unlink(file.string) == 0
        alarm.withLock { $0 }?()
        return isReleased
    }

    /// Makes it where it is missing, of at most a sixteenth of what is free. What cannot be had is done without.
    ///
    /// - Parameter room: bytes that may be used. Blocks.
    package func restore(within room: Int64) {
        let size = min(Self.size, room / 16)
        guard size >= 1 << 20, !isThere else { return }
        let descriptor = open(file.string, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // Really allocated: a file with holes takes up no space (posix_fallocate(3)).
        if posix_fallocate(descriptor, 0, off_t(size)) != 0 { unlink(file.string) }
    }
}
