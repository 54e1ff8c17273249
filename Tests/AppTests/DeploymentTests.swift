import Foundation
import Persistence
import Pipeline
import SystemPackage
import Testing

@testable import App

/// What is told to operators, against the code and against itself.
@Suite struct `What operators are given` {
    private let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: root.appending(name).string, encoding: .utf8)
    }

    /// The words after `mark` at the start of lines.
    private func headings(_ mark: String, in document: String, below title: String? = nil) -> [String] {
        var lines = document.split(separator: "\n").map(String.init)[...]
        if let title { lines = lines.drop { $0 != title }.dropFirst().prefix { !$0.hasPrefix("## ") } }
        return lines.filter { $0.hasPrefix(mark + " ") }.map { $0.dropFirst(mark.count + 1).filter { $0 != "`" } }
    }

    private func alerts() throws -> [String] {
        try text("deploy/alerts.yml").matches(of: /- alert: (\w+)/).map { String($0.output.1) }
    }

    @Test func `every alert has a section that says what to do, and names it`() throws {
        let alerts = try alerts()
        #expect(alerts.count > 7)
        #expect(try headings("###", in: text("docs/operations.md"), below: "## When an alert fires") == alerts)
        let named = try text("deploy/alerts.yml").matches(of: /runbook: docs\/operations\.md#(\w+)/)
        #expect(named.map { String($0.output.1) } == alerts.map { $0.lowercased() })
    }

    @Test func `every alert has a test in which it fires, and one in which it does not`() throws {
        let tests = try text("deploy/alerts.test.yml")
        for alert in try alerts() {
            #expect(tests.contains("alertname: \(alert)\n        exp_alerts:"), "\(alert)")
            #expect(tests.contains("alertname: \(alert)}"), "\(alert)")
        }
    }

    @Test func `every failure code has a section that explains it, and nothing else has`() throws {
        let sections = try headings("###", in: text("docs/failures.md"), below: "## Failures of a job")
        #expect(sections == Failure.Code.allCases.map(\.rawValue))
    }

    @Test func `every reason to refuse a request is in the table of them`() throws {
        let codes = try text("docs/failures.md").matches(of: /(?m)^\| `(\w+)` \|/).map { String($0.output.1) }
        #expect(Set(Refusal.Kind.allCases.map(\.rawValue)).subtracting(codes) == [])
        let promised = try text("openapi.yaml").matches(of: /code: { (?:const: (\w+)|enum: \[([^\]]+)\]) }/)
            .flatMap { ($0.output.1 ?? $0.output.2 ?? "").split(separator: ", ").map(String.init) }
        #expect(promised.count > 20)
        #expect(Set(promised).subtracting(codes) == [])
    }

    @Test func `every metric that an alert or the dashboard asks for is documented`() throws {
        let documented = Set(try text("docs/metrics.md").matches(of: /\| `([a-z_]+)/).map { String($0.output.1) })
        #expect(documented.count > 20)
        for file in ["deploy/alerts.yml", "deploy/grafana.json"] {
            for use in try text(file).matches(of: /\b((?:kiln|process)_[a-z_]+[a-z])\b/) {
                let name = String(use.output.1)
                let ofHistogram = name.replacing(/_(bucket|sum|count)$/, with: "")
                #expect(documented.contains(name) || documented.contains(ofHistogram), "\(file): \(name)")
            }
        }
    }

    @Test func `the table of settings for operators has every setting with its default`() throws {
        // What each tool has stands in README.md.
        let expected = Settings.table(tools: []).map { "\($0.name) \($0.defaultText)" }
        let rows = try text("docs/operations.md").matches(of: /(?m)^\| `([A-Z_]+)`[^|]*\|(?: `([^`]*)`)? \|/)
            .map { "\($0.output.1) \($0.output.2 ?? "")" }
        #expect(Set(expected).subtracting(rows) == [])
        #expect(rows.count == Set(rows).count)
    }

    @Test func `who stops the server waits longer than the server waits for its tools`() throws {
        let own = Settings().shutdownTimeout
        for (file, setting) in [
            ("deploy/compose.yaml", /stop_grace_period: (\d+)s/),
            ("deploy/systemd/kiln.service", /TimeoutStopSec=(\d+)\n/),
            ("deploy/kubernetes/deployment.yaml", /terminationGracePeriodSeconds: (\d+)/),
        ] {
            let seconds = try text(file).firstMatch(of: setting).flatMap { Int($0.output.1) }
            #expect(seconds.map { own < .seconds($0) } == true, "\(file)")
            #expect(try text(file).contains(/SHUTDOWN_TIMEOUT(=|: |\s+value: )30s/), "\(file)")
        }
    }

    @Test func `every container is read-only, has no rights and an end to what it may use`() throws {
        let compose = try text("deploy/compose.yaml")
        let services = compose.ranges(of: "\n    image: ").count
        #expect(services == 3)
        for wall in [
            "user: ", "read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", "limits:", "healthcheck:",
            "restart: unless-stopped",
        ] {
            #expect(
                compose.ranges(of: "    \(wall)").count + compose.ranges(of: "[\(wall)").count == services, "\(wall)")
        }
        for file in ["deployment", "backup"] {
            let pod = try text("deploy/kubernetes/\(file).yaml")
            for wall in [
                "runAsNonRoot: true", "readOnlyRootFilesystem: true", "allowPrivilegeEscalation: false", "drop: [ALL]",
                "type: RuntimeDefault", "limits:", "requests:", "automountServiceAccountToken: false",
            ] {
                #expect(pod.contains(wall), "\(file): \(wall)")
            }
        }
    }

    @Test func `probes ask for a restart only when it is stuck, and for requests only when it can take them`() throws {
        let pod = try text("deploy/kubernetes/deployment.yaml")
        #expect(pod.contains(/startupProbe:\s+httpGet: {path: \/live,/))
        #expect(pod.contains(/livenessProbe:\s+httpGet: {path: \/live,/))
        #expect(pod.contains(/readinessProbe:\s+httpGet: {path: \/ready,/))
        #expect(try text("deploy/healthcheck").contains("GET /ready "))
        #expect(try text("deploy/compose.yaml").contains("test: [CMD, kiln-healthcheck]"))
    }
}
