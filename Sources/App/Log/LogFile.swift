import Glibc
import Persistence
import SystemPackage

/// One file of the log. When it is full or old it becomes `NAME.1`, the one before that `NAME.2`, and the last is
/// removed.
struct LogFile: Sendable {
    struct Rotation: Sendable {
        /// In bytes; a single line may exceed it.
        var size: Int
        /// From the first line of the file.
        var age: Duration
        /// Rotated files to keep.
        var keep: Int
    }

    let path: FilePath
    let rotation: Rotation
    private(set) var descriptor: CInt = -1
    private var size = 0
    private var began = Instant.now

    /// Throws `SystemError`.
    init(_ path: FilePath, _ rotation: Rotation) throws {
        self.path = path
        self.rotation = rotation
        try open()
        if isDue(holding: size, for: 0, at: .now) { try rotate() }
    }

    /// Throws `SystemError` when a line could not be written; it and those after it are lost.
    mutating func write(_ lines: [[UInt8]], at now: Instant = .now) throws {
        if descriptor < 0 { try open() }
        var waiting: [UInt8] = []
        for line in lines {
            if isDue(holding: size + waiting.count, for: line.count, at: now) {
                try append(waiting)
                waiting = []
                try rotate()
            }
            waiting += line
        }
        try append(waiting)
    }

    /// Lets go of the file, which somebody may have renamed, and takes the one that has its name.
    mutating func reopen() throws {
        close()
        try open()
    }

    mutating func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    private func isDue(holding held: Int, for more: Int, at now: Instant) -> Bool {
        held > 0 && (held + more > rotation.size || now - began > rotation.age)
    }

    private mutating func open() throws {
        descriptor = Glibc.open(path.string, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemError("open \(path)") }
        var status = stat()
        size = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
        began = firstTime() ?? .now
    }

    private mutating func append(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SystemError("write to \(path)") }
            size += count
            rest = rest.dropFirst(count)
        }
    }

    private mutating func rotate() throws {
        close()
        func name(_ number: Int) -> String { number == 0 ? path.string : "\(path.string).\(number)" }
        // The first gaps stay gaps: what is not there is not renamed, and the last name is written over.
        for number in stride(from: rotation.keep - 1, through: 0, by: -1) { rename(name(number), name(number + 1)) }
        try open()
    }

    /// Of the first line, in either form.
    private func firstTime() -> Instant? {
        var head = [UInt8](repeating: 0, count: 64)
        let count = pread(descriptor, &head, head.count, 0)
        guard count > 0 else { return nil }
        let bytes = head.prefix(count)
        let start = bytes.starts(with: #"{"timestamp":""#.utf8) ? 14 : 0
        return Instant(rfc3339: String(decoding: bytes.dropFirst(start).prefix(24), as: UTF8.self))
    }
}

extension Instant {
    /// The form that ``description`` has, and no other.
    init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        let pattern = Array("0000-00-00T00:00:00.000Z".utf8)
        let hasForm =
            bytes.count == pattern.count
            && zip(bytes, pattern).allSatisfy { $1 == UInt8(ascii: "0") ? (0x30...0x39).contains($0) : $0 == $1 }
        guard hasForm else { return nil }
        func number(_ range: Range<Int>) -> CInt { bytes[range].reduce(0) { $0 * 10 + CInt($1 - 0x30) } }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (number(0..<4) - 1900, number(5..<7) - 1, number(8..<10))
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (number(11..<13), number(14..<16), number(17..<19))
        self.init(rawValue: Int64(timegm(&parts)) * 1000 + Int64(number(20..<23)))
    }
}
