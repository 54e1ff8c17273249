import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// Jobs of several steps, and of several converters for one step.
@Suite(.enabled(if: Machine.hasSandbox, "\(Machine.withoutSandbox)"))
struct RouteRunTests {
    private static let smith = FakeTool("smith", reads: [.obj], writes: [.stl], does: .makes(Samples.stl()))
    private static let press = FakeTool("press", reads: [.stl], writes: [.ply], does: .makes(Samples.ply()))

    @Test func `two steps are two attempts, and the file between them is kept`() async throws {
        try await withWorkbench(Self.smith, Self.press) { bench in
            let dossier = try await bench.convert(to: .ply)
            #expect(dossier.job.status == .succeeded)
            #expect(dossier.attempts.map(\.converter) == ["smith", "press"])
            #expect(dossier.attempts.map(\.step) == [0, 1])
            let intermediate = try await bench.content(of: dossier.artifact(.intermediate))
            #expect(intermediate == Samples.stl())
            let result = try await bench.content(of: dossier.artifact(.result))
            #expect(result == Samples.ply())
        }
    }

    @Test func `the second step reads what the first one made`() async throws {
        let press = FakeTool("press", reads: [.stl], writes: [.ply], does: .reads(.stl).then(.makes(Samples.ply())))
        try await withWorkbench(Self.smith, press) { bench in
            let dossier = try await bench.convert(to: .ply)
            let log = try await bench.log(of: dossier)
            #expect(log == "\(Samples.stl().count) /in/model.stl\n")
        }
    }

    @Test func `a job resumes after its last finished step in another life of the server`() async throws {
        try await withTemporaryFolder { folder in
            let job = try await withStore(in: folder.appending("data")) { store in
                let bench = try await Workbench(
                    store, [Self.smith, Self.press], .init(permits: ["press": 0]),
                    programs: folder.appending("programs"))
                return try await bench.working {
                    let job = try await bench.upload(to: .ply)
                    try await eventually(within: Machine.patience) { try await store.jobs.job(job)?.step == 1 }
                    return job
                }
            }
            try await withStore(in: folder.appending("data")) { store in
                let bench = try await Workbench(
                    store, [Self.smith, Self.press], programs: folder.appending("programs"))
                let dossier = try await bench.working { try await bench.end(of: job) }
                #expect(dossier.job.status == .succeeded)
                #expect(dossier.attempts.map(\.converter) == ["smith", "press"])
            }
        }
    }

    @Test func `where one converter fails the next one has an attempt of its own`() async throws {
        let broken = FakeTool("broken", does: .fails(3))
        let forge = FakeTool("forge", does: .makes(Samples.stl()))
        try await withWorkbench(broken, forge) { bench in
            let dossier = try await bench.convert()
            #expect(dossier.job.status == .succeeded)
            #expect(dossier.job.failure == nil)
            #expect(dossier.attempts.map(\.converter) == ["broken", "forge"])
            #expect(dossier.attempts.map(\.outcome) == [.failed, .succeeded])
            #expect(dossier.attempts.map(\.failureCode) == [.toolFailed, nil])
            #expect(dossier.attempts.map(\.step) == [0, 0])
        }
    }

    @Test func `where all converters fail the last one's failure is the job's`() async throws {
        let broken = FakeTool("broken", does: .fails(3))
        let crashing = FakeTool("crashing", does: .dies(of: "SEGV"))
        try await withWorkbench(broken, crashing) { bench in
            let dossier = try await bench.convert()
            #expect(dossier.job.failure?.code == .crashed)
            #expect(dossier.attempts.map(\.failureCode) == [.toolFailed, .crashed])
        }
    }

    @Test func `a job whose tool went away goes to the next converter of its step`() async throws {
        let forge = FakeTool("forge", does: .makes(Samples.stl()))
        try await withTemporaryStore { store in
            let job = try await store.enqueueSample(route: Self.either, tool: "gone")
            let bench = try await Workbench(store, [forge])
            let dossier = try await bench.working { try await bench.end(of: job) }
            #expect(dossier.job.status == .succeeded)
            #expect(dossier.attempts.map(\.converter) == ["forge"])
        }
    }

    @Test func `a job whose only tool went away fails and says so`() async throws {
        try await withTemporaryStore { store in
            let route = [RouteStep(from: "obj", to: "stl", converters: ["gone"])]
            let job = try await store.enqueueSample(route: route, tool: "gone")
            let bench = try await Workbench(store, [Self.smith])
            let dossier = try await bench.working { try await bench.end(of: job) }
            #expect(dossier.job.failure?.code == .toolMissing)
            #expect(dossier.job.failure?.message.contains("(gone)") == true)
            #expect(dossier.attempts.isEmpty)
        }
    }

    @Test func `who falls back passes over converters whose tools are not here`() async throws {
        let broken = FakeTool("broken", does: .fails(3))
        let forge = FakeTool("forge", does: .makes(Samples.stl()))
        try await withTemporaryStore { store in
            let route = [RouteStep(from: "obj", to: "stl", converters: ["broken", "gone", "forge"])]
            let job = try await store.enqueueSample(route: route, tool: "broken")
            let bench = try await Workbench(store, [broken, forge])
            let dossier = try await bench.working { try await bench.end(of: job) }
            #expect(dossier.attempts.map(\.converter) == ["broken", "forge"])
        }
    }

    private static let either = [RouteStep(from: "obj", to: "stl", converters: ["gone", "forge"])]

    @Test func `the next step begins again with the preferred converter`() async throws {
        let broken = FakeTool("broken", reads: [.obj], writes: [.stl], does: .fails(3))
        let spare = FakeTool("spare", reads: [.stl], writes: [.ply], does: .makes(Samples.ply()))
        try await withWorkbench(broken, Self.smith, Self.press, spare) { bench in
            let dossier = try await bench.convert(to: .ply)
            #expect(dossier.attempts.map(\.converter) == ["broken", "smith", "press"])
        }
    }
}

extension FakeBehaviour {
    /// Says how many bytes its source has, and where it is.
    fileprivate static func reads(_ format: Format) -> FakeBehaviour {
        FakeBehaviour("echo $(wc -c < /in/model.\(format.name)) \"$source\"")
    }
}
