import GRDB

/// The verbs of jobs. What changes a status is in Transitions.swift, what only looks in History.swift.
package struct JobStore: Sendable {
    let writer: Writer
    let reader: Readers
    package let endings = Endings()

    init(writer: Writer, reader: Readers) {
        self.writer = writer
        self.reader = reader
    }

    /// Submits what accepts the job. Whoever asks is told that it is live from that transaction on.
    func expecting(
        _ id: Job.ID, _ accept: @escaping @Sendable (Database) throws -> Dossier?
    ) async throws -> Dossier? {
        do {
            return try await writer.submit { [endings] database in
                let dossier = try accept(database)
                if dossier != nil { endings.begin(id) }
                return dossier
            }
        } catch {
            endings.forget(id)
            throw error
        }
    }
}
