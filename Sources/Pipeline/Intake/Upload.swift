package import Persistence
import Synchronization
import SystemPackage

/// One file on its way in. A single task feeds it, and ends with `accept`.
package final class Upload: Sendable {
    package let job: Job.ID
    private let arrival: Arrival
    private let intake: Intake
    private let staged: StagedBlob
    /// What is known by now, for the row of an upload that is refused.
    private let known: Mutex<Known>

    private struct Known {
        var filename: String?
        var sourceFormat: String?
        var targetFormat: String?
    }

    init(job: Job.ID, arrival: Arrival, intake: Intake) {
        self.job = job
        self.arrival = arrival
        self.intake = intake
        staged = intake.store.blobs.stage(for: job)
        known = Mutex(Known(filename: arrival.filename, targetFormat: arrival.targetFormat))
    }

    /// The client's name of the file; only its last part is kept, and only for display.
    package func name(_ filename: String) {
        known.withLock { $0.filename = DisplayName.clean(filename) }
    }

    /// Takes the next bytes. Returns whether `drain` should be awaited before more are taken.
    package func take(_ bytes: UnsafeRawBufferPointer) throws(Refusal) -> Bool {
        let isFull = staged.take(bytes)
        try intake.checkSize(staged.size)
        return isFull
    }

    /// Waits for the disk.
    package func drain() async throws {
        try await staged.drain()
    }

    /// The target by its name or extension, or what was wrong with it.
    package static func target(named name: String) throws(Refusal) -> Format {
        if let format = Format.named(name) { return format }
        let hint = Format.nearest(to: name).map { " Did you mean \($0.name)?" } ?? ""
        let known = Format.all.map(\.name).joined(separator: ", ")
        throw Refusal(.unknownFormat, "There is no format named \"\(name.prefix(40))\".\(hint) Known are: \(known).")
    }

    /// The file is complete: recognises it, checks what it refers to, plans its route, keeps it, and acknowledges the job.
    package func accept(
        target: Format, options: ConversionOptions = ConversionOptions(), tag: String? = nil
    ) async throws -> Job {
        known.withLock { $0.targetFormat = target.name }
        guard staged.size > 0 else { throw Refusal(.emptyFile, "The file is empty.") }
        let filename = known.withLock { $0.filename }
        let examined = try await examine(filename: filename)
        known.withLock { $0.sourceFormat = examined.format.name }
        let plan = try intake.catalogue.planner.plan(
            PlanRequest(
                from: examined.format, to: target, options: options, isAnimated: examined.isAnimated))
        let blob = try await staged.commit(as: .source(of: job))
        let source = NewArtifact(
            role: .source, blob: blob, filename: filename ?? "model.\(examined.format.name)",
            format: examined.format.name)
        let acceptance = Acceptance(
            source: source, targetFormat: target.name, options: options.json, route: plan.route,
            tool: plan.tool, tag: tag,
            warnings: examined.warnings)
        guard let row = try await intake.store.jobs.enqueue(job, acceptance) else {
            try await intake.store.blobs.discard(blob.key)
            throw UploadEnded()
        }
        intake.telemetry.accepted(row)
        intake.doorbell.ring()
        return row
    }

    private func examine(filename: String?) async throws -> Examination {
        let path = try await staged.file()
        return try await intake.store.blobs.perform { try Examination(of: path, filename: filename) }
    }

    /// The row of an upload that did not become a job.
    func end(with error: any Error) async {
        let failure = Failure(ending: error)
        let known = known.withLock { $0 }
        do {
            try await intake.store.jobs.refuse(
                job, failure, filename: known.filename, sourceFormat: known.sourceFormat,
                targetFormat: known.targetFormat)
            intake.telemetry.refused(job, failure, request: arrival.requestId)
        } catch {
            // The row stays `uploading` and is failed by the next start.
            intake.telemetry.troubled("refuse", error)
        }
    }
}

/// The job was ended while its file arrived.
package struct UploadEnded: Error {}

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
