import Dispatch
import Foundation
import Glibc
import Logging
import Synchronization

/// Lines on their way to the ``LogOutput``. A thread of its own writes them, so that a slow disk or terminal holds
/// nobody up; what would make more than ``limit`` bytes wait is dropped, and the log says how much was.
final class LogQueue: Sendable {
    /// In bytes.
    private static let limit = 8 << 20

    private enum Item {
        case entry(LogOutput.Entry)
        case reopen
        /// Signalled when all before it is written.
        case told(DispatchSemaphore, isLast: Bool)
    }

    private struct State {
        var items: [Item] = []
        var bytes = 0
        var dropped = 0
    }

    let format: LogFormat
    private let state = Mutex(State())
    private let output: Mutex<LogOutput>
    private let work = DispatchSemaphore(value: 0)

    init(_ output: LogOutput, _ format: LogFormat) {
        self.output = Mutex(output)
        self.format = format
        Thread.detachNewThread { self.serve() }
    }

    func write(_ line: LogLine, to places: LogOutput.Places) {
        let entry = format.entry(line, places)
        let isFirst = state.withLock { state in
            guard state.bytes < Self.limit else {
                state.dropped += 1
                return false
            }
            state.bytes += entry.terminal.count + entry.file.count
            state.items.append(.entry(entry))
            return state.items.count == 1
        }
        if isFirst { work.signal() }
    }

    func reopen() {
        add(.reopen)
    }

    /// Waits until what was logged before is written, at most so long: a disk that hangs cannot hold up the end.
    func flush(atMost time: DispatchTimeInterval, isLast: Bool = false) {
        let done = DispatchSemaphore(value: 0)
        add(.told(done, isLast: isLast))
        _ = done.wait(timeout: .now() + time)
    }

    private func add(_ item: Item) {
        let isFirst = state.withLock { state in
            state.items.append(item)
            return state.items.count == 1
        }
        if isFirst { work.signal() }
    }

    private func serve() {
        // A reader of standard error that is gone must not end the server.
        var broken = sigset_t()
        sigemptyset(&broken)
        sigaddset(&broken, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &broken, nil)
        var isLast = false
        while !isLast {
            work.wait()
            let (items, dropped) = state.withLock { state in
                defer { state = State() }
                return (state.items, state.dropped)
            }
            isLast = output.withLock { serve(items, dropped, &$0) }
        }
    }

    /// Whether it was told that nothing more comes.
    private func serve(_ items: [Item], _ dropped: Int, _ output: inout LogOutput) -> Bool {
        var entries: [LogOutput.Entry] = []
        var isLast = false
        func write() {
            if !entries.isEmpty { output.write(entries, format) }
            entries = []
        }
        if dropped > 0 {
            let line = LogLine(.warning, "lines of the log were dropped", ["dropped": .stringConvertible(dropped)])
            entries.append(format.entry(line, [.terminal, .combined]))
        }
        for item in items {
            switch item {
            case .entry(let entry): entries.append(entry)
            case .reopen:
                write()
                output.reopen(format)
            case .told(let done, let ends):
                write()
                isLast = isLast || ends
                if ends { output.close() }
                done.signal()
            }
        }
        write()
        return isLast
    }
}
