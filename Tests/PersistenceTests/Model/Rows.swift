import GRDB

@testable import Persistence

/// What the rows say of all jobs, in a form that can be compared and judged.
struct Rows {
    struct JobRow {
        let job: Job
        let attempts: [Attempt]
        let results: Int
        let intermediates: Int
    }

    let jobs: [JobRow]
    let census: [Status: Int]
    /// The newest of the audit trail.
    let lastEvent: Int

    init(_ database: Database) throws {
        let jobs = try database.all(Job.self, "SELECT * FROM job ORDER BY id")
        let attempts = try database.all(Attempt.self, "SELECT * FROM attempt ORDER BY jobId, number")
        func counts(_ sql: String) throws -> [String: Int] {
            try Row.fetchAll(database.cachedStatement(sql: sql)).reduce(into: [:]) { $0[$1["job"]] = $1["count"] }
        }
        let results = try counts(
            "SELECT jobId AS job, count(*) AS count FROM artifact WHERE role = 'result' GROUP BY jobId")
        let steps = try counts(
            "SELECT jobId AS job, count(*) AS count FROM artifact WHERE role = 'intermediate' GROUP BY jobId")
        self.jobs = jobs.map { job in
            JobRow(
                job: job, attempts: attempts.filter { $0.jobId == job.id },
                results: results[job.id.rawValue] ?? 0, intermediates: steps[job.id.rawValue] ?? 0)
        }
        lastEvent = try Int.fetchOne(database.cachedStatement(sql: "SELECT max(id) FROM event")) ?? 0
        census = try Row.fetchAll(
            database.cachedStatement(sql: "SELECT label, value FROM tally WHERE name = 'jobs' AND value <> 0")
        ).reduce(into: [:]) { census, row in Status(rawValue: row["label"]).map { census[$0] = row["value"] } }
    }

    subscript(job: Job.ID) -> JobRow? { jobs.first { $0.job.id == job } }

    func number(of job: Job.ID) -> Int? { jobs.firstIndex { $0.job.id == job } }

    /// Whether the claim is the one that its job runs under.
    func holds(_ claim: Claim) -> Bool {
        let job = self[claim.job.id]?.job
        return job?.status == .running && job?.attempt == claim.number
    }

    /// What decides about the future. Numbers of attempts and old outcomes do not; of turns only the order does.
    func key(_ boot: Boot.ID) -> String {
        let turns = Set(jobs.map(\.job.turn)).sorted()
        return jobs.map { row in
            let job = row.job
            guard !job.status.isFinal else { return "\(job.status) \(job.isRetryable)" }
            let holder = job.claimedBy.map { $0 == boot ? "ours" : "theirs" } ?? "-"
            return """
                \(job.status) \(job.step).\(job.choice) \(job.tool ?? "-") \(job.dueAt == nil) \(job.failures) \
                \(job.crashes) \(holder) \(turns.firstIndex(of: job.turn) ?? -1) \(job.retryOf == nil)
                """
        }.joined(separator: "|")
    }
}
