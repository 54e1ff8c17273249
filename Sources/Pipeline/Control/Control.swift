package import Persistence
import ServiceLifecycle

/// What people do to jobs and tools that are there already, as far as it changes what runs.
package struct Control: Sendable {
    let store: Store
    let catalogue: Catalogue
    let permits: Permits
    let doorbell: Doorbell
    let telemetry: Telemetry
    package let draining: Draining
    /// Of jobs that are uploading or pending.
    private let mostQueued: Int

    package init(
        store: Store, catalogue: Catalogue, permits: Permits, mostQueued: Int, doorbell: Doorbell,
        draining: Draining = Draining(), telemetry: Telemetry
    ) {
        self.draining = draining
        self.store = store
        self.catalogue = catalogue
        self.permits = permits
        self.mostQueued = mostQueued
        self.doorbell = doorbell
        self.telemetry = telemetry
    }

    /// How many jobs the queue takes now.
    func room() async throws -> Int {
        let census = try await store.jobs.census()
        return max(0, mostQueued - (census[.uploading] ?? 0) - (census[.pending] ?? 0))
    }
}

extension Control {
    /// Repeats a job that failed or was cancelled: a new job for the same file, on the way that is the best one now.
    ///
    /// - Parameter dossier: with its source.
    /// - Returns: `nil` when the source's bytes are gone.
    /// - Throws: `Refusal` where there is no way any more, the queue is full, or the server stops.
    package func retry(_ dossier: Dossier, requestId: String?) async throws -> Dossier? {
        if Task.isShuttingDownGracefully {
            throw Refusal(.stopping, "The server is stopping. Try again when it is back.")
        }
        try draining.check()
        guard try await room() > 0 else {
            throw Refusal(.queueFull, "The queue is full: \(mostQueued) jobs are waiting already. Try again later.")
        }
        return try await again(dossier, requestId: requestId)
    }

    func again(_ dossier: Dossier, requestId: String?) async throws -> Dossier? {
        let job = dossier.job
        guard let source = dossier.artifact(.source), let from = job.sourceFormat.flatMap(Format.named),
            let to = job.targetFormat.flatMap(Format.named)
        else { return nil }
        let plan = try catalogue.plan(
            PlanRequest(
                from: from, to: to, options: ConversionOptions(row: job.options),
                isAnimated: source.geometry?.animations ?? 0 > 0))
        let request = RetryRequest(
            original: job, source: source, route: plan.route, tool: plan.tool, requestId: requestId)
        guard let successor = try await store.jobs.retry(request) else { return nil }
        telemetry.accepted(successor.job)
        doorbell.ring(for: plan.tool)
        return successor
    }
}
