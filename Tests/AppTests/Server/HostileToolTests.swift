import Foundation
import HTTPTypes
import Persistence
import Pipeline
import SystemPackage
import TestSupport
import Testing

@testable import App

/// Tools that misbehave under a whole server: each run is bounded, its end has a name, and nothing of it is left.
@Suite(.enabled(if: Installed.sandbox, Installed.noSandbox), .timeLimit(.minutes(5)))
struct HostileToolTests {
    enum Tool: String, CaseIterable {
        case hangs, isDeaf, forksAway, forksAwayAndHangs, floods, fillsTheDisk, makesNothing, makesRubbish
        case crashesAfterItsOutput, failsAfterItsOutput

        var behaviour: FakeBehaviour {
            switch self {
            case .hangs: .hangs
            case .isDeaf: .isDeaf
            case .forksAway: .leavesDaemon.then(.makes(Samples.stl()))
            case .forksAwayAndHangs: .leavesDaemon.then(.isDeaf)
            case .floods: .floods(lines: 200_000).then(.doesNothing)
            case .fillsTheDisk: FakeBehaviour("head -c 50000000 /dev/zero > \"$result\"; sleep 60")
            case .makesNothing: .doesNothing
            case .makesRubbish: .makes(Array("This is no model.".utf8))
            case .crashesAfterItsOutput: .makes(Samples.stl()).then(.dies(of: "SEGV"))
            case .failsAfterItsOutput: .makes(Samples.stl()).then(.fails(3))
            }
        }

        /// What its job ends as: the failure, or `nil` for success.
        var failure: String? {
            switch self {
            case .hangs, .isDeaf, .forksAwayAndHangs: "timedOut"
            case .forksAway: nil
            case .floods, .makesNothing: "emptyResult"
            case .fillsTheDisk: "outputTooLarge"
            case .makesRubbish: "invalidResult"
            case .crashesAfterItsOutput: "crashed"
            case .failsAfterItsOutput: "toolFailed"
            }
        }
    }

    @Test(arguments: Tool.allCases)
    func `a tool from hell costs its own job alone`(tool: Tool) async throws {
        try await withTemporaryFolder { folder in
            let limits = ToolLimits(fileSize: 64 << 20, output: 16 << 20)
            let hell = FakeTool("hell", reads: [.obj], writes: [.stl], limits: limits, does: tool.behaviour)
            try await KilnServer.run(.copies, and: hell, in: folder) {
                $0.conversionTimeout = tool.failure == "timedOut" ? .seconds(1) : .seconds(60)
            } test: { kiln in
                let job = try await kiln.ended(kiln.accepted(to: "stl"))
                #expect(job.failure.code.string == tool.failure, "\(job)")
                #expect((job.status.string == "succeeded") == (tool.failure == nil), "\(job)")
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder.appending("data/work").string) == [])
                #expect(Processes.mentioning(folder.appending("data/work").string) == [])
                #expect(try await kiln.ended(kiln.accepted(to: "obj")).status.string == "succeeded")
            }
        }
    }
}
