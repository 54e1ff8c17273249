import Persistence

/// What the launcher tells of one run: one line of `key=value`.
struct RunReport: Sendable {
    enum Outcome: String, Sendable {
        /// By itself, with an exit code.
        case exited
        /// By a signal, its own or the kernel's.
        case signaled
        /// The wall clock ran out.
        case timedOut
        /// We asked for its end.
        case stopped
        /// All its processes together went beyond the cap, seen by the launcher: of memory, of their number, of what they
        /// wrote.
        case memory, processes, output
        /// The program could not be started.
        case spawn
        /// The sandbox could not be set up.
        case sandbox
        /// The launcher itself was killed: nothing is known.
        case unknown
    }

    let outcome: Outcome
    let code: Int
    let signal: Int
    let cpuSeconds: Double?
    let peakMemoryBytes: Int64?
    let wall: Duration?
    /// How many processes the kernel killed because the control group had no memory left.
    let memoryKills: Int

    init(line: String) {
        var fields: [Substring: Substring] = [:]
        for field in line.split(whereSeparator: \.isWhitespace) {
            guard let equals = field.firstIndex(of: "=") else { continue }
            fields[field[..<equals]] = field[field.index(after: equals)...]
        }
        func number(_ name: Substring) -> Int64? { fields[name].flatMap { Int64($0) } }
        outcome = fields["outcome"].flatMap { Outcome(rawValue: String($0)) } ?? .unknown
        code = Int(number("code") ?? -1)
        signal = Int(number("signal") ?? 0)
        cpuSeconds = number("cpuMicroseconds").map { Double($0) / 1_000_000 }
        peakMemoryBytes = number("peakMemoryBytes")
        wall = number("wallMicroseconds").map { .microseconds($0) }
        memoryKills = Int(number("memoryKills") ?? 0)
    }

    /// A few words for a sentence.
    var summary: String {
        switch outcome {
        case .exited: "it ended with exit code \(code)"
        case .signaled: "it was ended by \(SignalName.of(signal))"
        case .timedOut: "it took too long"
        case .stopped: "it was stopped"
        case .memory: "it used too much memory"
        case .processes: "it started too many processes"
        case .output: "it wrote too much"
        case .spawn: "the program could not be started"
        case .sandbox: "the sandbox could not be set up"
        case .unknown: "its end is unknown"
        }
    }
}
