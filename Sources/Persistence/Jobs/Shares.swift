import GRDB

// Fair sharing between clients: start-time fair queueing, in which each job costs the same.
// P. Goyal, H. M. Vin, H. Cheng: Start-time Fair Queueing, SIGCOMM 1996.

extension Database {
    /// The client's next turn in the line for a tool: one after its last, and not before the line's own clock, so that
    /// nobody is owed for the time in which he wanted nothing.
    func takeTurn(_ tool: String, _ priority: Job.Priority, of client: String) throws -> Int64 {
        let turn = try Int64.fetchOne(
            cachedStatement(
                sql: """
                    INSERT INTO share (tool, priority, client, turn)
                    VALUES (:tool, :priority, :client,
                            coalesce((SELECT turn FROM share
                                       WHERE tool = :tool AND priority = :priority AND client = ''), 0))
                    ON CONFLICT (tool, priority, client) DO UPDATE SET turn = max(turn + 1, excluded.turn)
                    RETURNING turn
                    """), arguments: ["tool": tool, "priority": priority, "client": client])
        return turn ?? 0
    }

    /// Sets the line's clock to the turn of a job that was claimed from it.
    func turn(clockOf job: Job) throws {
        try run(
            """
            INSERT INTO share (tool, priority, client, turn) VALUES (:tool, :priority, '', :turn)
            ON CONFLICT (tool, priority, client) DO UPDATE SET turn = max(turn, excluded.turn)
            """, ["tool": job.tool, "priority": job.priority, "turn": job.turn])
    }

    /// A job that goes on with another tool takes its turn in the line for that one; with the same tool it keeps its own,
    /// and so ends before others begin.
    func lineUp(_ job: Job, for tool: String) throws {
        guard tool != job.tool else { return }
        try run(
            "UPDATE job SET turn = :turn WHERE id = :id",
            ["id": job.id, "turn": takeTurn(tool, job.priority, of: job.client)])
    }
}
