import HTTPTypes
import Hummingbird
import Logging
import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import App
@testable import Pipeline

@Suite(.timeLimit(.minutes(5)))
struct HealthTests {
    @Test func `a server that runs is alive`() async throws {
        try await KilnServer.run { kiln in
            for path in ["/live", "/health/liveness"] {
                let answer = try await kiln.get(path)
                #expect(answer.status == .ok && answer.headers[.cacheControl] == "no-store")
                #expect(try answer.json.status.string == "ok")
                #expect(try answer.json.timestamp.string?.hasSuffix("Z") == true)
            }
        }
    }

    @Test(.enabled(if: Installed.sandbox, Installed.noSandbox))
    func `a server with a tool that works is ready`() async throws {
        try await KilnServer.run(.copies) { kiln in
            for path in ["/ready", "/health/readiness"] {
                let answer = try await kiln.get(path)
                #expect(answer.status == .ok)
                #expect(try answer.json.status.string == "ready")
                #expect(try answer.json.checks.database.status.string == "ok")
                #expect(try answer.json.checks.fake.version.string == "1.2.3")
            }
        }
    }

    @Test(.enabled(if: Installed.sandbox, Installed.noSandbox))
    func `a server without any tool that works is not ready, but alive`() async throws {
        try await KilnServer.run(.copies) {
            $0.toolPaths[KilnServer.fake] = "/bin/false"
        } test: { kiln in
            let ready = try await kiln.get("/ready")
            #expect(ready.status == .serviceUnavailable)
            #expect(try ready.json.status.string == "degraded")
            #expect(try ready.json.checks.fake.status.string == "failed")
            let health = try await kiln.get("/health")
            #expect(health.status == .serviceUnavailable)
            #expect(try health.json.status.string == "unhealthy")
            #expect(try await kiln.get("/live").status == .ok)
        }
    }

    @Test(.enabled(if: Installed.sandbox, Installed.noSandbox))
    func `health tells of every part, of the machine, and of itself`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let answer = try await kiln.get("/health")
            let health = try answer.json
            #expect(try await kiln.get("/api/health").json.names == health.names)
            #expect(answer.status == .ok && health.status.string == "healthy")
            #expect(health.checks.names.isSuperset(of: ["database", "disk", "queue", "scheduler", "sandbox", "fake"]))
            #expect(health.checks.database.latencyMs.double != nil && health.checks.disk.freeBytes.int ?? 0 > 0)
            #expect(health.version.string == Version.current && health.environment.string == "development")
            #expect(health.uptimeSeconds.double ?? -1 >= 0 && health.responseTimeMs.double ?? -1 >= 0)
            #expect(health.memory.rssMB.double ?? 0 > 1)
        }
    }

    @Test(.enabled(if: Installed.sandbox, Installed.noSandbox))
    func `a disk below its reserve makes the server degraded and not ready, but alive`() async throws {
        try await KilnServer.run(.copies) {
            $0.diskReserve = 1 << 50
        } test: { kiln in
            let health = try await kiln.get("/health")
            #expect(try health.status == .ok && health.json.status.string == "degraded")
            #expect(try health.json.checks.disk.status.string == "failed")
            let ready = try await kiln.get("/ready")
            #expect(try ready.status == .serviceUnavailable && ready.json.failures.elements == [.string("disk")])
            #expect(try await kiln.get("/live").status == .ok)
        }
    }

    @Test(.enabled(if: Installed.sandbox, Installed.noSandbox))
    func `a tool that is required and missing makes the server unready, and is named`() async throws {
        try await KilnServer.run(.copies) {
            $0.requiredTools = [KilnServer.fake, "blender"]
        } test: { kiln in
            let ready = try await kiln.get("/ready")
            #expect(try ready.status == .serviceUnavailable && ready.json.failures.elements == [.string("tools")])
            #expect(try ready.json.checks.tools.missing.elements == [.string("blender")])
        }
    }

    @Test(.enabled(if: Installed.sandbox, Installed.noSandbox))
    func `health tells how each tool has done`() async throws {
        try await KilnServer.run(.copies) { kiln in
            #expect(try await kiln.get("/health").json.checks.fake.failureRate == .null)
            _ = try await kiln.ended(kiln.accepted())
            let fake = try await kiln.get("/health").json.checks.fake
            #expect(fake.installed.bool == true && fake.limit.int == 2)
            #expect(fake.running.int == 0 && fake.queued.int == 0)
            #expect(fake.lastSuccess.string?.hasSuffix("Z") == true && fake.failureRate.double == 0)
        }
    }

    @Test(.enabled(if: Installed.sandbox && Installed.python, "bubblewrap or python3 is not installed"))
    func `a locked database is told in time, and is no reason to start the server again`() async throws {
        try await KilnServer.run(.copies) { kiln in
            #expect(try await kiln.get("/ready").status == .ok)
            try await DatabaseLock.held(on: kiln.server.store.folder.root.appending("kiln.db")) {
                try await eventually {
                    let ready = try await kiln.get("/ready")
                    let database = try ready.json.checks.database.status.string
                    return ready.status == .serviceUnavailable && database == "failed"
                }
                let findings = ContinuousClock.now
                _ = await Findings(kiln.server, within: Findings.readiness)
                #expect(ContinuousClock.now - findings < .seconds(5))
                #expect(try await kiln.get("/health").json.status.string == "unhealthy")
                #expect(try await kiln.get("/live").status == .ok)
                #expect(try await kiln.get("/metrics").text.contains("\nkiln_ready 0\n"))
            }
            try await eventually { try await kiln.get("/ready").status == .ok }
        }
    }

    @Test func `a scheduler that does not come round any more is not alive`() async throws {
        try await withTemporaryFolder { folder in
            var settings = Settings()
            settings.dataDir = folder.appending("data")
            let server = try await Server.open(settings, converters: [], logger: .quiet)
            try await Edge(routes: { HealthRoutes(server: server).add(to: $0.group()) }).live { client in
                #expect(try await client.get("/live").status == .ok)
                server.scheduler.heartbeat.beat()
                // Asked an hour ago, as it were; nobody runs this scheduler, so that nobody answers.
                _ = server.scheduler.heartbeat.isFelt(now: .now - .seconds(3600))
                let answer = try await client.get("/live")
                #expect(try answer.status == .serviceUnavailable && answer.json.status.string == "failed")
                #expect(try await client.get("/ready").json.failures.elements.contains(.string("scheduler")))
            }
            await server.close()
        }
    }

    @Test func `a server without a sandbox by wish is degraded, and says why in health and log`() async throws {
        let log = RecordedLog()
        try await KilnServer.run(.copies, logger: log.logger) {
            $0.sandbox = .off
        } test: { kiln in
            let health = try await kiln.get("/health").json
            #expect(health.status.string == "degraded" && health.checks.sandbox.status.string == "failed")
            #expect(health.checks.sandbox.level.string == "off" && health.checks.fake.sandbox.string == "off")
            #expect(health.checks.sandbox.reason.string == "Tools run without a sandbox: SANDBOX is off.")
            #expect(try await kiln.get("/ready").status == .ok)
        }
        #expect(log.lines.contains { $0.level == .warning && $0.message.description.contains("SANDBOX is off") })
    }

    @Test(.enabled(if: Installed.sandbox, Installed.noSandbox))
    func `health and converters tell the level of the sandbox`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let health = try await kiln.get("/health").json
            #expect(health.checks.sandbox.status.string == "ok")
            let level = health.checks.sandbox.level.string
            #expect(["bubblewrap", "landlock"].contains(level))
            #expect(health.checks.fake.sandbox.string == level)
        }
    }
}
