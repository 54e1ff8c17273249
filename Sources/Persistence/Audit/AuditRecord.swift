import GRDB

/// An event with what an auditor asks for: the run that it ended, and the files by their hashes.
package struct AuditRecord: Sendable {
    package let event: Event
    /// Of the event that took the job out of `running`.
    package let attempt: Attempt?
    package let source: Artifact?
    /// Of the event that made the job `succeeded`.
    package let result: Artifact?
}

/// Which events are looked at.
package struct AuditFilter: Hashable, Sendable {
    /// From then on.
    package let from: Instant?
    /// Until before then.
    package let to: Instant?
    package let subject: Subject?

    package struct Subject: Hashable, Sendable {
        package let kind: String
        package let id: String

        package init(kind: String, id: String) {
            self.kind = kind
            self.id = id
        }
    }

    package init(from: Instant? = nil, to: Instant? = nil, subject: Subject? = nil) {
        self.from = from
        self.to = to
        self.subject = subject
    }
}

extension AuditTrail {
    /// Events in the order in which they were written, behind the one with the number `after`.
    package func records(
        _ filter: AuditFilter = AuditFilter(), after event: Int64 = 0, limit: Int
    ) async throws -> [AuditRecord] {
        try await reader.read { database in
            let events = try database.events(filter, after: event, limit: limit)
            var files: [String: [Artifact]] = [:]
            return try events.map { event in
                guard event.subjectKind == "job" else {
                    return AuditRecord(event: event, attempt: nil, source: nil, result: nil)
                }
                let known = try files[event.subjectId] ?? database.files(of: event.subjectId)
                files[event.subjectId] = known
                return AuditRecord(
                    event: event, attempt: try database.attempt(endedBy: event),
                    source: known.last { $0.role == .source },
                    result: event.toStatus == .succeeded ? known.last { $0.role == .result } : nil)
            }
        }
    }
}

extension Database {
    fileprivate func events(_ filter: AuditFilter, after event: Int64, limit: Int) throws -> [Event] {
        let most = Instant(rawValue: .max), least = Instant(rawValue: .min)
        var arguments: StatementArguments = [
            "after": event, "from": filter.from ?? least, "to": filter.to ?? most, "limit": limit,
        ]
        if let subject = filter.subject {
            arguments += ["kind": subject.kind, "subject": subject.id]
            return try all(
                Event.self,
                """
                SELECT * FROM event
                 WHERE subjectKind = :kind AND subjectId = :subject AND id > :after AND at >= :from AND at < :to
                 ORDER BY id LIMIT :limit
                """, arguments)
        }
        arguments += ["first": try filter.from.map { try firstEvent(since: $0) } ?? 0]
        return try all(
            Event.self,
            """
            SELECT * FROM event WHERE id > :after AND id >= :first AND at >= :from AND at < :to ORDER BY id LIMIT :limit
            """, arguments)
    }

    /// Sealed segments whose events all happened before that moment are passed over.
    private func firstEvent(since moment: Instant) throws -> Int64 {
        let sealed = try Int64.fetchOne(
            cachedStatement(sql: "SELECT firstEvent FROM seal WHERE newestAt >= :from ORDER BY id LIMIT 1"),
            arguments: ["from": moment])
        return try sealed ?? (newestSeal()?.lastEvent ?? 0) + 1
    }

    fileprivate func attempt(endedBy event: Event) throws -> Attempt? {
        guard event.fromStatus == .running, let number = event.attempt else { return nil }
        return try first(
            Attempt.self, "SELECT * FROM attempt WHERE jobId = :job AND number = :number",
            ["job": event.subjectId, "number": number])
    }
}
