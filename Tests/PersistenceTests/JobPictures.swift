import Persistence
import TestSupport

extension Store {
    /// All that is kept of a job, as text to compare.
    func picture(of job: Job.ID) async throws -> String {
        let dossier = try await jobs.dossier(of: job)
        let events = try await jobs.events(of: job)
        return String(reflecting: (dossier, events))
    }

    /// A job that has come as far as `status`, other than `cancelled`.
    func sample(in status: Status) async throws -> Job.ID {
        switch status {
        case .uploading:
            return try await jobs.receive(.sample(), now: .noon).job
        case .pending:
            return try await enqueueSample()
        case .running:
            return try await claimSample().job.id
        case .succeeded:
            let claim = try await claimSample()
            let output = try await output(of: claim)
            _ = try await jobs.finish(claim, as: .succeeded(output, warnings: []), run: RunRecord(), now: .noon)
            return claim.job.id
        case .failed, .cancelled:
            let claim = try await claimSample()
            _ = try await jobs.finish(
                claim, as: .failed(Failure(.crashed, "It crashed.")), run: RunRecord(), now: .noon)
            return claim.job.id
        }
    }
}
