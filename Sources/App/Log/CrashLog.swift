import CCrash
import Glibc
import Logging
import Persistence
import SystemPackage

/// `crash.log`: what the signal handler wrote when the server died of itself, told at the next start, once.
struct CrashLog: Sendable {
    private static let crash = "--- crash "
    private static let told = "--- told "
    /// Bytes of the end of the file that are looked at, and frames that a line of the log shows.
    private static let window = 256 << 10
    private static let frames = 32

    let path: FilePath
    /// Of the file; the handler holds on to this number.
    let descriptor: CInt

    init(in folder: FilePath, _ rotation: LogFile.Rotation) throws {
        path = folder.appending("crash.log")
        // Rotates what is too large; how old it is does not matter.
        var rotation = rotation
        rotation.age = .seconds(Int64(Int32.max))
        descriptor = try LogFile(path, rotation).descriptor
    }

    /// Writes a crash of this process to the file, from now on. Kiln's own signals and those of tools are not touched.
    static func install(_ descriptor: CInt) {
        kiln_crash_install(descriptor, Version.current)
    }

    func reopen() {
        let new = open(path.string, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard new >= 0 else { return }
        kiln_crash_replace(descriptor, new)
        close(new)
    }

    /// One critical line for each crash since the last time.
    func report(to logger: Logger) {
        let news = untold(in: tail())
        for crash in news {
            logger.critical(
                "the server crashed in an earlier run",
                metadata: [
                    "crash": .string(crash.head), "file": .string(path.string),
                    "backtrace": .array(crash.frames.map { .string($0) }),
                ])
        }
        guard !news.isEmpty else { return }
        let line = Array("\(Self.told)\(Instant.now)\n".utf8)
        _ = line.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }

    private func untold(in text: String) -> [(head: String, frames: [String])] {
        var crashes: [(head: String, frames: [String])] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix(Self.told) {
                crashes = []
            } else if line.hasPrefix(Self.crash) {
                crashes.append((String(line.dropFirst(Self.crash.count)), []))
            } else if let last = crashes.indices.last, crashes[last].frames.count < Self.frames {
                crashes[last].frames.append(String(line))
            }
        }
        return crashes
    }

    private func tail() -> String {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return "" }
        var bytes = [UInt8](repeating: 0, count: Self.window)
        let count = pread(descriptor, &bytes, bytes.count, max(0, status.st_size - off_t(Self.window)))
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
