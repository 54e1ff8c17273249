package import Persistence
import ServiceLifecycle

/// Runs what is ready: as many claims as there are permits, then asleep until something rings.
///
/// Asked to stop, it claims no more and lets the running attempts end; cancelled, it has their tools killed, charges them
/// nothing, and puts their jobs back.
package struct Scheduler: Service {
    private let boot: Boot.ID
    private let jobs: JobStore
    private let blobs: BlobStore
    private let tools: [String]
    private let permits: Permits
    private let conversion: Conversion
    private let selfTests: SelfTests?
    private let circuits: Circuits?
    private let headroom: Headroom
    private let doorbell: Doorbell
    private let castaways: Castaways
    private let waitingRoom: WaitingRoom
    private let telemetry: Telemetry
    package let heartbeat: Heartbeat

    package init(
        store: Store, conversion: Conversion, selfTests: SelfTests? = nil, circuits: Circuits? = nil, permits: Permits,
        headroom: Headroom, doorbell: Doorbell, telemetry: Telemetry
    ) {
        boot = store.boot
        jobs = store.jobs
        blobs = store.blobs
        tools = conversion.catalogue.toolbox.tools.map(\.tool.name)
        self.selfTests = selfTests
        self.circuits = circuits
        self.headroom = headroom
        self.permits = permits
        self.conversion = conversion
        self.doorbell = doorbell
        castaways = Castaways(jobs: store.jobs, toolbox: conversion.catalogue.toolbox, telemetry: telemetry)
        heartbeat = Heartbeat(doorbell)
        waitingRoom = WaitingRoom(store.jobs, longest: conversion.recourse.policy.longest, telemetry)
        self.telemetry = telemetry
    }

    package func run() async throws {
        await withGracefulShutdownHandler {
            await work()
        } onGracefulShutdown: {
            doorbell.ringFree()
        }
    }

    private func work() async {
        defer { heartbeat.stop() }
        await castaways.rescue()
        await withDiscardingTaskGroup { attempts in
            var turns = Rotation(tools)
            // By the tool's name, the news at which nothing was ready for it.
            var idle: [String: Int] = [:]
            for await _ in doorbell.rings {
                if isStopping { break }
                heartbeat.beat()
                if let wait = await heartbeat.excused({ await waitingRoom.call() }) {
                    attempts.addTask { await ring(after: wait) }
                }
                var passed = 0
                while !isStopping, passed < turns.count {
                    passed = await start(turns.next(), &idle, in: &attempts) ? 0 : passed + 1
                }
            }
        }
    }

    /// One timer, for the next job that is due: nothing is looked at meanwhile.
    private func ring(after wait: Duration) async {
        // Ended early by a stop, which needs no ring.
        try? await cancelWhenGracefulShutdown { try await Task.sleep(for: wait, clock: .continuous) }
        doorbell.ring()
    }

    /// What is put back now must not be claimed again.
    private var isStopping: Bool { Task.isCancelled || Task.isShuttingDownGracefully }

    /// A permit and a test that the tool must still stand, or neither.
    private func nextTest(_ tool: String) -> (SelfTestCase, Permit)? {
        guard let selfTests, !selfTests.isSettled(tool), let permit = permits.take(tool) else {
            return nil
        }
        if let test = selfTests.next(for: tool) { return (test, permit) }
        permit.end()
        return nil
    }

    private func run(_ test: SelfTestCase, _ permit: Permit) async {
        await selfTests?.run(test)
        permit.end()
        doorbell.ring()
    }

    /// A permit and a sample for a tool that is thought to be broken, or neither.
    private func nextProbe(_ tool: String) -> (SelfTestCase, Permit)? {
        guard let circuits, circuits.wantsProbe(tool), let permit = permits.take(tool) else { return nil }
        if let probe = circuits.nextProbe(for: tool) { return (probe, permit) }
        permit.end()
        return nil
    }

    private func run(probe: SelfTestCase, _ permit: Permit) async {
        let wait = await circuits?.run(probe)
        permit.end()
        if let wait { await ring(after: wait) } else { doorbell.ring() }
    }

    /// Whether jobs may have the tool now. Where the machine has no room, somebody looks again soon.
    private func isFree(_ tool: String, in attempts: inout DiscardingTaskGroup) -> Bool {
        guard selfTests?.isSettled(tool) ?? true, circuits?.isClosed(tool) ?? true else { return false }
        if headroom.isThere(for: tool) { return true }
        if headroom.takeAlarm() { attempts.addTask { await ring(after: Headroom.pause) } }
        return false
    }

    /// Starts one thing that is to be done with the tool. Returns whether there was one, and a permit for it.
    private func start(
        _ tool: String, _ idle: inout [String: Int], in attempts: inout DiscardingTaskGroup
    ) async -> Bool {
        if let (test, permit) = nextTest(tool) {
            attempts.addTask { await run(test, permit) }
            return true
        }
        if let (probe, permit) = nextProbe(tool) {
            attempts.addTask { await run(probe: probe, permit) }
            return true
        }
        let news = doorbell.news(for: tool)
        guard idle[tool] != news, isFree(tool, in: &attempts), let permit = permits.take(tool) else { return false }
        do {
            if let claim = try await heartbeat.excused({ try await jobs.claim(tool, boot: boot) }) {
                headroom.enter(tool)
                telemetry.claimed(claim)
                attempts.addTask { await attempt(claim, permit) }
                return true
            }
            idle[tool] = news
        } catch {
            telemetry.troubled("claim", error)
            if let wait = waitingRoom.wait(after: error) { attempts.addTask { await ring(after: wait) } }
        }
        permit.end()
        return false
    }

    /// One attempt, from its workspace to its row. The row decides: output of a claim that was lost is thrown away.
    private func attempt(_ claim: Claim, _ permit: Permit) async {
        telemetry.memory("before", claim)
        let result = await conversion.run(claim) {
            permit.giveBack()
            doorbell.ringFree()
            telemetry.memory("after", claim)
        }
        headroom.leave(claim.job.tool ?? "", peakMemoryBytes: result.record.peakMemoryBytes)
        telemetry.memory("after cleaning up", claim)
        switch await LastWord(jobs: jobs, telemetry: telemetry).say(result, of: claim) {
        case .committed(let ending):
            if case .postponed = ending { waitingRoom.enter() }
            circuits?.note(claim, ending)
            telemetry.ended(claim, ending, result.record)
            if ending.output == nil, result.ending.output != nil { await discard(result) }
        case .lost: await discard(result)
        case .unheard: break
        }
        permit.end()
        if result.ending.status.isFinal { doorbell.ringFree() } else { doorbell.ring() }
    }

    private func discard(_ result: Conversion.Result) async {
        for artifact in [result.ending.output, result.record.log].compactMap(\.self) {
            do {
                try await blobs.discard(artifact.blob.key)
            } catch {
                telemetry.troubled("discard", error)
            }
        }
    }
}
