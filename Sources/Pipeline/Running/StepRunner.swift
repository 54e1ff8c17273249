import Persistence
import SystemPackage

/// Runs one step in a workspace: lays out what the tool reads, runs it, brings its result into the wanted unit and axes,
/// and verifies it. Stores nothing. All of it blocks: it is for the thread of a launcher's session.
struct StepRunner: Sendable {
    let toolbox: Toolbox
    let launcher: Launcher
    /// For what is read beside a tool that runs.
    let readers: BlockingPool

    /// What a step has made; it lies in the workspace.
    struct Product: Sendable {
        let outputs: Outputs
        let main: FilePath
        /// With what its numbers mean.
        let geometry: Geometry
        let verifiedBy: String
    }

    /// What is learned of a step, however it ends.
    struct Observation: Sendable {
        var report: RunReport?
        var source: Geometry?
    }

    /// When it returns, no tool runs any more.
    func run(
        _ task: StepTask, in workspace: Workspace, _ leash: Leash, _ observation: inout Observation
    ) throws(Failure) -> Product {
        let source = try prepare(task, in: workspace)
        let geometry = source.geometry == nil ? readers.begin { Self.facts(of: source.model, task.files.from) } : nil
        let report = launcher.run(
            ToolCall(task.tool, task.command, inputs: source.inputs), in: workspace, limits: task.limits, leash)
        FailPoint.toolEnded.pass()
        observation.source = (source.geometry ?? geometry?.result())?.with(source.meant)
        observation.report = report
        if let failure = task.diagnosis.failure(of: report, log: workspace.logTail(limit: 16 << 10)) { throw failure }
        return try finish(task, in: workspace, leash, source.change)
    }

    private struct Laid: Sendable {
        let inputs: ToolCall.Inputs
        let model: FilePath
        /// What its numbers mean.
        let meant: Frame
        let change: Numbers.Change
        /// `nil` where it takes so long to find out that the tool does not wait for it.
        let geometry: Geometry?
    }

    /// In bytes: what is smaller is measured at once.
    private static let largeModel: Int64 = 1 << 20

    /// Makes the workspace, and brings the source into the target's unit and axes where we cannot do that to the result.
    private func prepare(_ task: StepTask, in workspace: Workspace) throws(Failure) -> Laid {
        try workspace.make()
        FailPoint.workspaceMade.pass()
        var source = try LaidSource(task, in: workspace)
        let numbers = task.numbers(of: source.model)
        let change = numbers.change(task.converter, from: task.files.from, to: task.files.to)
        let isChanged = !change.normalisation.isIdentity && !Normalisation.isPossible(in: task.files.to)
        let isLarge = Access.sizeOfFile(source.model) ?? 0 > Self.largeModel
        let isLater = isLarge && !isChanged
        let geometry = task.source.geometry ?? (isLater ? nil : Self.facts(of: source.model, task.files.from))
        if isChanged, let kind = Reading.Kind(task.files.from) {
            try source.normalise(change.normalisation, kind)
        }
        return Laid(
            inputs: source.inputs, model: source.model, meant: numbers.meant, change: change, geometry: geometry)
    }

    /// What a reader of ours finds in the source; what it cannot read is left to the tool to judge.
    private static func facts(of model: FilePath, _ format: Format) -> Geometry {
        let measured = Reading.Kind(format).flatMap { try? Reading.measure(model.string, format: $0) }
        return measured ?? Geometry()
    }

    private func finish(
        _ task: StepTask, in workspace: Workspace, _ leash: Leash, _ change: Numbers.Change
    ) throws(Failure) -> Product {
        let outputs = try Outputs(of: workspace.out, most: task.limits.output)
        guard outputs.contains(task.files.resultName) else {
            throw Failure(.emptyResult, "The tool ended well but wrote no result.")
        }
        let main = outputs.path(of: task.files.resultName)
        if !change.normalisation.isIdentity, Normalisation.isPossible(in: task.files.to),
            let kind = Reading.Kind(task.files.to)
        {
            try change.normalisation.carryOut(on: main, kind)
        }
        let finding = try Verification(toolbox: toolbox, launcher: launcher, leash: leash).verify(
            Verification.Subject(
                file: main, folder: outputs.names.count > 1 ? workspace.out : nil, format: task.files.to,
                limits: task.limits),
            in: workspace)
        FailPoint.resultVerified.pass()
        return Product(
            outputs: outputs, main: main, geometry: finding.geometry.with(frame(of: main, task, change)),
            verifiedBy: finding.verifiedBy)
    }

    /// What the numbers of the result mean: where they mean anything, the file has the last word. Assimp, for one, writes
    /// the scale of a scene's root as the unit of a Collada file.
    private func frame(of main: FilePath, _ task: StepTask, _ change: Numbers.Change) -> Frame {
        guard change.frame != .unknown, let told = Frame.told(by: main, task.files.to) else { return change.frame }
        return Frame(
            metresPerUnit: change.frame.metresPerUnit.map { told.metresPerUnit ?? $0 },
            up: change.frame.up.map { told.up ?? $0 })
    }
}
