import Logging
import Synchronization

/// A log that a test can read.
final class RecordedLog: Sendable {
    struct Line: Sendable {
        let level: Logger.Level
        let message: Logger.Message
        let metadata: [String: String]
    }

    private let recorded = Mutex<[Line]>([])

    var lines: [Line] { recorded.withLock { $0 } }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Recorder(log: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Recorder: LogHandler {
        let log: RecordedLog
        var metadata = Logger.Metadata()
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues(\.description)
            log.recorded.withLock { $0.append(Line(level: event.level, message: event.message, metadata: all)) }
        }
    }
}
