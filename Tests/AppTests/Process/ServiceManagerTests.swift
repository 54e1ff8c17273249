import Foundation
import Logging
import NIOCore
import NIOPosix
import Pipeline
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import App

@Suite(.timeLimit(.minutes(5)))
struct ServiceManagerTests {
    @Test(
        .enabled(if: KilnProcess.isBuilt, KilnProcess.notBuilt), arguments: ["a path", "an abstract socket"])
    func `systemd hears when the server listens, that it lives, and that it stops`(kind: String) async throws {
        try await withTemporaryFolder { folder in
            let name = kind == "a path" ? folder.appending("notify").string : "@kiln-test-\(UUID().uuidString)"
            let systemd = try NotifySocket(name)
            let settings = ["NOTIFY_SOCKET": name, "WATCHDOG_USEC": "200000"]
            try await KilnProcess.serve(in: folder, settings) { kiln in
                let address = try await kiln.listening()
                #expect(
                    try await systemd.next("READY") == "READY=1\nSTATUS=Listens on http://127.0.0.1:\(address.port)")
                #expect(try await systemd.next("WATCHDOG") == "WATCHDOG=1")
                #expect(try await systemd.next("WATCHDOG") == "WATCHDOG=1")
                kiln.signal(SIGTERM)
                #expect(try await systemd.next("STOPPING").hasPrefix("STOPPING=1\nSTATUS="))
                #expect(try await kiln.end() == 0)
            }
        }
    }

    @Test func `a scheduler that does not come round is vouched for by nobody, and the log says so`() async throws {
        let log = RecordedLog()
        let beats = Mutex(0)
        let heartbeat = Heartbeat(Doorbell())
        heartbeat.beat()
        _ = heartbeat.isFelt(now: .now - .seconds(3600))
        let pulse = Pulse(
            period: .milliseconds(10), loops: MultiThreadedEventLoopGroup.singleton, scheduler: heartbeat,
            logger: log.logger
        ) {
            beats.withLock { $0 += 1 }
        }
        let running = Task { await pulse.run() }
        try await eventually { log.lines.contains { $0.message == "the scheduler does not come round" } }
        running.cancel()
        await running.value
        #expect(beats.withLock(\.self) == 0)
    }

    @Test func `a loop that is stuck is vouched for by nobody until it goes on`() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let heartbeat = Heartbeat(Doorbell())
        let goesOn = Mutex(false)
        let beatOfOneStuck = Mutex<Bool?>(nil)
        group.next().execute {
            usleep(300_000)
            goesOn.withLock { $0 = true }
        }
        let pulse = Pulse(
            period: .milliseconds(10), loops: group, scheduler: heartbeat, logger: .quiet
        ) {
            beatOfOneStuck.withLock { $0 = $0 ?? !goesOn.withLock(\.self) }
        }
        let running = Task { await pulse.run() }
        try await eventually { beatOfOneStuck.withLock(\.self) != nil }
        running.cancel()
        await running.value
        try await group.shutdownGracefully()
        #expect(beatOfOneStuck.withLock(\.self) == false)
    }

    @Test func `what is meant for another process, or is no unix socket, is let be`() {
        let other = ["NOTIFY_SOCKET": "/run/notify", "WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "1"]
        #expect(ServiceManager(environment: other)?.patience == nil)
        let ours = other.merging(["WATCHDOG_PID": "\(getpid())"]) { $1 }
        #expect(ServiceManager(environment: ours)?.patience == .seconds(1))
        #expect(ServiceManager(environment: [:]) == nil)
        #expect(ServiceManager(environment: ["NOTIFY_SOCKET": "vsock:2:1234"]) == nil)
        #expect(ServiceManager(environment: ["NOTIFY_SOCKET": "/" + String(repeating: "n", count: 200)]) == nil)
    }

    @Test func `nobody listening is an error, not an end`() throws {
        let manager = try #require(ServiceManager(environment: ["NOTIFY_SOCKET": "@kiln-nobody-\(UUID().uuidString)"]))
        #expect(throws: (any Error).self) { try manager.tell(.alive) }
    }
}
