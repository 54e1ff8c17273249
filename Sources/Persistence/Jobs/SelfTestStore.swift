import GRDB

/// The verbs of self-tests.
package struct SelfTestStore: Sendable {
    let writer: Writer
    let reader: Readers

    /// All that was ever seen, of old versions too.
    package func all() async throws -> [SelfTest] {
        try await reader.read { try $0.all(SelfTest.self, "SELECT * FROM selfTest") }
    }

    /// Takes the place of what was seen of the same converter and formats before.
    package func keep(_ test: SelfTest, now: Instant = .now) async throws {
        try await writer.submit { database in
            try database.run(
                """
                INSERT INTO selfTest (converter, fromFormat, toFormat, toolVersion, programTime, sandbox, kilnVersion,
                                      outcome, failure, testedAt)
                VALUES (:converter, :from, :to, :version, :time, :sandbox, :kiln, :outcome, :failure, :now)
                ON CONFLICT (converter, fromFormat, toFormat) DO UPDATE SET
                    toolVersion = excluded.toolVersion, programTime = excluded.programTime, sandbox = excluded.sandbox,
                    kilnVersion = excluded.kilnVersion, outcome = excluded.outcome, failure = excluded.failure,
                    testedAt = excluded.testedAt
                """,
                [
                    "converter": test.converter, "from": test.fromFormat, "to": test.toFormat,
                    "version": test.circumstances.toolVersion, "time": test.circumstances.programTime,
                    "sandbox": test.circumstances.sandbox, "kiln": test.circumstances.kilnVersion,
                    "outcome": test.failure == nil ? "passed" : "failed", "failure": test.failure, "now": now,
                ])
        }
    }
}
