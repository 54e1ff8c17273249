import HTTPTypes
import Logging
import Pipeline
import SystemPackage
import TestSupport
import Testing

@testable import App

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
    func `a disk below its reserve makes the server degraded, not unready`() async throws {
        try await KilnServer.run(.copies) {
            $0.diskReserve = 1 << 50
        } test: { kiln in
            let health = try await kiln.get("/health").json
            #expect(health.status.string == "degraded" && health.checks.disk.status.string == "failed")
            #expect(try await kiln.get("/ready").status == .ok)
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
