import Dispatch
import Glibc
import Logging
import Persistence
import SystemPackage
import UnixSignals

/// The log of a server, from its first line to its last.
struct Log: Sendable {
    let logger: Logger
    private let hasFiles: Bool
    private let queue: LogQueue
    private let crashes: CrashLog?
    private let began = ContinuousClock.now

    /// Throws `SystemError` when the folder or a file of it cannot be made. The files begin with a mark, and what the
    /// last run of the server left in `crash.log` is told.
    init(_ settings: Settings) throws {
        let rotation = LogFile.Rotation(size: settings.logMaxSize, age: settings.logMaxAge, keep: settings.logKeep)
        var output = LogOutput()
        if let folder = settings.logDir {
            try Directory.make(folder)
            output.combined = try LogFile(folder.appending("combined.log"), rotation)
            output.error = try LogFile(folder.appending("error.log"), rotation)
        }
        crashes = try settings.logDir.map { try CrashLog(in: $0, rotation) }
        hasFiles = settings.logDir != nil
        let format = LogFormat(isJSON: settings.effectiveLogFormat == .json, isColoured: Self.showsColours)
        queue = LogQueue(output, format)
        logger = Self.logger(queue, hasFiles: hasFiles, settings.logLevel)
        mark("starting", ["version": .string(Version.current), "process": .stringConvertible(getpid())])
        crashes?.report(to: logger)
    }

    /// Has the crash of this process written down: in `crash.log`, or without it to standard error.
    func watchForCrashes() {
        CrashLog.install(crashes?.descriptor ?? STDERR_FILENO)
    }

    /// Opens the files by their names whenever SIGHUP comes: for `logrotate` and its like, which rename them. Without
    /// files, the signal ends the process, as a terminal that is closed expects it to.
    func reopenOnHangup() async {
        guard hasFiles else { return }
        for await _ in await UnixSignalsSequence(trapping: .sighup) {
            queue.reopen()
            crashes?.reopen()
            logger.notice("log files opened anew")
        }
    }

    /// For an end without ceremony.
    func flush() {
        queue.flush(atMost: .seconds(1))
    }

    /// The last line. Nothing may be logged after it.
    func close() {
        let uptime = ContinuousClock.now - began
        mark("ended", ["uptimeSeconds": .stringConvertible(Int(uptime.seconds))])
        queue.flush(atMost: .seconds(5), isLast: true)
    }

    /// Stands in the files whatever `LOG_LEVEL` says.
    private func mark(_ word: String, _ metadata: Logger.Metadata) {
        var places: LogOutput.Places = hasFiles ? [.combined, .error] : []
        if logger.logLevel <= .notice { places.insert(.terminal) }
        queue.write(LogLine(.notice, word, metadata), to: places)
    }

    private static func logger(_ queue: LogQueue, hasFiles: Bool, _ level: Logger.Level) -> Logger {
        var logger = Logger(label: LogLine.service) { _ in LineHandler(queue: queue, hasFiles: hasFiles) }
        logger.logLevel = level
        return logger
    }

    /// On a terminal that understands them, unless the person before it has none of that (no-color.org).
    private static var showsColours: Bool {
        func variable(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
        return isatty(STDERR_FILENO) == 1 && variable("NO_COLOR").isEmpty && variable("TERM") != "dumb"
    }
}

/// Turns what is logged into lines of a ``LogQueue``. Within a request that came with a trace, they carry its id.
private struct LineHandler: LogHandler {
    let queue: LogQueue
    let hasFiles: Bool
    var metadata = Logger.Metadata()
    var metadataProvider: Logger.MetadataProvider? = .trace
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get(), !provided.isEmpty { all.merge(provided) { $1 } }
        if let own = event.metadata { all.merge(own) { $1 } }
        var places: LogOutput.Places = .terminal
        if hasFiles { places.insert(event.level >= .error ? [.combined, .error] : .combined) }
        queue.write(LogLine(event.level, event.message.description, all), to: places)
    }
}

extension Logger {
    /// For the libraries, whose routine is of no interest here.
    var libraries: Logger {
        var logger = self
        logger.logLevel = max(logLevel, .warning)
        return logger
    }

    /// The same with something that all its lines carry, such as the request they are about.
    func child(_ metadata: Logger.Metadata) -> Logger {
        var logger = self
        for (name, value) in metadata { logger[metadataKey: name] = value }
        return logger
    }
}
