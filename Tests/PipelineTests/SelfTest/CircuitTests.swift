import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// Tools that fail job after job.
@Suite(.enabled(if: Machine.hasSandbox, "\(Machine.withoutSandbox)"), .timeLimit(.minutes(10)))
struct CircuitTests {
    private static let watched = Workbench.Limits(circuits: true)
    private static let box = Sample.of(.stl) ?? []
    private static let bad = Array("# bad\n".utf8) + Samples.obj()
    private static let good = FakeTool("forge", does: .makes(box))
    /// It fails at files that say they are bad.
    private static let picky = FakeTool(
        "forge", does: FakeBehaviour(#"if grep -q bad "$source"; then exit 3; fi"#).then(.makes(box)))

    @Test func `bad uploads, however many, close a tool for nobody`() async throws {
        try await withWorkbench(Self.picky, limits: Self.watched) { bench in
            for _ in 0..<11 { _ = try await bench.convert(Self.bad) }
            #expect(bench.circuits?.open.isEmpty == true)
            #expect(try await bench.convert().job.status == .succeeded)
        }
    }

    @Test func `a tool that fails at a sample too keeps its jobs waiting until it works again`() async throws {
        try await withWorkbench(Self.good, limits: Self.watched) { bench in
            let programs = bench.store.folder.root.appending("programs")
            _ = try FakeTool("forge", does: .fails(7)).install(in: programs)
            for _ in 0..<5 { _ = try await bench.convert() }
            try await eventually(within: Machine.patience) { bench.circuits?.open["forge"] != nil }

            let job = try await bench.upload()
            #expect(bench.circuits?.isClosed("forge") == false)
            #expect(try await bench.store.jobs.job(job)?.status == .pending)

            _ = try Self.good.install(in: programs)
            #expect(try await bench.end(of: job).job.status == .succeeded)
            #expect(bench.circuits?.open.isEmpty == true)
        }
    }

    @Test func `one success in between is enough`() async throws {
        try await withWorkbench(Self.picky, limits: Self.watched) { bench in
            for _ in 0..<4 { _ = try await bench.convert(Self.bad) }
            _ = try await bench.convert()
            for _ in 0..<4 { _ = try await bench.convert(Self.bad) }
            #expect(bench.circuits?.wantsProbe("forge") == false)
        }
    }

    @Test func `a tool without a sample is never closed`() async throws {
        let tool = FakeTool("forge", reads: [.obj], writes: [.obj], does: .fails(7))
        try await withWorkbench(tool, limits: Self.watched) { bench in
            for _ in 0..<6 { _ = try await bench.convert(to: .obj) }
            #expect(bench.circuits?.open.isEmpty == true)
        }
    }
}
