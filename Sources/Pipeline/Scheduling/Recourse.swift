import Persistence

/// What becomes of a job whose attempt failed: the same again later, the next converter that is here, or its end.
struct Recourse: Sendable {
    let toolbox: Toolbox
    let policy: RetryPolicy

    /// - Parameter job: as it stood under the claim.
    func ending(of failure: Failure, _ job: Job) -> Ending {
        if failure.code == .interrupted { return .released }
        if let wait = policy.wait(after: failure, failures: job.failures, waited: job.diskWait) {
            return .postponed(failure, after: wait)
        }
        if failure.code == .diskFull { return .failed(failure.endingWait(of: job.diskWait)) }
        if failure.code.allowsFallback, let step = job.currentStep,
            let place = toolbox.place(in: step, from: job.choice + 1)
        {
            return .fellBack(failure, to: place)
        }
        return .failed(failure)
    }
}

extension Failure {
    /// The same of a job that has waited for so long.
    fileprivate func endingWait(of time: Duration) -> Failure {
        let shown = time < .seconds(120) ? "\(Int(time.seconds)) seconds" : "\(Int(time.seconds / 60)) minutes"
        return Failure(
            code,
            "\(message) The job has waited \(shown) for space in vain. It can be repeated once there is some.")
    }
}
