import Foundation
import HTTPTypes
import Logging
import SystemPackage
import TestSupport
import Testing

@testable import App

/// What a Prometheus finds on a server.
@Suite(.timeLimit(.minutes(5)))
struct MetricsTests {
    /// The value of a series, by its name and labels.
    private func value(_ series: String, in text: String) -> Double? {
        text.split(separator: "\n").first { $0.hasPrefix(series + " ") }
            .flatMap { Double($0.dropFirst(series.count + 1)) }
    }

    @Test(.enabled(if: Installed.sandbox, Installed.noSandbox))
    func `a conversion shows in every figure that it changes`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let file = Samples.obj()
            _ = try await kiln.ended(kiln.accepted(file))
            let text = try await kiln.get("/metrics").text
            #expect(value("kiln_jobs{status=\"succeeded\"}", in: text) == 1)
            #expect(value("kiln_jobs{status=\"failed\"}", in: text) == 0)
            #expect(value("kiln_attempts_total{converter=\"fake\",outcome=\"succeeded\"}", in: text) == 1)
            #expect(value("kiln_job_duration_seconds_count{converter=\"fake\"}", in: text) == 1)
            #expect(value("kiln_attempt_duration_seconds_count{converter=\"fake\"}", in: text) == 1)
            #expect(value("kiln_queue_wait_seconds_count", in: text) == 1)
            #expect(value("kiln_upload_bytes_total", in: text) == Double(file.count))
            #expect(value("kiln_workers_limit{converter=\"fake\"}", in: text) == 2)
            #expect(value("kiln_ready", in: text) == 1 && value("kiln_queue_oldest_seconds", in: text) == 0)
            #expect(value("kiln_db_commit_seconds_count", in: text) ?? 0 >= 4)
            let conversion = "kiln_conversions_total{converter=\"fake\",from=\"obj\",to=\"obj\",outcome=\"succeeded\"}"
            #expect(value(conversion, in: text) == 1)
        }
    }

    @Test(.enabled(if: Installed.sandbox, Installed.noSandbox))
    func `what the database counts goes on after a restart`() async throws {
        try await withTemporaryFolder { folder in
            try await KilnServer.run(.copies, in: folder) { kiln in _ = try await kiln.ended(kiln.accepted()) }
            try await KilnServer.run(.copies, in: folder) { kiln in
                _ = try await kiln.ended(kiln.accepted())
                let text = try await kiln.get("/metrics").text
                #expect(value("kiln_attempts_total{converter=\"fake\",outcome=\"succeeded\"}", in: text) == 2)
                #expect(value("kiln_jobs{status=\"succeeded\"}", in: text) == 2)
            }
        }
    }

    @Test func `no client can make the figures grow`() async throws {
        try await KilnServer.run { kiln in
            for number in 0..<20 {
                _ = try await kiln.get("/nowhere/\(number)")
                _ = try await kiln.get("/api/jobs/\(UUID().uuidString.lowercased())")
                _ = try await kiln.execute(HTTPRequest.Method("PURGE") ?? .get, "/live")
            }
            let text = try await kiln.get("/metrics").text
            let counts = text.split(separator: "\n").filter {
                $0.hasPrefix("kiln_http_request_duration_seconds_count")
            }
            let prefix = "kiln_http_request_duration_seconds_count"
            #expect(value("\(prefix){method=\"GET\",route=\"none\",status=\"404\"}", in: text) == 20)
            #expect(value("\(prefix){method=\"GET\",route=\"/api/jobs/{id}\",status=\"404\"}", in: text) == 20)
            #expect(counts.filter { $0.contains("method=\"other\"") }.count == 1)
            #expect(counts.count <= 4)
        }
    }

    @Test func `a request that waits for a job is told apart from those that do not`() async throws {
        try await KilnServer.run { kiln in
            _ = try await kiln.get("/api/jobs/\(UUID().uuidString.lowercased())?wait=1")
            let text = try await kiln.get("/metrics").text
            #expect(text.contains("_count{method=\"GET\",route=\"/api/jobs/{id}?wait\",status=\"404\"} 1"))
        }
    }

    @Test func `the forms are told apart by what is accepted`() async throws {
        try await KilnServer.run { kiln in
            let plain = try await kiln.get("/metrics")
            #expect(plain.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
            let open = try await kiln.get("/metrics", headers: [.accept: "application/openmetrics-text"])
            #expect(open.headers[.contentType] == "application/openmetrics-text; version=1.0.0; charset=utf-8")
            #expect(open.text.hasSuffix("\n# EOF\n"))
            let json = try await kiln.get("/metrics", headers: [.accept: "application/json"])
            #expect(
                json.headers[.contentType] == "application/json" && json.headers[.vary]?.hasPrefix("Accept,") == true)
        }
    }

    @Test(.enabled(if: Installed.sandbox, Installed.noSandbox))
    func `in JSON there are requests by route, conversions by formats, and memory`() async throws {
        try await KilnServer.run(.copies) { kiln in
            _ = try await kiln.ended(kiln.accepted())
            _ = try await kiln.get("/nowhere")
            let summary = try await kiln.get("/metrics", headers: [.accept: "application/json"]).json
            #expect(summary.uptimeSeconds.double ?? -1 > 0 && summary.memory.rssMB.double ?? 0 > 1)
            let upload = try #require(
                summary.requests.routes.elements.first { $0.route.string == "POST /api/convert" })
            #expect(upload.count.int == 1 && upload.errors.int == 0 && upload.errorRate.double == 0)
            #expect(upload.meanMs.double ?? 0 > 0 && upload.p95Ms.double ?? 0 > 0)
            #expect(summary.requests.count.int ?? 0 >= 3)
            let conversion = summary.conversions[0]
            #expect(conversion.converter.string == "fake" && conversion.from.string == "obj")
            #expect(conversion.succeeded.int == 1 && conversion.failed.int == 0)
        }
    }

    @Test func `with a port of their own, metrics are only there`() async throws {
        let log = RecordedLog()
        try await KilnServer.run(logger: log.logger) {
            $0.metricsPort = 0
        } test: { kiln in
            #expect(try await kiln.get("/metrics").status == .notFound)
            var port: Int?
            try await eventually {
                port = log.lines.compactMap { $0.message.description.split(separator: " ") }
                    .first { $0.starts(with: ["metrics", "are", "on", "port"]) }?.last.flatMap { Int($0) }
                return port != nil
            }
            let own = KilnProcess.Address(port: try #require(port))
            #expect(try await own.get("/metrics").text.contains("kiln_build_info"))
            #expect(try await own.get("/api/jobs").status == .notFound)
        }
    }

    /// Told only by a server whose tools have circuits.
    private static let elsewhere: Set = ["kiln_tool_circuit_open gauge"]

    @Test func `every metric is documented with its kind, and nothing else is`() async throws {
        let families = try await KilnServer.run { kiln in await Scrape(kiln.server).families }
        let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
            .removingLastComponent()
        let page = try String(contentsOfFile: root.appending("docs/metrics.md").string, encoding: .utf8)
        let rows = page.matches(of: /(?m)^\| `((?:kiln|process)_[a-z_]+)` \| ([a-z]+)/)
        let documented = rows.map { "\($0.output.1) \($0.output.2)" }
        let told = families.map { family in
            switch family.kind {
            case .counter: "\(family.name)_total counter"
            case .info: "\(family.name)_info gauge"
            case .gauge, .histogram: "\(family.name) \(family.kind.rawValue)"
            }
        }
        #expect(Set(told).subtracting(documented) == [] && Set(documented).count == documented.count)
        #expect(Set(documented).subtracting(told).isSubset(of: Self.elsewhere))
    }

    @Test(.enabled(if: Promtool.isInstalled, "promtool (apt-get install prometheus) is not installed"))
    func `promtool finds nothing to complain of`() async throws {
        try await KilnServer.run { kiln in
            _ = try await kiln.get("/nowhere")
            let text = try await kiln.get("/metrics").text
            let complaints = try await blocking { try Promtool.check(text) }
            #expect(complaints == "")
        }
    }
}

/// Prometheus' own judge of what `/metrics` answers with.
private enum Promtool {
    static let isInstalled = FileManager.default.isExecutableFile(atPath: "/usr/bin/promtool")

    /// What it has to complain of; nothing when all is well.
    static func check(_ text: String) throws -> String {
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/promtool")
        process.arguments = ["check", "metrics"]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try input.fileHandleForWriting.close()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let words = String(decoding: said, as: UTF8.self)
        return process.terminationStatus == 0 ? words : "exit \(process.terminationStatus): \(words)"
    }
}
