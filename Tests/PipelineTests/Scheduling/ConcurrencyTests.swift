import Persistence
import TestSupport
import Testing

@testable import Pipeline

/// How many tools run at the same time, by the times that they tell themselves.
@Suite(.enabled(if: Machine.hasSandbox, "\(Machine.withoutSandbox)"))
struct ConcurrencyTests {
    @Test func `as many tools run as the limits allow`() async throws {
        let forge = FakeTool("forge", writes: [.stl], limit: 2, does: .waits.then(.makes(Samples.stl())))
        let press = FakeTool("press", writes: [.ply], limit: 3, does: .waits.then(.makes(Samples.ply())))
        try await withWorkbench(forge, press, limits: .init(most: 4)) { bench in
            let jobs = try await concurrently(6) { try await bench.upload(to: $0 % 2 == 0 ? .stl : .ply) }
            let running = try await running(4, of: jobs, on: bench)
            #expect(bench.permits.inUse.values.reduce(0, +) == 4)
            #expect(running.count == 4)
        }
    }

    @Test func `forty jobs keep the limits`() async throws {
        let forge = FakeTool("forge", writes: [.stl], limit: 2, does: .tellsItsTimes.then(.makes(Samples.stl())))
        let press = FakeTool("press", writes: [.ply], limit: 3, does: .tellsItsTimes.then(.makes(Samples.ply())))
        let runs = try await withWorkbench(forge, press, limits: .init(most: 4)) { bench in
            let jobs = try await concurrently(40) { number in
                try await bench.upload(Samples.obj(), to: number % 2 == 0 ? .stl : .ply)
            }
            return try await concurrently(40) { number in try await times(of: jobs[number], on: bench) }
        }
        #expect(mostAtOnce(runs.filter { $0.tool == "forge" }) <= 2)
        #expect(mostAtOnce(runs.filter { $0.tool == "press" }) <= 3)
        #expect(mostAtOnce(runs) <= 4)
    }

    @Test func `permits are in use as long as tools run, and no longer`() async throws {
        let forge = FakeTool("forge", limit: 2, does: .waits.then(.makes(Samples.stl())))
        try await withWorkbench(forge) { bench in
            let jobs = [try await bench.upload(), try await bench.upload(), try await bench.upload()]
            try await bench.start(of: jobs[0])
            try await bench.start(of: jobs[1])
            #expect(bench.permits.inUse == ["forge": 2])
            for job in jobs {
                try await bench.start(of: job)
                try bench.letGo(job)
            }
            for job in jobs { _ = try await bench.end(of: job) }
            try await eventually(within: Machine.patience) { bench.permits.inUse == ["forge": 0] }
        }
    }

    @Test func `a tool that is busy does not keep another one waiting`() async throws {
        let forge = FakeTool("forge", writes: [.stl], limit: 1, does: .waits.then(.makes(Samples.stl())))
        let press = FakeTool("press", writes: [.ply], limit: 1, does: .makes(Samples.ply()))
        try await withWorkbench(forge, press) { bench in
            let slow = try await concurrently(3) { _ in try await bench.upload(Samples.obj(), to: .stl) }
            let quick = try await bench.convert(to: .ply)
            #expect(quick.job.status == .succeeded)
            for _ in slow {
                let running = try #require(try await running(1, of: slow, on: bench).first)
                try bench.letGo(running)
                _ = try await bench.end(of: running)
            }
        }
    }

    @Test func `a long line for one tool does not keep another tool from the permits that they share`() async throws {
        let forge = FakeTool("forge", writes: [.stl], limit: 2, does: .makes(Samples.stl()))
        let press = FakeTool("press", writes: [.ply], limit: 2, does: .makes(Samples.ply()))
        try await withTemporaryStore { store in
            let bench = try await Workbench(store, [forge, press], .init(most: 1))
            let many = try await concurrently(30) { _ in try await bench.upload(Samples.obj(), to: .stl) }
            let single = try await bench.upload(Samples.obj(), to: .ply)
            let dossier = try await bench.working {
                for job in many { _ = try await bench.end(of: job) }
                return try await bench.end(of: single)
            }
            var earlier = 0
            let begun = try #require(dossier.job.startedAt)
            for job in many {
                let started = try #require(try await store.jobs.job(job)?.startedAt)
                if started < begun { earlier += 1 }
            }
            #expect(earlier <= 2)
        }
    }

    private struct Run: Sendable {
        let tool: String
        let began, ended: Int
    }

    private func times(of job: Job.ID, on bench: Workbench) async throws -> Run {
        let dossier = try await bench.end(of: job)
        let times = try await bench.log(of: dossier).split(separator: "\n").compactMap { Int($0) }
        try #require(dossier.job.status == .succeeded && times.count == 2)
        return Run(tool: try #require(dossier.attempts.first?.tool), began: times[0], ended: times[1])
    }

    private func mostAtOnce(_ runs: [Run]) -> Int {
        runs.map { run in runs.filter { $0.began <= run.began && run.began < $0.ended }.count }.max() ?? 0
    }

    /// Those that run, once they are so many and their tools wait.
    private func running(_ count: Int, of jobs: [Job.ID], on bench: Workbench) async throws -> [Job.ID] {
        var found: [Job.ID] = []
        try await eventually(within: Machine.patience) {
            found = []
            for job in jobs where try await bench.store.jobs.job(job)?.status == .running { found.append(job) }
            return found.count >= count
        }
        for job in found { try await bench.start(of: job) }
        return found
    }
}

/// Does it so many times at once, and returns what came of it in the order of the numbers.
func concurrently<Value: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) async throws -> Value
) async throws -> [Value] {
    try await withThrowingTaskGroup { group in
        for number in 0..<count {
            group.addTask { (number, try await body(number)) }
        }
        var values: [(Int, Value)] = []
        for try await value in group { values.append(value) }
        return values.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
