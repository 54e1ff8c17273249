package import Persistence
package import SystemPackage

/// Lends a new store in a temporary folder, both of which are gone when `body` has ended.
@discardableResult
package func withTemporaryStore<Value>(
    smallFile: Int = 0, isolation: isolated (any Actor)? = #isolation, _ body: (Store) async throws -> Value
) async throws -> Value {
    try await withTemporaryFolder { folder in
        try await withStore(in: folder, smallFile: smallFile) { store in try await body(store) }
    }
}

/// Lends one life of the server on `folder`: a boot of its own, which ends without a goodbye, as after a crash.
/// Nothing of the store may be kept beyond `body`, or the folder stays locked for the next life.
///
/// - Parameter smallFile: in bytes; what is larger is kept in files.
@discardableResult
package func withStore<Value>(
    in folder: FilePath, smallFile: Int = 0, isolation: isolated (any Actor)? = #isolation,
    _ body: (Store) async throws -> Value
) async throws -> Value {
    let store = try await openWhenFree(folder, smallFile)
    do {
        let value = try await body(store)
        await store.writer.close()
        return value
    } catch {
        await store.writer.close()
        throw error
    }
}

/// The lock of an earlier life may outlast it for a moment: a thread that lets go, a child between fork and exec.
private func openWhenFree(_ folder: FilePath, _ smallFile: Int) async throws -> Store {
    var store: Store?
    try await eventually {
        do {
            let options = Store.Options(smallFile: smallFile, version: "test")
            store = try await Store.open(DataFolder(folder), options, now: .noon)
            return true
        } catch is DataFolderInUse {
            return false
        }
    }
    guard let store else { throw DeadlinePassed() }
    return store
}
