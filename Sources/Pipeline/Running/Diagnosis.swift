import Glibc
import Persistence

/// What the end of a run means, in the words of `Failure`; by exit code, signal and limits, never by guessing from text.
struct Diagnosis {
    let converter: Converter
    let limits: ToolLimits

    /// `nil` when the tool says that it succeeded.
    func failure(of report: RunReport, log: @autoclosure () -> String) -> Failure? {
        let tool = converter.name
        switch report.outcome {
        // Some tools end well whatever happened: what they say is all there is.
        case .exited where report.code == 0: return converter.explain(0, log())
        case .exited where report.memoryKills > 0, .signaled where report.memoryKills > 0, .memory: return outOfMemory
        case .exited:
            return converter.explain(report.code, log())
                ?? Failure(.toolFailed, "The tool (\(tool)) gave up with exit code \(report.code).")
        case .signaled: return failure(ofSignal: report)
        case .timedOut:
            return Failure(.timedOut, "The tool (\(tool)) took longer than \(Int(limits.timeout.seconds)) seconds.")
        case .processes:
            return Failure(.toolFailed, "The tool (\(tool)) started more than \(limits.processes) processes.")
        case .output:
            return Failure(.outputTooLarge, "The tool (\(tool)) wrote more than \(limits.output >> 20) MiB.")
        case .spawn: return Failure(.toolMissing, "The tool (\(tool)) could not be started.")
        case .sandbox: return Failure(.internal, "The sandbox around the tool (\(tool)) could not be set up.")
        case .stopped: return Failure(.interrupted, "The run of the tool (\(tool)) was interrupted.")
        case .unknown: return Failure(.internal, "Nothing is known of how the tool (\(tool)) ended.")
        }
    }

    private var outOfMemory: Failure {
        Failure(.outOfMemory, "The tool (\(converter.name)) needed more than \(limits.memory >> 20) MiB of memory.")
    }

    private func failure(ofSignal report: RunReport) -> Failure {
        let tool = converter.name
        switch CInt(report.signal) {
        case SIGXCPU: return Failure(.timedOut, "The tool (\(tool)) used more processor time than it may.")
        case SIGXFSZ: return Failure(.outputTooLarge, "The tool (\(tool)) wrote a file larger than it may.")
        default:
            let peak = report.peakMemoryBytes ?? 0
            // Without a memory cgroup nobody knows whether the cap was the cause: say what is known.
            let hint = peak > limits.memory / 10 * 9 ? ", near its memory cap" : ""
            return Failure(.crashed, "The tool (\(tool)) crashed with \(SignalName.of(report.signal))\(hint).")
        }
    }
}

/// Signals as people know them.
enum SignalName {
    private static let names: [CInt: String] = [
        SIGHUP: "SIGHUP", SIGINT: "SIGINT", SIGQUIT: "SIGQUIT", SIGILL: "SIGILL", SIGTRAP: "SIGTRAP",
        SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE", SIGKILL: "SIGKILL", SIGSEGV: "SIGSEGV",
        SIGPIPE: "SIGPIPE",
        SIGALRM: "SIGALRM", SIGTERM: "SIGTERM", SIGXCPU: "SIGXCPU", SIGXFSZ: "SIGXFSZ", SIGSYS: "SIGSYS",
    ]

    static func of(_ number: Int) -> String {
        names[CInt(truncatingIfNeeded: number)] ?? "signal \(number)"
    }
}
