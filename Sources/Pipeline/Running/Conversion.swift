package import Persistence
package import SystemPackage

/// One attempt, from its workspace to the blob of its output: runs the tool, verifies, normalises, packages and stores.
/// It writes no row; the scheduler does.
package struct Conversion: Sendable {
    let toolbox: Toolbox
    let launcher: Launcher
    let blobs: BlobStore
    let work: FilePath
    /// The longest run of a tool (`CONVERSION_TIMEOUT`).
    let timeout: Duration
    private let readers: BlockingPool

    package init(
        toolbox: Toolbox, launcher: Launcher, blobs: BlobStore, work: FilePath, timeout: Duration, readers: Int
    ) {
        self.toolbox = toolbox
        self.launcher = launcher
        self.blobs = blobs
        self.work = work
        self.timeout = timeout
        self.readers = BlockingPool(threads: readers)
    }

    /// What a finished attempt leaves for its row.
    struct Result: Sendable {
        let ending: Ending
        let record: RunRecord
    }

    func run(_ claim: Claim) async -> Result {
        var record = RunRecord()
        do throws(Failure) {
            let task = try ConversionTask(claim, toolbox, timeout)
            record.toolVersion = task.tool.version
            record.arguments = [task.tool.tool.name] + task.command.arguments
            let workspace = Workspace(of: claim.job.id, attempt: claim.number, in: work)
            let made = await make(task, in: workspace, &record)
            await discard(workspace)
            return Result(ending: task.ending(of: made), record: record)
        } catch {
            return Result(ending: .failed(error), record: record)
        }
    }

    private func make(
        _ task: ConversionTask, in workspace: Workspace, _ record: inout RunRecord
    ) async -> Swift.Result<NewArtifact, Failure> {
        do throws(Failure) {
            let source = try await prepare(task, in: workspace)
            let report = await launcher.run(
                ToolCall(task.tool, task.command, inputs: .file(source.file, name: task.files.sourceName)),
                in: workspace, limits: task.limits)
            record.note(report)
            let failure = task.diagnosis.failure(of: report, log: workspace.logTail(limit: 16 << 10))
            record.log = await keepLog(of: workspace, task)
            if let failure { throw failure }
            return .success(try await finish(task, in: workspace, source))
        } catch {
            return .failure(error)
        }
    }

    /// What the tool reads, and what its numbers mean.
    private struct Source: Sendable {
        let file: FilePath
        let normalisation: Normalisation
    }

    /// Makes the workspace. What the tool reads is the blob itself, or a copy brought into the target's unit and axes where
    /// we cannot do that to the result.
    private func prepare(_ task: ConversionTask, in workspace: Workspace) async throws(Failure) -> Source {
        let blob = blobs.path(of: task.sourceKey)
        return try await readers.attempt { () throws(Failure) in
            try workspace.make()
            let normalisation = task.normalisation(of: blob)
            guard !normalisation.isIdentity, !Normalisation.isPossible(in: task.files.to),
                Normalisation.isPossible(in: task.files.from), let kind = Reading.Kind(task.files.from)
            else { return Source(file: blob, normalisation: normalisation) }
            let copy = workspace.root.appending(task.files.sourceName)
            try Files.copy(blob, to: copy)
            try normalisation.carryOut(on: copy, kind)
            return Source(file: copy, normalisation: normalisation)
        }
    }

    private func finish(
        _ task: ConversionTask, in workspace: Workspace, _ source: Source
    ) async throws(Failure) -> NewArtifact {
        let outputs = try Outputs(of: workspace.out)
        guard outputs.contains(task.files.resultName) else {
            throw Failure(.emptyResult, "The tool ended well but wrote no result.")
        }
        let main = outputs.path(of: task.files.resultName)
        if !source.normalisation.isIdentity, Normalisation.isPossible(in: task.files.to),
            let kind = Reading.Kind(task.files.to)
        {
            try await readers.attempt { () throws(Failure) in try source.normalisation.carryOut(on: main, kind) }
        }
        let finding = try await Verification(launcher: launcher, readers: readers).verify(
            Verification.Result(
                file: main, format: task.files.to, converter: task.converter, tool: task.tool, limits: task.limits),
            in: workspace)
        return try await store(outputs, main, finding, task, workspace)
    }

    private func store(
        _ outputs: Outputs, _ main: FilePath, _ finding: Verification.Finding, _ task: ConversionTask,
        _ workspace: Workspace
    ) async throws(Failure) -> NewArtifact {
        let isPacked = outputs.names.count > 1
        let file = isPacked ? workspace.root.appending("result.zip") : main
        if isPacked {
            try await readers.attempt { () throws(Failure) in try Packaging.zip(outputs, to: file) }
        }
        let blob: StoredBlob
        do {
            blob = try await blobs.adopt(file, as: task.outputKey)
        } catch {
            throw Failure(storing: error)
        }
        return NewArtifact(
            role: task.isLast ? .result : .intermediate, blob: blob,
            filename: task.filename(isPacked: isPacked), format: task.files.to.name, packaging: isPacked ? .zip : .file,
            geometry: finding.geometry, verifiedBy: finding.verifiedBy)
    }

    /// What the tool said is kept with the job. An attempt whose log cannot be stored is not worse for it.
    private func keepLog(of workspace: Workspace, _ task: ConversionTask) async -> NewArtifact? {
        guard let size = Access.sizeOfFile(workspace.log), size > 0 else { return nil }
        guard let blob = try? await blobs.adopt(workspace.log, as: task.logKey) else { return nil }
        return NewArtifact(role: .log, blob: blob)
    }

    private func discard(_ workspace: Workspace) async {
        // `remove` cannot fail, and neither can the pool.
        try? await readers.run { workspace.remove() }
    }
}

extension RunRecord {
    fileprivate mutating func note(_ report: RunReport) {
        exitCode = report.outcome == .exited ? report.code : nil
        signal = report.signal > 0 ? report.signal : nil
        cpuSeconds = report.cpuSeconds
        peakMemoryBytes = report.peakMemoryBytes
    }
}
