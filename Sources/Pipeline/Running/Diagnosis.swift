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
        case .exited:
            return converter.explain(report.code, log())
                ?? Failure(.toolFailed, "The tool (\(tool)) gave up with exit code \(report.code).")
        case .signaled: return failure(ofSignal: report)
        case .timedOut:
            return Failure(.timedOut, "The tool (\(tool)) took longer than \(Int(limits.timeout.seconds)) seconds.")
        case .spawn: return Failure(.toolMissing, "The tool (\(tool)) could not be started.")
        case .sandbox: return Failure(.internal, "The sandbox around the tool (\(tool)) could not be set up.")
        case .stopped: return Failure(.interrupted, "The run of the tool (\(tool)) was interrupted.")
        case .unknown: return Failure(.internal, "Nothing is known of how the tool (\(tool)) ended.")
        }
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
            return Failure(.crashed, "The tool (\(tool)) crashed with signal \(report.signal)\(hint).")
        }
    }
}
