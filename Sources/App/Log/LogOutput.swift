import Glibc
import Logging
import Persistence
import SystemPackage

/// Where lines end: standard error, and the files of `LOG_DIR`. Only the thread of the ``LogQueue`` writes to it.
struct LogOutput: Sendable {
    struct Places: OptionSet, Sendable {
        let rawValue: Int
        static let terminal = Places(rawValue: 1)
        static let combined = Places(rawValue: 2)
        static let error = Places(rawValue: 4)
    }

    /// A line as each place shows it.
    struct Entry: Sendable {
        let places: Places
        let terminal: [UInt8]
        let file: [UInt8]
    }

    var terminal: CInt = STDERR_FILENO
    var combined: LogFile?
    var error: LogFile?
    /// Told once, until a file can be written again.
    private var isInTrouble = false

    init(terminal: CInt = STDERR_FILENO, combined: LogFile? = nil, error: LogFile? = nil) {
        self.terminal = terminal
        self.combined = combined
        self.error = error
    }

    /// What cannot be written is lost; that a file cannot, standard error tells.
    mutating func write(_ entries: [Entry], _ format: LogFormat) {
        show(entries.filter { $0.places.contains(.terminal) }.flatMap(\.terminal))
        attempt(format) { output in
            try output.combined?.write(entries.filter { $0.places.contains(.combined) }.map(\.file))
            let errors = entries.filter { $0.places.contains(.error) }
            if !errors.isEmpty { try output.error?.write(errors.map(\.file)) }
        }
    }

    mutating func reopen(_ format: LogFormat) {
        attempt(format) { output in
            try output.combined?.reopen()
            try output.error?.reopen()
        }
    }

    mutating func close() {
        combined?.close()
        error?.close()
    }

    private mutating func attempt(_ format: LogFormat, _ body: (inout LogOutput) throws -> Void) {
        do {
            try body(&self)
            isInTrouble = false
        } catch {
            guard !isInTrouble else { return }
            isInTrouble = true
            show(format.entry(LogLine(.error, "The log files cannot be written: \(error)"), [.terminal]).terminal)
        }
    }

    /// Whoever does not read any more does not want to know.
    private func show(_ bytes: [UInt8]) {
        _ = try? FileDescriptor(rawValue: terminal).writeAll(bytes)
    }
}

/// What a line looks like in each place.
struct LogFormat: Sendable {
    let isJSON: Bool
    let isColoured: Bool

    func entry(_ line: LogLine, _ places: LogOutput.Places) -> LogOutput.Entry {
        let file = isJSON ? line.json : places.subtracting(.terminal).isEmpty ? [] : line.text(isColoured: false)
        return LogOutput.Entry(
            places: places, terminal: isJSON ? file : line.text(isColoured: isColoured), file: file)
    }
}
