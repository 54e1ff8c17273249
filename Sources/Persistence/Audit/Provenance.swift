import GRDB

/// Where a result comes from: the job, and all that ran for it. One that got another's result has the attempts of that one.
package struct Provenance: Sendable {
    package let dossier: Dossier
    /// The lives of the server in which the attempts ran.
    private let boots: [Boot.ID: Boot]

    init(dossier: Dossier, boots: [Boot]) {
        self.dossier = dossier
        self.boots = Dictionary(boots.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    }

    package func boot(of attempt: Attempt) -> Boot? { boots[attempt.boot] }
}

extension JobStore {
    /// `nil` for an id that no job has.
    package func provenance(of id: Job.ID) async throws -> Provenance? {
        guard let dossier = try await dossier(of: id) else { return nil }
        let boots = try await reader.read { database in
            try Set(dossier.attempts.map(\.boot)).compactMap { boot in
                try database.first(Boot.self, "SELECT * FROM boot WHERE id = :id", ["id": boot])
            }
        }
        return Provenance(dossier: dossier, boots: boots)
    }
}
