package import Persistence
import Synchronization
import SystemPackage

/// A model on its way in, of one file or several. A single task feeds it, and ends with `accept`.
package final class Upload: Sendable {
    package let job: Job.ID
    private let arrival: Arrival
    private let intake: Intake
    private let staged: StagedBlob
    private let ended: Endings.Watch
    /// What is known by now, for the row of an upload that is refused.
    private let known: Mutex<Known>

    private struct Known {
        var filename: String?
        /// The files that were begun, and where each begins.
        var files: [(filename: String?, start: Int64)] = []
        /// Their names as others would take them; empty as long as there is only one.
        var taken: Set<String> = []
        var sourceFormat: String?
        var targetFormat: String?
    }

    init(job: Job.ID, arrival: Arrival, intake: Intake) {
        self.job = job
        self.arrival = arrival
        self.intake = intake
        staged = intake.store.blobs.stage(for: job)
        ended = intake.store.jobs.endings.watch(job)
        known = Mutex(Known(filename: arrival.filename, targetFormat: arrival.targetFormat))
    }

    /// Begins the next file, of perhaps several; needless for a single one without a name of its own. Folders in the
    /// names of several are kept, as the files need them to find each other. Throws where two cannot be told apart.
    package func begin(_ filename: String?) throws(Refusal) {
        let start = staged.size
        let isTwice = known.withLock { known in
            known.files.append((filename, start))
            guard known.files.count > 1 else {
                known.filename = filename.flatMap(DisplayName.clean)
                return false
            }
            if known.files.count == 2 { known.taken = [Self.folded(known.files[0].filename)] }
            return !known.taken.insert(Self.folded(filename)).inserted
        }
        if isTwice {
            let name = filename.flatMap(ModelNames.relative) ?? ""
            throw Refusal(
                .malformedRequest,
                "Two of the files have the same name, \(ZipFault.shown(name)). Each needs a filename of its own.")
        }
    }

    private static func folded(_ filename: String?) -> String {
        filename.flatMap(ModelNames.relative).map(ZipName.folded) ?? ""
    }

    /// Takes the next bytes. Returns whether `drain` should be awaited before more are taken.
    package func take(_ bytes: UnsafeRawBufferPointer) throws(Refusal) -> Bool {
        if ended.isOver { throw .cancelled }
        let isFull = staged.take(bytes)
        try intake.checkSize(staged.size)
        return isFull
    }

    /// What has arrived, in bytes.
    var size: Int64 { staged.size }

    /// Waits for the disk.
    package func drain() async throws {
        try await staged.drain()
    }

    /// The upload is complete: recognises it, checks what it refers to, plans its route, keeps it, and acknowledges
    /// the job.
    ///
    /// - Parameter root: the name of the model among several files.
    package func accept(
        target: Format, options: ConversionOptions = ConversionOptions(), tag: String? = nil, root: String? = nil,
        priority: Job.Priority = .normal
    ) async throws -> Dossier {
        known.withLock { $0.targetFormat = target.name }
        guard staged.size > 0 else { throw Refusal(.emptyFile, "The file is empty.") }
        let packed = try await pack()
        defer { packed?.discard() }
        let request = request(packed, target: target, root: root, parameterSet: options.parameterSet)
        let (finding, blob) = try await keep(packed) { [self] bytes in
            let examined = try Examination(of: bytes, request)
            known.withLock { $0.sourceFormat = examined.format.name }
            let plan = try intake.catalogue.plan(
                PlanRequest(
                    from: examined.format, to: target, options: options, isAnimated: examined.isAnimated))
            return (examined: examined, plan: plan)
        }
        let acceptance = Acceptance(
            source: source(blob, packed, finding.examined), targetFormat: target.name, options: options.json,
            route: finding.plan.route, tool: finding.plan.tool, tag: tag, priority: priority,
            warnings: finding.examined.warnings, reuse: reuse(by: finding.plan))
        guard let dossier = try await intake.store.jobs.enqueue(job, acceptance) else {
            try await intake.store.blobs.discard(blob.key)
            throw Refusal.cancelled
        }
        intake.telemetry.accepted(dossier.job)
        if dossier.job.status == .pending { intake.doorbell.ring(for: finding.plan.tool) }
        return dossier
    }

    /// Not of programs that use libraries: those may change while the program's content stays.
    private func reuse(by plan: Plan) -> Reuse? {
        let isWhole = plan.source != .scad || intake.libraries.isEmpty
        guard intake.reusesResults, isWhole, arrival.caching != .forbidden else { return nil }
        let names = Set(plan.route.flatMap(\.converters))
        let versions = names.compactMap { name in
            intake.catalogue.toolbox.entry(name).map { (name, $0.tool.version) }
        }
        let filename = known.withLock { $0.filename } ?? ""
        return Reuse(
            mayTake: arrival.caching == .allowed, version: intake.store.version,
            toolVersions: Dictionary(uniqueKeysWithValues: versions),
            filenames: [
                .file: DisplayName.ofResult(of: filename, plan.target.name),
                .zip: DisplayName.ofResult(of: filename, "zip"),
            ])
    }

    /// Several files as one zip; nil for a single file.
    private func pack() async throws -> ModelPacking? {
        let (files, end) = (known.withLock { $0.files }, staged.size)
        guard files.count > 1 else { return nil }
        let ends = files.dropFirst().map(\.start) + [end]
        let parts = zip(files, ends).enumerated().map { index, file in
            ModelPacking.Part(
                name: file.0.filename.flatMap(ModelNames.relative) ?? "file \(index + 1)", range: file.0.start..<file.1)
        }
        let packing = ModelPacking(file: intake.store.folder.staging.appending("\(job).zip"))
        let received = try await staged.file()
        try await intake.store.blobs.perform { try packing.pack(parts, of: received) }
        return packing
    }

    private func request(
        _ packed: ModelPacking?, target: Format, root: String?, parameterSet: String?
    ) -> Examination.Request {
        let planner = intake.catalogue.planner
        return Examination.Request(
            filename: known.withLock { $0.filename }, root: root?.isEmpty == true ? nil : root, isPacked: packed != nil,
            caps: intake.limits.archive,
            libraries: intake.libraries, parameterSet: parameterSet,
            isUseful: { planner.route(from: $0, to: target) != nil })
    }

    /// The bytes under their key, if `examine` finds nothing wrong with them.
    private func keep<Finding: Sendable>(
        _ packed: ModelPacking?, _ examine: @escaping @Sendable (StagedBytes) throws -> Finding
    ) async throws -> (Finding, StoredBlob) {
        let (key, blobs) = (BlobKey.source(of: job), intake.store.blobs)
        guard let packed else { return try await staged.commit(as: key, after: examine) }
        let finding = try await blobs.perform { try examine(StagedBytes { packed.file }) }
        return (finding, try await blobs.perform { try blobs.adopt(packed.file, as: key) })
    }

    /// A model of several files is offered as a zip named after what was sent, or its root.
    private func source(_ blob: StoredBlob, _ packed: ModelPacking?, _ examined: Examination) -> NewArtifact {
        var filename = packed == nil ? known.withLock { $0.filename } : nil
        if let root = examined.root {
            filename = DisplayName.stem(of: filename ?? DisplayName.clean(root) ?? "") + ".zip"
        }
        return NewArtifact(
            role: .source, blob: blob, name: examined.root, filename: filename ?? "model.\(examined.format.name)",
            format: examined.format.name, packaging: examined.root == nil ? .file : .zip)
    }

    /// The row of an upload that did not become a job.
    func end(with error: any Error) async {
        let failure = Failure(ending: error)
        let known = known.withLock { $0 }
        do {
            let verdict = try await intake.store.jobs.refuse(
                job, failure, filename: known.filename, sourceFormat: known.sourceFormat,
                targetFormat: known.targetFormat)
            if verdict == .committed { intake.telemetry.refused(job, failure, request: arrival.requestId) }
        } catch {
            // The row stays `uploading` and is failed by the next start.
            intake.telemetry.troubled("refuse", error)
        }
    }
}

extension Refusal {
    fileprivate static let cancelled = Refusal(.cancelled, "The job was cancelled while its file arrived.")
}

extension Failure {
    fileprivate init(ending error: any Error) {
        switch error {
        case let refusal as Refusal where refusal.kind == .requestTimeout:
            self = Failure(.uploadAborted, refusal.sentence)
        case let refusal as Refusal:
            self = Failure(Failure.Code(rawValue: refusal.kind.rawValue) ?? .rejected, refusal.sentence)
        case let error as SystemError where error.isDiskFull:
            self = Failure(.diskFull, "The server's disk is full.")
        default:
            self = Failure(.uploadAborted, "The upload broke off before it was complete.")
        }
    }
}
