import Hummingbird
import Persistence

/// The query of `GET /api/jobs`: which jobs, how many, from where on.
struct HistoryPage {
    let filter: HistoryFilter
    let size: Int
    let cursor: HistoryCursor?

    private static let largest = 200

    init(_ query: Parameters) throws {
        filter = try Self.filter(query)
        size =
            try query["pageSize"].map { text in
                guard let size = Int(text), (1...Self.largest).contains(size) else {
                    throw Problem(.malformedRequest, "pageSize must be a whole number from 1 to \(Self.largest).")
                }
                return size
            } ?? 50
        cursor = try query["pageToken"].map { try Self.cursor(String($0)) }
    }

    private static func filter(_ query: Parameters) throws -> HistoryFilter {
        let status = try query["status"].map { try Self.status(String($0)) }
        guard let word = query["retryable"] else { return status.map(HistoryFilter.status) ?? .all }
        guard word == "true", status == nil || status == .failed else {
            throw Problem(.malformedRequest, "retryable can only be true, and only failed jobs are.")
        }
        return .deadLetters
    }

    private static func status(_ text: String) throws -> Status {
        guard let status = Status(rawValue: text) else {
            let known = Status.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(.malformedRequest, "There is no status \"\(text.prefix(40))\". Known are: \(known).")
        }
        return status
    }

    /// Opaque to clients: the place of the page's last row.
    static func token(after job: Job) -> String {
        "\(job.createdAt.rawValue).\(job.id)"
    }

    private static func cursor(_ token: String) throws -> HistoryCursor {
        let parts = token.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let time = Int64(parts[0]), let id = Job.ID(rawValue: String(parts[1])) else {
            throw Problem(.malformedRequest, "The pageToken is not one that this server gave.")
        }
        return HistoryCursor(createdAt: Instant(rawValue: time), id: id)
    }
}
