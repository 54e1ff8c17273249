import GRDB

extension JobStore {
    /// How many of the newest runs of a tool tell what it needs.
    package static let peaksOfTool = 50
    /// Rows that are looked at for them: those of the newest jobs.
    private static let newestRuns = 2000

    /// The peak memory of the newest runs by the tool's name, in bytes, oldest first.
    package func peaks() async throws -> [String: [Int64]] {
        try await reader.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT tool, peakMemoryBytes FROM attempt ORDER BY jobId DESC, number DESC LIMIT \(Self.newestRuns)
                    """)
            var peaks: [String: [Int64]] = [:]
            for row in rows {
                guard let peak: Int64 = row["peakMemoryBytes"] else { continue }
                let tool: String = row["tool"]
                if peaks[tool, default: []].count < Self.peaksOfTool { peaks[tool, default: []].append(peak) }
            }
            return peaks.mapValues { $0.reversed() }
        }
    }
}
