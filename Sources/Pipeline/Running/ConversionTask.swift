import Persistence
import SystemPackage

/// What one attempt is to do, worked out from its claim.
struct ConversionTask: Sendable {
    let claim: Claim
    let step: StepTask
    /// The first tool of the step after this one; `nil` after the last.
    private let nextTool: String?

    init(_ claim: Claim, _ catalogue: Catalogue, _ blobs: BlobStore, _ timeout: Duration) throws(Failure) {
        let job = claim.job
        guard let route = job.route, let step = job.currentStep, let name = job.converter,
            let from = Format.named(step.from), let to = Format.named(step.to), let key = claim.source.blobKey
        else { throw Failure(.internal, "The job's row does not say what to do.") }
        guard let (converter, tool) = catalogue.toolbox.entry(name) else {
            throw Failure(.toolMissing, "The tool for this step (\(name)) is not installed any more.")
        }
        if case .failed(let why) = catalogue.trust.verdict(name, from: from, to: to) {
            throw Failure(.toolMissing, "The tool (\(name)) was seen to fail at this on this machine: \(why)")
        }
        self.claim = claim
        self.step = StepTask(
            converter, tool, ConversionFiles(from: from, to: to, options: ConversionOptions(row: job.options)),
            StepTask.Source(
                blobs.path(of: key), root: claim.source.packaging == .zip ? claim.source.name : nil,
                geometry: claim.source.role == .intermediate ? claim.source.geometry : nil),
            limits: converter.limits.capped(at: timeout), isFirst: job.step == 0,
            isLast: job.step + 1 >= route.count)
        nextTool = try Self.nextTool(of: job, route, catalogue.toolbox)
    }

    private static func nextTool(of job: Job, _ route: [RouteStep], _ toolbox: Toolbox) throws(Failure) -> String? {
        guard route.indices.contains(job.step + 1) else { return nil }
        let name = route[job.step + 1].converters.first ?? ""
        guard let tool = toolbox.tool(of: name) else {
            throw Failure(.toolMissing, "The tool for the next step (\(name)) is not known any more.")
        }
        return tool
    }

    var outputKey: BlobKey { .output(of: claim.job.id, attempt: claim.number) }
    var logKey: BlobKey { .log(of: claim.job.id, attempt: claim.number) }

    /// The name that is offered at download: the client's, with the new extension.
    func filename(isPacked: Bool) -> String {
        DisplayName.stem(of: claim.job.sourceFilename ?? "") + "." + (isPacked ? "zip" : step.files.to.name)
    }

    /// What becomes of the job when the step is done.
    func ending(of artifact: NewArtifact, _ record: RunRecord) -> Ending {
        if let nextTool { return .advanced(artifact, tool: nextTool) }
        let source = step.isFirst ? record.sourceGeometry : claim.original.geometry
        return .succeeded(
            artifact,
            warnings: Fidelity(source: source, result: artifact.geometry, options: step.files.options).warnings)
    }

    /// What becomes of the job when it is not.
    static func ending(of failure: Failure, _ claim: Claim, _ toolbox: Toolbox) -> Ending {
        if failure.code == .interrupted { return .released }
        let next = claim.job.choice + 1
        if failure.code.allowsFallback, let step = claim.job.currentStep, step.converters.indices.contains(next),
            let tool = toolbox.tool(of: step.converters[next])
        {
            return .fellBack(failure, tool: tool)
        }
        return .failed(failure)
    }
}
