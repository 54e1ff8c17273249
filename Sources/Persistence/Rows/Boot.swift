import GRDB

/// One life of the server.
package struct Boot: Codable, Sendable, Identifiable {
    package typealias ID = Identifier<Boot>

    package let id: ID
    package let version: String
    package let startedAt: Instant
    package let stoppedAt: Instant?
    /// What kept tools in; `nil` for boots of before that was noted.
    package let sandbox: String?
}

extension Boot: FetchableRecord {}
