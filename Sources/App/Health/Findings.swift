import Persistence
import Pipeline

/// What is known of the server's surroundings within a time that was set: what is not known by then is `nil`.
struct Findings: Sendable {
    let write: Write
    let disk: DiskFigures?
    let figures: Figures?
    /// `nil` also when nobody asked for it.
    let lines: [String: Line]?
    let memory: MachineMemory?

    enum Write: Sendable {
        case works(after: Duration)
        /// Others are being served meanwhile.
        case isSlow
        case fails
    }

    /// For who looks whether requests should come here. Leaves some of the 100 ms to the machine.
    static let readiness = Duration.milliseconds(70)
    /// For who wants to know everything, of 200 ms.
    static let full = Duration.milliseconds(150)

    init(_ server: Server, within deadline: Duration, withLines: Bool = false) async {
        let (watch, writer) = (server.watch, server.store.writer)
        let commits = writer.commits
        async let write = watch.write.told(within: deadline)
        async let disk = watch.disk.told(within: deadline)
        async let figures = watch.figures.told(within: deadline)
        async let lines = withLines ? watch.lines.told(within: deadline) : nil
        self.disk = await disk?.answer
        self.figures = await figures?.answer ?? nil
        self.lines = await lines?.answer ?? nil
        memory = MachineMemory.read()
        if let told = await write {
            self.write = told.answer == nil ? .works(after: told.latency) : .fails
        } else {
            self.write = writer.commits > commits ? .isSlow : .fails
        }
    }
}
