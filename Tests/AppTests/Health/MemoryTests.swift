import Logging
import TestSupport
import Testing

@testable import App

@Suite(.timeLimit(.minutes(5)))
struct MemoryTests {
    @Test func `scarce memory is warned of once, and again only after it was plenty`() {
        var alarm = MemoryWatch.Alarm()
        let changes = [0.5, 0.86, 0.9, 0.84, 0.86, 0.79, 0.84, 0.851].map { alarm.change($0) }
        #expect(changes == [.none, .rises, .none, .none, .none, .passes, .none, .rises])
    }

    @Test(.enabled(if: Installed.sandbox, Installed.noSandbox))
    func `an attempt tells of the memory before, after, and after cleaning up`() async throws {
        let log = RecordedLog()
        let job = try await KilnServer.run(.copies, logger: log.logger) { kiln in
            let job = try await kiln.accepted()
            _ = try await kiln.ended(job)
            return job
        }
        let lines = log.lines.filter { $0.message == "memory" && $0.metadata["job"] == job }
        #expect(lines.compactMap { $0.metadata["point"] } == ["before", "after", "after cleaning up"])
        #expect(lines.allSatisfy { $0.level == .debug && Int($0.metadata["rss"] ?? "") ?? 0 > 1_000_000 })
    }
}
