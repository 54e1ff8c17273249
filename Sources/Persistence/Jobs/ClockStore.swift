import GRDB

/// What rows know of the wall clock: which times were believed, and what operators said.
package struct ClockStore: Sendable {
    let writer: Writer
    let reader: Readers

    /// What is known of times gone by; `nil`: nothing yet.
    package struct Marks: Sendable {
        /// The newest time that was believed.
        package let believed: Instant?
        /// Of the newest event.
        package let event: Instant?
        /// When the server was last seen by its rows alone.
        package let seen: Instant?
    }

    package func marks() async throws -> Marks {
        try await reader.read { database in
            let event = try Instant.fetchOne(database, sql: "SELECT at FROM event ORDER BY id DESC LIMIT 1")
            let stop = try Instant.fetchOne(
                database, sql: "SELECT stoppedAt FROM boot WHERE stoppedAt IS NOT NULL ORDER BY rowid DESC LIMIT 1")
            return Marks(
                believed: try Instant.fetchOne(database, sql: "SELECT believedAt FROM clock WHERE id = 1"),
                event: event, seen: [event, stop].compactMap(\.self).max())
        }
    }

    /// The time is right, as far as anybody can tell.
    package func believe(_ now: Instant) async throws {
        try await writer.submit { try $0.believe(now) }
    }

    /// An operator says that the time is right.
    package func confirm(_ now: Instant, requestId: String?) async throws {
        try await writer.submit { database in
            try database.believe(now)
            try database.note(subject: "clock", "wall", "confirmed", now, client: "operator", requestId: requestId)
        }
    }

    /// Leaves an event: the clock is not believed any more, or again.
    package func note(isHeld: Bool, _ now: Instant) async throws {
        try await writer.submit { try $0.note(subject: "clock", "wall", isHeld ? "held" : "agreed", now) }
    }
}

extension Database {
    fileprivate func believe(_ now: Instant) throws {
        try run(
            """
            INSERT INTO clock (id, believedAt) VALUES (1, :now)
            ON CONFLICT (id) DO UPDATE SET believedAt = excluded.believedAt
            """, ["now": now])
    }
}
