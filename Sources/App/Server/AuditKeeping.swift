import Logging
import Persistence
import Pipeline
import ServiceLifecycle

/// Seals the audit trail every few minutes, prunes what is older than it is kept, and deletes what a backup has held that
/// is over.
struct AuditKeeping: Service {
    let audit: AuditStore
    let blobs: BlobStore
    /// Nil: everything is kept.
    let age: Duration?
    /// Nothing goes while it is not believed.
    let clock: ClockWatch
    let logger: Logger

    private static let period = Duration.seconds(300)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            // Ends with the server; what is left then is sealed when it closes.
            while (try? await Task.sleep(for: Self.period)) != nil { await keep() }
        }
    }

    func keep(now: Instant = .now) async {
        do {
            try await audit.seal(now: now)
            if let age, !clock.isHeld { try await audit.prune(olderThan: now - age, now: now) }
            try await blobs.discardHeld()
        } catch is WriterClosed {
        } catch {
            logger.error("trouble", metadata: ["doing": "seal", "error": .string(String(reflecting: error))])
        }
    }
}
