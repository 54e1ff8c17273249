import Persistence

/// Finds jobs that wait for a tool which went away between two lives of the server, and sends them on: to the next
/// converter of their step that is there, or to their end.
struct Castaways: Sendable {
    let jobs: JobStore
    let toolbox: Toolbox
    let telemetry: Telemetry

    func rescue() async {
        do {
            for job in try await jobs.stranded(without: Set(toolbox.tools.map(\.tool.name))) {
                if let step = job.currentStep, let place = toolbox.place(in: step, from: job.choice + 1) {
                    try await jobs.reassign(job, to: place)
                } else {
                    let failure = Failure(
                        .toolMissing,
                        "The tool that the job waited for (\(job.tool ?? "unknown")) is not here any more, and no other "
                            + "can do the step. Once it is back, the job can be repeated.")
                    try await jobs.abandon(job, failure)
                    telemetry.refused(job.id, failure, request: job.requestId)
                }
            }
        } catch {
            // They are looked for again at the next start.
            telemetry.troubled("rescue", error)
        }
    }
}
