import Persistence
import SystemPackage

/// What one attempt is to do, worked out from its claim.
struct ConversionTask: Sendable {
    let claim: Claim
    let step: StepTask
    /// Where the step after this one begins; `nil` after the last.
    private let nextPlace: Place?

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
                claim.content.map { .bytes($0) } ?? .file(blobs.path(of: key)),
                root: claim.source.packaging == .zip ? claim.source.name : nil,
                geometry: claim.source.role == .intermediate ? claim.source.geometry : nil),
            limits: converter.limits.capped(at: timeout), isFirst: job.step == 0,
            isLast: job.step + 1 >= route.count)
        nextPlace = try Self.nextPlace(of: job, route, catalogue.toolbox)
    }

    private static func nextPlace(
        of job: Job, _ route: [RouteStep], _ toolbox: Toolbox
    ) throws(Failure) -> Place? {
        guard route.indices.contains(job.step + 1) else { return nil }
        let step = route[job.step + 1]
        guard let place = toolbox.place(in: step) else {
            throw Failure(
                .toolMissing,
                "The next step needs \(step.converters.joined(separator: " or ")), not installed any more.")
        }
        return place
    }

    var outputKey: BlobKey { .output(of: claim.job.id, attempt: claim.number) }
    var logKey: BlobKey { .log(of: claim.job.id, attempt: claim.number) }

    func filename(isPacked: Bool) -> String {
        DisplayName.ofResult(of: claim.job.sourceFilename, isPacked ? "zip" : step.files.to.name)
    }

    /// What becomes of the job when the step is done.
    func ending(of artifact: NewArtifact, _ record: RunRecord) -> Ending {
        if let nextPlace { return .advanced(artifact, to: nextPlace) }
        let source = step.isFirst ? record.sourceGeometry : claim.original.geometry
        return .succeeded(
            artifact,
            warnings: Fidelity(source: source, result: artifact.geometry, options: step.files.options).warnings)
    }
}
