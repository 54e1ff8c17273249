package import Logging
import Persistence

/// What the pipeline tells operators, in words and in figures. Nothing else in it logs.
package struct Telemetry: Sendable {
    private let logger: Logger
    private let onMilestone: @Sendable (Milestone) -> Void

    /// - Parameter onMilestone: called where the work is done: it must be quick.
    package init(_ logger: Logger, onMilestone: @escaping @Sendable (Milestone) -> Void = { _ in }) {
        self.logger = logger
        self.onMilestone = onMilestone
    }

    func received(bytes: Int64) {
        onMilestone(.received(bytes: bytes))
    }

    func received(_ job: Job.ID, _ arrival: Arrival) {
        logger.info("job", metadata: metadata(job, .uploading, request: arrival.requestId))
    }

    func accepted(_ job: Job) {
        logger.info("job", metadata: metadata(job.id, .pending, request: job.requestId))
    }

    func refused(_ job: Job.ID, _ failure: Failure, request: String?) {
        var metadata = metadata(job, .failed, request: request)
        metadata["failure"] = .string(failure.code.rawValue)
        logger.info("job", metadata: metadata)
    }

    func cancelled(_ job: Job.ID, request: String?) {
        logger.info("job", metadata: metadata(job, .cancelled, request: request))
    }

    func claimed(_ claim: Claim) {
        if let milestone = Milestone(claim) { onMilestone(milestone) }
        var metadata = metadata(claim.job.id, .running, request: claim.job.requestId)
        metadata["attempt"] = .stringConvertible(claim.number)
        metadata["converter"] = .string(claim.job.converter ?? "")
        logger.info("job", metadata: metadata)
    }

    func ended(_ claim: Claim, _ ending: Ending, _ record: RunRecord, now: Instant = .now) {
        onMilestone(.ended(Milestone.Run(claim, ending, record, now: now)))
        var metadata = metadata(claim.job.id, ending.status, request: claim.job.requestId)
        metadata["attempt"] = .stringConvertible(claim.number)
        metadata["converter"] = .string(claim.job.converter ?? "")
        metadata["duration"] = .stringConvertible((now - claim.job.changedAt).milliseconds)
        if let failure = ending.failure { metadata["failure"] = .string(failure.code.rawValue) }
        logger.info("job", metadata: metadata)
    }

    /// How much memory the server and the machine use at this point of an attempt.
    func memory(_ point: String, _ claim: Claim) {
        guard logger.logLevel <= .debug else { return }
        var metadata = metadata(claim.job.id, .running, request: claim.job.requestId)
        metadata["attempt"] = .stringConvertible(claim.number)
        metadata["point"] = .string(point)
        metadata["rss"] = .stringConvertible(ProcessMemory.residentBytes ?? 0)
        if let machine = MachineMemory.read() { metadata["available"] = .stringConvertible(machine.available) }
        logger.debug("memory", metadata: metadata)
    }

    func tested(_ test: SelfTestCase, _ failure: Failure?) {
        var metadata: Logger.Metadata = [
            "converter": .string(test.converter.name), "from": .string(test.from.name), "to": .string(test.to.name),
        ]
        guard let failure else {
            logger.debug("self-test passed", metadata: metadata)
            return
        }
        metadata["failure"] = .string(failure.code.rawValue)
        metadata["reason"] = .string(failure.message)
        logger.warning("self-test failed", metadata: metadata)
    }

    func circuit(of tool: String, isOpen: Bool, _ failure: Failure?) {
        var metadata: Logger.Metadata = ["tool": .string(tool)]
        guard isOpen else {
            logger.notice("the tool works again: its circuit is closed", metadata: metadata)
            return
        }
        metadata["message"] = .string(failure?.message ?? "")
        logger.error("the tool fails at its self-test too: its circuit is open, its jobs wait", metadata: metadata)
    }

    func recovered(_ leftovers: Leftovers) {
        logger.notice(
            "recovered what the last run of the server left",
            metadata: [
                "uploads": .stringConvertible(leftovers.uploads.count),
                "attempts": .stringConvertible(leftovers.attempts.count),
            ])
    }

    func gaveUp(_ what: String, jobs: Int, bytes: Int64) {
        guard jobs > 0 || bytes > 0 else { return }
        logger.info(
            "gave up files",
            metadata: [
                "what": .string(what), "jobs": .stringConvertible(jobs), "bytes": .stringConvertible(bytes),
            ])
    }

    /// - Parameter ahead: how far the wall clock is from where it should be.
    func clock(isHeld: Bool, ahead: Duration) {
        let metadata: Logger.Metadata = ["aheadSeconds": .stringConvertible(Int(ahead.seconds))]
        if isHeld {
            logger.error(
                "the wall clock is not where it should be: nothing expires until it is, or kiln clock confirm",
                metadata: metadata)
        } else {
            logger.notice("the wall clock is believed", metadata: metadata)
        }
    }

    /// Something of ours failed that a person must look at.
    func troubled(_ doing: String, _ error: any Error) {
        logger.error("trouble", metadata: ["doing": .string(doing), "error": .string(String(reflecting: error))])
    }

    private func metadata(_ job: Job.ID, _ status: Status, request: String?) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["job": .string(job.rawValue), "status": .string(status.rawValue)]
        if let request { metadata["request"] = .string(request) }
        return metadata
    }
}
