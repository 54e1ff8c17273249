import GRDB

/// A job with all that belongs to it, as of one moment.
package struct Dossier: Sendable {
    package let job: Job
    /// In the order of their numbers.
    package let attempts: [Attempt]
    package let artifacts: [Artifact]

    /// The newest artifact in that role.
    package func artifact(_ role: Artifact.Role) -> Artifact? {
        artifacts.last { $0.role == role }
    }
}

/// A place in the history: the last row of a page.
package struct HistoryCursor: Hashable, Sendable {
    package let createdAt: Instant
    package let id: Job.ID

    package init(createdAt: Instant, id: Job.ID) {
        self.createdAt = createdAt
        self.id = id
    }
}

/// Which jobs of the history are looked at.
package enum HistoryFilter: Hashable, Sendable {
    case all
    case status(Status)
    /// Those with that failure whose file is there, and that were not repeated yet.
    case failed(Failure.Code)
    /// Failed ones that are worth repeating, and were not repeated yet.
    case deadLetters
}

extension JobStore {
    package func job(_ id: Job.ID) async throws -> Job? {
        try await reader.read { try $0.job(id) }
    }

    /// Where the job is; `nil` for an id that no job has.
    package func status(of id: Job.ID) async throws -> Status? {
        try await reader.read { database in
            try Status.fetchOne(
                database.cachedStatement(sql: "SELECT status FROM job WHERE id = :id"), arguments: ["id": id])
        }
    }

    package func dossier(of id: Job.ID) async throws -> Dossier? {
        try await reader.read { try $0.dossier(of: id) }
    }

    /// The job with its source and its result alone.
    package func brief(of id: Job.ID) async throws -> Dossier? {
        try await reader.read { database in try database.job(id).map { try database.brief(of: $0) } }
    }

    /// The same, and the bytes of its file in that role where it is a small one; `nil`: it is a file of its own.
    package func brief(
        of id: Job.ID, with role: Artifact.Role
    ) async throws -> (dossier: Dossier, content: BlobReader?)? {
        try await reader.read { database in
            guard let dossier = try database.job(id).map({ try database.brief(of: $0) }) else { return nil }
            let content = try dossier.artifact(role)?.blobKey.flatMap { try database.content(of: $0) }
            return (dossier, content.map { BlobReader($0) })
        }
    }

    /// Conversions, newest first, from `cursor` (exclusive) on. Previews are not part of the history. The dossiers are
    /// brief, as in `brief(of:)`.
    package func history(
        _ filter: HistoryFilter = .all, after cursor: HistoryCursor? = nil, limit: Int
    ) async throws -> [Dossier] {
        let sql = Self.historySQL(filter, isContinued: cursor != nil)
        var arguments: StatementArguments = ["limit": limit]
        if let cursor {
            arguments += ["createdAt": cursor.createdAt, "id": cursor.id]
        }
        return try await reader.read { [arguments] database in
            try database.all(Job.self, sql, arguments).map { try database.brief(of: $0) }
        }
    }

    /// What is filtered by is literal, so that SQLite can use the partial indexes; it is never a client's text.
    static func historySQL(_ filter: HistoryFilter, isContinued: Bool) -> String {
        let filter =
            switch filter {
            case .all: ""
            case .status(let status): " AND status = '\(status.rawValue)'"
            case .failed(let code):
                """
                 AND status = 'failed' AND failureCode = '\(code.rawValue)'
                 AND EXISTS (SELECT 1 FROM artifact WHERE jobId = job.id AND role = 'source' AND blobKey IS NOT NULL)
                 AND NOT EXISTS (SELECT 1 FROM job AS retry WHERE retry.retryOf = job.id)
                """
            case .deadLetters: " AND retryable = 1"
            }
        let place = isContinued ? " AND (createdAt, id) < (:createdAt, :id)" : ""
        return
            "SELECT * FROM job WHERE kind = 'conversion'\(filter)\(place) ORDER BY createdAt DESC, id DESC LIMIT :limit"
    }

    /// The audit trail of a job, oldest first.
    package func events(of job: Job.ID) async throws -> [Event] {
        try await reader.read {
            try $0.all(
                Event.self, "SELECT * FROM event WHERE subjectKind = 'job' AND subjectId = :job ORDER BY id",
                ["job": job])
        }
    }

    /// How many jobs there are in each status. Final ones count all there ever were.
    package func census() async throws -> [Status: Int] {
        try await reader.read { try $0.census() }
    }
}

extension Database {
    func census() throws -> [Status: Int] {
        let rows = try Row.fetchCursor(cachedStatement(sql: "SELECT label, value FROM tally WHERE name = 'jobs'"))
        var census: [Status: Int] = [:]
        while let row = try rows.next() {
            if let status = Status(rawValue: row["label"]) { census[status] = row["value"] }
        }
        return census
    }

    /// What went in, and what came out.
    func brief(of job: Job) throws -> Dossier {
        Dossier(job: job, attempts: [], artifacts: try files(of: job.id.rawValue))
    }

    /// The sources and the results of the job with that id.
    func files(of job: String) throws -> [Artifact] {
        try all(
            Artifact.self,
            "\(Artifact.select) WHERE jobId = :job AND role IN ('source', 'result') ORDER BY attempt", ["job": job])
    }

    func job(_ id: Job.ID) throws -> Job? {
        try first(Job.self, "SELECT * FROM job WHERE id = :id", ["id": id])
    }

    func dossier(of id: Job.ID) throws -> Dossier? {
        try job(id).map { try dossier(of: $0) }
    }

    func dossier(of job: Job) throws -> Dossier {
        Dossier(
            job: job,
            attempts: try all(
                Attempt.self, "SELECT * FROM attempt WHERE jobId = :job ORDER BY number", ["job": job.id]),
            artifacts: try all(
                Artifact.self, "\(Artifact.select) WHERE jobId = :job ORDER BY attempt", ["job": job.id]))
    }
}
