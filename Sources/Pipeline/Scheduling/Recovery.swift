package import Persistence
import SystemPackage

/// Puts in order what an earlier life of the server left behind, before this one serves.
///
/// The data folder's lock is ours: whatever lies in `work` and `staging`, and whatever process works there, is a leftover.
package struct Recovery: Sendable {
    private let store: Store
    private let telemetry: Telemetry

    package init(_ store: Store, _ telemetry: Telemetry) {
        self.store = store
        self.telemetry = telemetry
    }

    /// Kills what still runs, removes what was half done, and only then lets the rows be claimed again.
    package func run() async throws {
        let leftovers = try await store.jobs.leftovers(of: store.boot)
        let names = Set(leftovers.attempts.map { Workspace.name(of: $0.job, attempt: $0.number) })
        try await store.blobs.perform { [folder = store.folder] in
            Stragglers(workingIn: folder.work, on: names).kill()
            FailPoint.stragglersKilled.pass()
            for leftover in [folder.work, folder.spares, folder.staging] {
                for name in try Directory.names(in: leftover) {
                    try Directory.remove(leftover.appending(name))
                }
            }
        }
        // Once the rows are in order, nobody looks for these files again.
        try await store.blobs.discardForGood(
            leftovers.uploads.map(BlobKey.source)
                + leftovers.attempts.flatMap { attempt in
                    [
                        .output(of: attempt.job, attempt: attempt.number),
                        .log(of: attempt.job, attempt: attempt.number),
                    ]
                })
        FailPoint.leftoversRemoved.pass()
        guard !leftovers.uploads.isEmpty || !leftovers.attempts.isEmpty else { return }
        try await store.jobs.recover(leftovers, boot: store.boot)
        FailPoint.recovered.pass()
        telemetry.recovered(leftovers)
    }
}
