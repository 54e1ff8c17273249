import Glibc
import Persistence
import Synchronization
import SystemPackage

/// A pipe between us and the launcher. Ends that were not handed over are closed with it.
final class Pipe: Sendable {
    private let ends: Mutex<(read: CInt, write: CInt)>

    init() throws {
        var descriptors: [CInt] = [-1, -1]
        guard pipe(&descriptors) == 0 else { throw SystemError("make a pipe") }
        for descriptor in descriptors {
            // No other child gets it meanwhile: Subprocess hands over only what it is told to.
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
        ends = Mutex((descriptors[0], descriptors[1]))
    }

    func takeReadEnd() -> FileDescriptor {
        ends.withLock { ends in
            defer { ends.read = -1 }
            return FileDescriptor(rawValue: ends.read)
        }
    }

    func takeWriteEnd() -> FileDescriptor {
        ends.withLock { ends in
            defer { ends.write = -1 }
            return FileDescriptor(rawValue: ends.write)
        }
    }

    /// Closes our write end, which the other side notices.
    func letGo() {
        ends.withLock { ends in
            if ends.write >= 0 { close(ends.write) }
            ends.write = -1
        }
    }

    /// What a writer left that has ended: less than a pipe's buffer, so that this never waits.
    func readAll() -> String {
        ends.withLock { ends in
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = read(ends.read, &bytes, bytes.count)
            return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        }
    }

    deinit {
        ends.withLock { ends in
            if ends.read >= 0 { close(ends.read) }
            if ends.write >= 0 { close(ends.write) }
        }
    }
}
