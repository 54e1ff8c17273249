package import Persistence
package import SystemPackage

/// One attempt, from its workspace to the blob of its output: has the step run, packages and stores what came out.
/// It writes no row; the scheduler does.
package struct Conversion: Sendable {
    let catalogue: Catalogue
    let blobs: BlobStore
    let work: FilePath
    /// `nil` where nobody is sure that no process has a folder open any more: only namespaces see to that.
    private let shelf: WorkspaceShelf?
    /// The longest run of a tool (`CONVERSION_TIMEOUT`).
    let timeout: Duration
    let runner: StepRunner
    let recourse: Recourse
    private let space: DiskSpace

    /// - Parameters:
    ///   - spares: an empty folder beside `work`, for workspaces that may be used again.
    ///   - readers: files that are measured at the same time.
    package init(
        catalogue: Catalogue, launcher: Launcher, blobs: BlobStore, work: FilePath, spares: FilePath, space: DiskSpace,
        timeout: Duration, retries: RetryPolicy, readers: Int
    ) {
        self.catalogue = catalogue
        self.blobs = blobs
        self.work = work
        shelf = launcher.sandbox?.level == .bubblewrap ? WorkspaceShelf(in: spares, most: readers * 2) : nil
        self.space = space
        self.timeout = timeout
        recourse = Recourse(toolbox: catalogue.toolbox, policy: retries)
        runner = StepRunner(
            toolbox: catalogue.toolbox, launcher: launcher, readers: BlockingPool(threads: readers))
    }

    /// What a finished attempt leaves for its row.
    struct Result: Sendable {
        let ending: Ending
        let record: RunRecord
    }

    /// When the job is ended by somebody else, the tool's whole tree is killed.
    ///
    /// - Parameter onToolsEnded: called as soon as no tool of the attempt runs any more, and none will.
    func run(_ claim: Claim, onToolsEnded: @escaping @Sendable () -> Void) async -> Result {
        await runner.launcher.session { leash in
            claim.ended.atEnd(leash.letGo)
            return run(claim, leash, onToolsEnded)
        }
    }

    private func run(_ claim: Claim, _ leash: Leash, _ onToolsEnded: () -> Void) -> Result {
        var record = RunRecord()
        let task: ConversionTask
        do throws(Failure) {
            try space.checkRoom(toWorkOn: claim.source.size ?? 0)
            task = try ConversionTask(claim, catalogue, blobs, timeout)
        } catch {
            return Result(ending: recourse.ending(of: error, claim.job), record: record)
        }
        record.toolVersion = task.step.tool.version
        record.arguments = [task.step.tool.tool.name] + task.step.command.arguments
        let workspace = Workspace(of: claim.job.id, attempt: claim.number, in: work, from: shelf)
        let made = make(task, in: workspace, leash, onToolsEnded, &record)
        defer { FailPoint.workspaceRemoved.pass() }
        switch made {
        case .success(let artifact):
            workspace.giveBack()
            return Result(ending: task.ending(of: artifact, record), record: record)
        case .failure(let failure):
            workspace.remove()
            return Result(ending: recourse.ending(of: failure, claim.job), record: record)
        }
    }

    private func make(
        _ task: ConversionTask, in workspace: Workspace, _ leash: Leash, _ onToolsEnded: () -> Void,
        _ record: inout RunRecord
    ) -> Swift.Result<NewArtifact, Failure> {
        var observation = StepRunner.Observation()
        let made: Swift.Result<NewArtifact, Failure>
        do throws(Failure) {
            let product = try runner.run(task.step, in: workspace, leash, &observation)
            onToolsEnded()
            let stored = try store(product, task, workspace)
            record.log = stored.log
            made = .success(stored.output)
        } catch {
            made = .failure(judged(error))
            record.log = keepLog(of: workspace, task)
        }
        if let report = observation.report { record.note(report) }
        if task.step.isFirst { record.sourceGeometry = observation.source }
        return made
    }

    /// A tool that finds no space says whatever it likes: where none is left beside what it wrote, that is why it failed.
    private func judged(_ failure: Failure) -> Failure {
        guard failure.code != .diskFull, failure.code != .interrupted, !space.hasRoom(toWorkOn: 0) else {
            return failure
        }
        space.ringShort()
        return Failure(.diskFull, "The server's disk was full while the file was worked on.")
    }

    private func store(
        _ product: StepRunner.Product, _ task: ConversionTask, _ workspace: Workspace
    ) throws(Failure) -> (output: NewArtifact, log: NewArtifact?) {
        let isPacked = product.outputs.names.count > 1
        let file = isPacked ? workspace.root.appending("result.zip") : product.main
        if isPacked { try Packaging.zip(product.outputs, to: file) }
        let stored: (output: StoredBlob, log: StoredBlob?)
        do {
            stored = try blobs.adopt(file, as: task.outputKey, log: workspace.log, as: task.logKey)
        } catch {
            throw Failure(storing: error)
        }
        let output = NewArtifact(
            role: task.step.isLast ? .result : .intermediate, blob: stored.output,
            name: isPacked ? task.step.files.resultName : nil, filename: task.filename(isPacked: isPacked),
            format: task.step.files.to.name, packaging: isPacked ? .zip : .file, geometry: product.geometry,
            verifiedBy: product.verifiedBy)
        return (output, stored.log.map { NewArtifact(role: .log, blob: $0) })
    }

    /// What the tool said is kept with the job. An attempt whose log cannot be stored is not worse for it.
    private func keepLog(of workspace: Workspace, _ task: ConversionTask) -> NewArtifact? {
        guard let size = Access.sizeOfFile(workspace.log), size > 0 else { return nil }
        guard let blob = try? blobs.adopt(workspace.log, as: task.logKey) else { return nil }
        return NewArtifact(role: .log, blob: blob)
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
