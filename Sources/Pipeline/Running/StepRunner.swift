import Persistence
import SystemPackage

/// Runs one step in a workspace: lays out what the tool reads, runs it, brings its result into the wanted unit and axes,
/// and verifies it. Stores nothing.
struct StepRunner: Sendable {
    let toolbox: Toolbox
    let launcher: Launcher
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

    func run(
        _ task: StepTask, in workspace: Workspace, _ observation: inout Observation
    ) async throws(Failure) -> Product {
        let source = try await prepare(task, in: workspace)
        async let geometry = facts(of: source, task)
        let report = await launcher.run(
            ToolCall(task.tool, task.command, inputs: source.inputs), in: workspace, limits: task.limits)
        observation.source = await geometry.with(source.meant)
        observation.report = report
        if let failure = task.diagnosis.failure(of: report, log: workspace.logTail(limit: 16 << 10)) { throw failure }
        return try await finish(task, in: workspace, source.change)
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
    private func prepare(_ task: StepTask, in workspace: Workspace) async throws(Failure) -> Laid {
        try await readers.attempt { () throws(Failure) in
            try workspace.make()
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
    }

    private func facts(of source: Laid, _ task: StepTask) async -> Geometry {
        if let geometry = source.geometry { return geometry }
        // The closure does not throw, and neither does the pool.
        return (try? await readers.run { Self.facts(of: source.model, task.files.from) }) ?? Geometry()
    }

    /// What a reader of ours finds in the source; what it cannot read is left to the tool to judge.
    private static func facts(of model: FilePath, _ format: Format) -> Geometry {
        let measured = Reading.Kind(format).flatMap { try? Reading.measure(model.string, format: $0) }
        return measured ?? Geometry()
    }

    private func finish(
        _ task: StepTask, in workspace: Workspace, _ change: Numbers.Change
    ) async throws(Failure) -> Product {
        let outputs = try Outputs(of: workspace.out)
        guard outputs.contains(task.files.resultName) else {
            throw Failure(.emptyResult, "The tool ended well but wrote no result.")
        }
        let main = outputs.path(of: task.files.resultName)
        if !change.normalisation.isIdentity, Normalisation.isPossible(in: task.files.to),
            let kind = Reading.Kind(task.files.to)
        {
            try await readers.attempt { () throws(Failure) in try change.normalisation.carryOut(on: main, kind) }
        }
        let finding = try await Verification(toolbox: toolbox, launcher: launcher, readers: readers).verify(
            Verification.Subject(
                file: main, folder: outputs.names.count > 1 ? workspace.out : nil, format: task.files.to,
                limits: task.limits),
            in: workspace)
        return Product(
            outputs: outputs, main: main, geometry: finding.geometry.with(await frame(of: main, task, change)),
            verifiedBy: finding.verifiedBy)
    }

    /// What the numbers of the result mean: where they mean anything, the file has the last word. Assimp, for one, writes
    /// the scale of a scene's root as the unit of a Collada file.
    private func frame(of main: FilePath, _ task: StepTask, _ change: Numbers.Change) async -> Frame {
        let format = task.files.to
        // The closure does not throw, and neither does the pool.
        let told = change.frame == .unknown ? nil : try? await readers.run { Frame.told(by: main, format) }
        guard let told = told ?? nil else { return change.frame }
        return Frame(
            metresPerUnit: change.frame.metresPerUnit.map { told.metresPerUnit ?? $0 },
            up: change.frame.up.map { told.up ?? $0 })
    }
}
