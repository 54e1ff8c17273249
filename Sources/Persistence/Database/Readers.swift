import GRDB
import Synchronization

/// The connections that read, at most `DB_READERS` at a time, and how many of them are busy.
struct Readers: Sendable {
    private let pool: any DatabaseReader
    private let load = Load()

    private final class Load: Sendable {
        let busy = Atomic(0)
    }

    init(_ pool: any DatabaseReader) {
        self.pool = pool
    }

    var configuration: Configuration { pool.configuration }

    /// How many read now.
    var busy: Int { load.busy.load(ordering: .relaxed) }

    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await pool.unsafeRead { [load] database in
            load.busy.add(1, ordering: .relaxed)
            defer { load.busy.subtract(1, ordering: .relaxed) }
            return try database.transaction(for: .reading) { try body(database) }
        }
    }

    /// The same for a caller who does not wait: `tell` is called on a thread of the database.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value,
        _ tell: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        pool.asyncRead { [load] access in
            load.busy.add(1, ordering: .relaxed)
            defer { load.busy.subtract(1, ordering: .relaxed) }
            tell(Result { try body(access.get()) })
        }
    }
}
