import Persistence
import SystemPackage

/// What one attempt is to do, worked out from its claim.
struct ConversionTask: Sendable {
    let claim: Claim
    let converter: Converter
    let tool: InstalledTool
    let files: ConversionFiles
    let limits: ToolLimits
    let sourceKey: BlobKey
    private let step: RouteStep
    private let fallbackTool: String?

    init(_ claim: Claim, _ toolbox: Toolbox, _ timeout: Duration) throws(Failure) {
        guard let step = claim.job.currentStep, let name = claim.job.converter,
            let from = Format.named(step.from), let to = Format.named(step.to), let key = claim.source.blobKey
        else { throw Failure(.internal, "The job's row does not say what to do.") }
        guard let (converter, tool) = toolbox.entry(name) else {
            throw Failure(.toolMissing, "The tool for this step (\(name)) is not installed any more.")
        }
        self.claim = claim
        self.step = step
        self.converter = converter
        self.tool = tool
        files = ConversionFiles(from: from, to: to)
        limits = converter.limits.capped(at: timeout)
        sourceKey = key
        let next = claim.job.choice + 1
        fallbackTool = step.converters.indices.contains(next) ? toolbox.tool(of: step.converters[next]) : nil
        nextTool = try Self.nextTool(of: claim.job, toolbox)
    }

    private static func nextTool(of job: Job, _ toolbox: Toolbox) throws(Failure) -> String? {
        guard let route = job.route, route.indices.contains(job.step + 1) else { return nil }
        let name = route[job.step + 1].converters.first ?? ""
        guard let tool = toolbox.tool(of: name) else {
            throw Failure(.toolMissing, "The tool for the next step (\(name)) is not known any more.")
        }
        return tool
    }

    /// The first tool of the step after this one; `nil` after the last.
    private let nextTool: String?

    var command: Command { converter.command(files) }
    var isLast: Bool { claim.job.step + 1 >= (claim.job.route?.count ?? 1) }
    var outputKey: BlobKey { .output(of: claim.job.id, attempt: claim.number) }
    var logKey: BlobKey { .log(of: claim.job.id, attempt: claim.number) }
    var diagnosis: Diagnosis { Diagnosis(converter: converter, limits: limits) }

    /// The name that is offered at download: the client's, with the new extension.
    func filename(isPacked: Bool) -> String {
        DisplayName.stem(of: claim.job.sourceFilename ?? "") + "." + (isPacked ? "zip" : files.to.name)
    }

    /// What must be done to the numbers. Reads the source, for formats whose files tell their unit.
    func normalisation(of source: FilePath) -> Normalisation {
        converter.normalisation(of: files.from, in: .of(files.from, at: source), to: files.to)
    }

    /// What becomes of the job.
    func ending(of made: Result<NewArtifact, Failure>) -> Ending {
        switch made {
        case .success(let artifact):
            if let nextTool { return .advanced(artifact, tool: nextTool) }
            return .succeeded(artifact, warnings: [])
        case .failure(let failure) where failure.code == .interrupted:
            return .released
        case .failure(let failure):
            if failure.code.allowsFallback, let fallbackTool { return .fellBack(failure, tool: fallbackTool) }
            return .failed(failure)
        }
    }
}
