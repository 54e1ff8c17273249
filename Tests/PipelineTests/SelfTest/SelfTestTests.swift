import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// What tools must show before their jobs run.
@Suite(.enabled(if: Machine.hasSandbox, "\(Machine.withoutSandbox)"))
struct SelfTestTests {
    private static let box = Sample.of(.stl) ?? []
    private static let tested = Workbench.Limits(selfTest: true)

    @Test func `each sample is read once, and each target written once`() {
        let forge = FakeTool("forge", reads: [.obj, .ply, .dwg], writes: [.glb, .stl], does: .doesNothing)
        let ways = forge.converter.selfTests.map { "\($0.from) \($0.to)" }
        #expect(ways == ["obj glb", "obj stl", "ply glb"])
    }

    @Test func `a tool that does right is trusted, and its jobs run`() async throws {
        try await withWorkbench(FakeTool("forge", does: .makes(Self.box)), limits: Self.tested) { bench in
            let dossier = try await bench.convert()
            #expect(dossier.job.status == .succeeded)
            #expect(bench.catalogue.trust.verdict("forge", from: .obj, to: .stl) == .passed)
        }
    }

    @Test func `a tool that fails is not offered, and says why`() async throws {
        let broken = FakeTool("broken", does: .fails(7))
        try await withWorkbench(broken, limits: Self.tested) { bench in
            try await settled(bench, "broken")
            guard case .failed(let why) = bench.catalogue.trust.verdict("broken", .writing, .stl) else {
                Issue.record("it is trusted")
                return
            }
            #expect(why.contains("exit code 7"))
            let refusal = await #expect(throws: Refusal.self) { try await bench.upload() }
            #expect(refusal?.kind == .noRoute)
        }
    }

    @Test func `a tool that lies about success is found out`() async throws {
        try await withWorkbench(FakeTool("liar", does: .doesNothing), limits: Self.tested) { bench in
            try await settled(bench, "liar")
            #expect(bench.catalogue.planner.targets(of: .obj).isEmpty)
        }
    }

    @Test func `a tool that makes everything larger is found out`() async throws {
        let giant = FakeTool("giant", does: .makes(Samples.stl()))
        try await withWorkbench(giant, limits: Self.tested) { bench in
            try await settled(bench, "giant")
            #expect(bench.catalogue.planner.targets(of: .obj).isEmpty)
        }
    }

    @Test func `a tool that hangs is tried once, and is not offered`() async throws {
        let deaf = FakeTool("deaf", reads: [.obj, .ply], writes: [.stl, .glb], limit: 1, does: .hangs)
        let limits = Workbench.Limits(timeout: .seconds(1), selfTest: true)
        try await withWorkbench(deaf, limits: limits) { bench in
            try await settled(bench, "deaf")
            #expect(bench.catalogue.planner.targets(of: .obj).isEmpty)
            #expect(bench.catalogue.planner.targets(of: .ply).isEmpty)
            // It may be the machine's fault: the next start tries again.
            #expect(try await bench.store.selfTests.all().isEmpty)
        }
    }

    @Test func `a job waits until its tool has shown what it can`() async throws {
        let slow = FakeTool("slow", does: .waits.then(.makes(Self.box)))
        try await withWorkbench(slow, limits: Self.tested) { bench in
            let test = Workspace(root: bench.store.folder.work.appending("selftest.slow.obj.stl"))
            try await eventually(within: Machine.patience) {
                Access.sizeOfFile(test.scratch.appending("started")) != nil
            }
            let job = try await bench.upload()
            #expect(try await bench.store.jobs.job(job)?.status == .pending)
            try FileDescriptor.open(
                test.scratch.appending("leave"), .writeOnly, options: .create, permissions: .ownerReadWrite
            ).close()
            try await bench.start(of: job)
            try bench.letGo(job)
            #expect(try await bench.end(of: job).job.status == .succeeded)
        }
    }

    @Test func `what was seen counts in the next life, until the program changes`() async throws {
        try await withTemporaryFolder { folder in
            let forge = FakeTool("forge", does: .makes(Self.box))
            let programs = folder.appending("programs")
            try await withStore(in: folder.appending("data")) { store in
                let bench = try await Workbench(store, [forge], Self.tested, programs: programs)
                try await bench.working { try await settled(bench, "forge") }
                let seen = try #require(try await store.selfTests.all().first)
                try await store.selfTests.keep(
                    SelfTest(
                        converter: "forge", fromFormat: "obj", toFormat: "stl", circumstances: seen.circumstances,
                        failure: "As it was kept."))
            }
            try await withStore(in: folder.appending("data")) { store in
                let same = try await Workbench(
                    store, converters: [forge.converter], Self.tested,
                    paths: ["forge": programs.appending("forge").string])
                #expect(same.catalogue.trust.verdict("forge", .writing, .stl) == .failed("As it was kept."))
                // Written anew, it is another program.
                let changed = try await Workbench(store, [forge], Self.tested, programs: programs)
                #expect(changed.catalogue.trust.verdict("forge", .writing, .stl) == .untested)
            }
        }
    }

    private func settled(_ bench: Workbench, _ tool: String) async throws {
        try await eventually(within: Machine.patience) { bench.selfTests?.isSettled(tool) == true }
    }
}
