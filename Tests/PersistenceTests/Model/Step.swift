/// One thing that can happen next. What is not possible in a state does nothing there.
enum Step: Hashable {
    case receive(Int)
    case breakOff(Int)
    case accept(Int)
    case cancel(Int)
    case retry(Int)
    case claim(worker: Int, tool: String)
    case finish(worker: Int, How)
    case promote
    case crash
    /// The next life begins, and its start comes so far.
    case start(Start)
    case stop

    enum How: CaseIterable {
        case succeed, advance, fallBack, postpone, fail, release
    }

    enum Start: CaseIterable {
        case breaksOff, recovers
    }

    static let tools = ["openscad", "assimp", "blender"]

    static let all: [Step] = {
        let ofJobs = (0..<2).flatMap { [receive($0), breakOff($0), accept($0), cancel($0), retry($0)] } + [cancel(2)]
        let ofWorkers = (0..<2).flatMap { worker in
            tools.map { claim(worker: worker, tool: $0) } + How.allCases.map { finish(worker: worker, $0) }
        }
        return ofJobs + ofWorkers + [promote, crash, stop] + Start.allCases.map { start($0) }
    }()
}
