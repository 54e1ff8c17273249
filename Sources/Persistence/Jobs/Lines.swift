import GRDB

/// How many jobs wait for a tool.
package struct Line: Hashable, Sendable {
    /// To be claimed at once.
    package var ready = 0
    /// For their time.
    package var waiting = 0

    package init() {}
}

extension JobStore {
    /// By the tool's name; a tool that nobody waits for has none. Looks at every pending row.
    package func lines() async throws -> [String: Line] {
        try await reader.read { try $0.lines() }
    }

    /// The same, told when it is known.
    package func lines(_ tell: @escaping @Sendable (Result<[String: Line], any Error>) -> Void) {
        reader.read({ try $0.lines() }, tell)
    }
}

extension Database {
    fileprivate func lines() throws -> [String: Line] {
        let ready = try Row.fetchAll(
            self, sql: "SELECT tool, count(*) AS jobs FROM job WHERE status = 'pending' AND dueAt IS NULL GROUP BY tool"
        )
        let waiting = try Row.fetchAll(
            self,
            sql: "SELECT tool, count(*) AS jobs FROM job WHERE status = 'pending' AND dueAt IS NOT NULL GROUP BY tool")
        var lines: [String: Line] = [:]
        for row in ready { lines[row["tool"], default: Line()].ready = row["jobs"] }
        for row in waiting { lines[row["tool"], default: Line()].waiting = row["jobs"] }
        return lines
    }
}
