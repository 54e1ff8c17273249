import GRDB

/// One life of the server.
package struct Boot: Codable, Sendable, Identifiable {
    package typealias ID = Identifier<Boot>

    package let id: ID
    package let version: String
    package let startedAt: Instant
    package let stoppedAt: Instant?
}

extension Boot: FetchableRecord {}
