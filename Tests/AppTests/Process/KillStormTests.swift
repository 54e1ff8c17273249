import Foundation
import TestSupport
import Testing

@testable import App

/// Whether tests have their long forms: with `KILN_SOAK=1`.
let isSoak = ProcessInfo.processInfo.environment["KILN_SOAK"] == "1"

@Suite(
    .enabled(if: KilnProcess.isBuilt, KilnProcess.notBuilt), .enabled(if: Installed.sandbox, Installed.noSandbox),
    .timeLimit(.minutes(isSoak ? 600 : 10)))
struct KillStormTests {
    @Test func `however often the server is killed, what it acknowledged comes to its end, once and whole`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let storm = try KillStorm(in: folder)
            var random = SeededRandom(seed: 7)
            for _ in 1...(isSoak ? 1000 : 25) { try await storm.live(KillStorm.Fate(&random)) }
            try await storm.settle()
            try await Tidiness(of: folder).expect()
        }
    }
}
