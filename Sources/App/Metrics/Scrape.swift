import Persistence
import Pipeline

/// Everything that `/metrics` tells, at one moment. Nothing here costs more for more jobs. What is not known in time is left
/// out: no figure is better than a wrong one. docs/metrics.md says what each one means.
struct Scrape {
    private let server: Server
    private let findings: Findings

    init(_ server: Server) async {
        self.server = server
        findings = await Findings(server, within: Findings.readiness)
    }

    var families: [MetricFamily] { queue + runs + http + database + machine + process }

    private var queue: [MetricFamily] {
        let jobs = findings.figures.map { figures in
            Dictionary(uniqueKeysWithValues: Status.allCases.map { ($0.rawValue, figures.jobs[$0] ?? 0) })
        }
        let age = findings.figures.map { figures in
            figures.oldestReady.map { max(0, (Instant.now - $0).seconds) } ?? 0
        }
        return [
            .gauge(
                "kiln_jobs", "Jobs by status; of those that have ended, all there ever were.", by: "status",
                jobs ?? [:]),
            .gauge("kiln_queue_limit", "Jobs that may wait (MAX_QUEUE).", .integer(Int64(server.settings.maxQueue))),
            .gauge(
                "kiln_queue_oldest_seconds", "How long the oldest conversion has waited that is ready.",
                age.map { .number($0) }),
            .histogram(
                "kiln_queue_wait_seconds", "From when a step was ready to its first claim.", server.metrics.waits
            ) { _ in [] },
            .counter(
                "kiln_upload_bytes", "Bytes of uploads that arrived, taken or not.",
                .integer(server.metrics.uploadedBytes)),
        ]
    }

    private var runs: [MetricFamily] {
        let metrics = server.metrics
        let tools = server.catalogue.toolbox.tools.map(\.tool.name)
        let busy = server.permits.inUse
        return [
            .histogram(
                "kiln_job_duration_seconds",
                "From an upload's first byte to the end of its job, by the last converter.", metrics.jobs
            ) { [["converter", $0]] },
            .histogram("kiln_attempt_duration_seconds", "From an attempt's claim to its end.", metrics.attempts) {
                [["converter", $0]]
            },
            .histogram("kiln_attempt_peak_memory_bytes", "The most that an attempt's tool used.", metrics.peaks) {
                [["converter", $0]]
            },
            attempts, conversions,
            .gauge(
                "kiln_tool_circuit_open", "1 when a tool has jobs wait because it fails its self-test.", by: "tool",
                server.circuits == nil
                    ? [:] : Dictionary(uniqueKeysWithValues: tools.map { ($0, isOpen($0) ? 1 : 0) })),
            .gauge(
                "kiln_workers_busy", "Processes of a tool that run.", by: "converter",
                Dictionary(uniqueKeysWithValues: tools.map { ($0, busy[$0] ?? 0) })),
            .gauge(
                "kiln_workers_limit", "Processes of a tool that may run at the same time; 0 while it is paused.",
                by: "converter", Dictionary(uniqueKeysWithValues: tools.map { ($0, limit(of: $0)) })),
        ]
    }

    private func isOpen(_ tool: String) -> Bool {
        server.circuits?.open[tool] != nil
    }

    private func limit(of tool: String) -> Int {
        server.permits.isPaused(tool) ? 0 : server.permits.limit(of: tool)
    }

    private var attempts: MetricFamily {
        let ended = (findings.figures?.attempts ?? []).sorted {
            ($0.converter, $0.outcome) < ($1.converter, $1.outcome)
        }
        return MetricFamily(
            "kiln_attempts", .counter, "Attempts that ended, ever.",
            ended.map { ended in
                .init(
                    suffix: "_total", labels: [["converter", ended.converter], ["outcome", ended.outcome]],
                    value: .integer(Int64(ended.count)))
            })
    }

    private var conversions: MetricFamily {
        MetricFamily(
            "kiln_conversions", .counter, "Attempts that ended since the start, by formats.",
            server.metrics.conversions.flatMap { key, figures in
                [("succeeded", figures.succeeded), ("failed", figures.failed)].map { outcome, count in
                    .init(
                        suffix: "_total",
                        labels: [
                            ["converter", key.converter], ["from", key.from], ["to", key.to], ["outcome", outcome],
                        ], value: .integer(Int64(count)))
                }
            })
    }

    private var http: [MetricFamily] {
        [
            .histogram(
                "kiln_http_request_duration_seconds", "From a request's head to that of its answer.",
                server.metrics.requests
            ) { key in
                [["method", key.method.rawValue], ["route", key.route], ["status", String(key.status)]]
            }
        ]
    }

    private var database: [MetricFamily] {
        [
            .histogram("kiln_db_commit_seconds", "How long COMMIT took.", server.metrics.commits) { _ in [] },
            .histogram("kiln_db_batch_size", "Changes that shared a transaction.", server.metrics.batches) { _ in [] },
            .gauge(
                "kiln_db_readers_busy", "Connections that read now.",
                .integer(Int64(server.store.jobs.busyReaders))),
            .gauge(
                "kiln_db_readers_limit", "Connections that may read (DB_READERS).",
                .integer(Int64(server.settings.dbReaders))),
            .gauge("kiln_db_size_bytes", "Of the database file.", .optional(findings.disk?.database)),
            .gauge("kiln_db_wal_bytes", "Of its write-ahead log.", .optional(findings.disk?.wal)),
            .gauge(
                "kiln_last_backup_timestamp_seconds", "When the last backup succeeded; 0 when none has.",
                findings.figures.map { .number(Double($0.lastBackup?.rawValue ?? 0) / 1000) }),
        ]
    }

    private var machine: [MetricFamily] {
        [
            .gauge(
                "kiln_disk_free_bytes", "Free on the data folder's disk, for an ordinary user.",
                .optional(findings.disk?.free)),
            .gauge("kiln_disk_size_bytes", "Of the data folder's disk.", .optional(findings.disk?.size)),
            .gauge(
                "kiln_disk_reserve_bytes", "What uploads must leave free (DISK_RESERVE).",
                .integer(server.space.reserve)),
            .gauge(
                "kiln_memory_system_ratio", "Used of the memory of the machine, or of our control group.",
                findings.memory.map { .number($0.usedRatio) }),
            .gauge(
                "kiln_ready", "1 when /ready says so.",
                .integer(HealthExamination(server, findings).isReady ? 1 : 0)),
            .gauge(
                "kiln_draining", "1 when an operator has the server drained.",
                .integer(server.control.draining.since == nil ? 0 : 1)),
            MetricFamily(
                "kiln_build", .info, "What runs.",
                [.init(suffix: "_info", labels: [["version", Version.current]], value: .integer(1))]),
        ]
    }

    private var process: [MetricFamily] {
        let process = ProcessFigures()
        return [
            .gauge("process_resident_memory_bytes", "Resident set size.", .optional(process.residentBytes)),
            .counter("process_cpu_seconds", "User and system time, without tools.", .number(process.cpuSeconds)),
            .gauge("process_open_fds", "Open file descriptors.", .optional(process.openFiles.map { Int64($0) })),
            .gauge("process_max_fds", "The most there may be.", .optional(process.mostFiles)),
            .gauge(
                "process_start_time_seconds", "Since 1970.", ProcessFigures.startSeconds.map { .number($0) }),
        ]
    }
}

extension MetricFamily.Value? {
    fileprivate static func optional(_ number: Int64?) -> Self {
        number.map { .integer($0) }
    }
}
