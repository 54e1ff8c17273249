import Persistence

/// The end of an attempt on its way into the rows. A full or busy database is waited for: else the row would say `running`
/// for as long as the server lives, and nobody would run the job.
struct LastWord: Sendable {
    let jobs: JobStore
    let telemetry: Telemetry

    enum Reception {
        /// What the rows say now. It is not what was to be said, where they cannot take that.
        case committed(Ending)
        case lost
        /// The server ends, or its disk has failed: the next start recovers the attempt.
        case unheard
    }

    private static let firstWait = Duration.milliseconds(100)
    private static let longestWait = Duration.seconds(2)

    func say(_ result: Conversion.Result, of claim: Claim) async -> Reception {
        var (ending, record) = (result.ending, result.record)
        var (wait, isStopping) = (Self.firstWait, false)
        while true {
            do {
                // A last word must not be lost to cancellation: the writer keeps no track of the caller's.
                let verdict = try await jobs.finish(claim, as: ending, run: record)
                return verdict == .committed ? .committed(ending) : .lost
            } catch  where Obstacle.isPassing(error) {
                if wait == Self.firstWait { telemetry.troubled("finish, for now", error) }
                if isStopping { return .unheard }
                // Ended early by a stop: then it is tried a last time.
                do { try await Task.sleep(for: wait, clock: .continuous) } catch { isStopping = true }
                wait = min(wait * 2, Self.longestWait)
            } catch is DiskFailed, is WriterClosed {
                return .unheard
            } catch {
                telemetry.troubled("finish", error)
                if case .failed(let failure) = ending, failure.code == .internal { return .unheard }
                (ending, record) = (.failed(Failure(.internal, "The result could not be recorded.")), RunRecord())
            }
        }
    }
}
