import FoundationEssentials
import GRDB

/// A sealed run of events: a row of `seal`.
struct Seal: Sendable {
    let id: Int64
    let firstEvent: Int64
    let lastEvent: Int64
    let sha256: String
    let prunedAt: Instant?
    /// When the oldest and the newest of its events happened.
    let oldestAt: Instant
    let newestAt: Instant
    /// The first bytes of each event's hash, by which a changed event is found.
    let marks: Data

    var name: SealName { SealName(id: id, sha256: sha256) }
}

/// A seal as people write it down: whoever keeps one outside can tell later that the chain up to it is the same.
package struct SealName: Hashable, Codable, Sendable, CustomStringConvertible {
    package let id: Int64
    /// Lower-case hexadecimal.
    package let sha256: String

    package init(id: Int64, sha256: String) {
        self.id = id
        self.sha256 = sha256
    }

    /// Reads `ID:SHA256`.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let id = Int64(parts[0]), parts[1].utf8.count == 64 else { return nil }
        self.init(id: id, sha256: parts[1].lowercased())
    }

    package var description: String { "\(id):\(sha256)" }
}

extension Seal: FetchableRecord {
    init(row: Row) throws {
        id = row["id"]
        firstEvent = row["firstEvent"]
        lastEvent = row["lastEvent"]
        sha256 = row["sha256"]
        prunedAt = row["prunedAt"]
        oldestAt = row["oldestAt"]
        newestAt = row["newestAt"]
        marks = row["marks"]
    }
}

extension Database {
    func newestSeal() throws -> Seal? {
        try first(Seal.self, "SELECT * FROM seal ORDER BY id DESC LIMIT 1")
    }
}
