import Glibc
import Persistence
package import SystemPackage

/// Lends an empty folder, which is removed with all that is in it when `body` has ended.
@discardableResult
package func withTemporaryFolder<Value>(
    below parent: String = "/tmp", isolation: isolated (any Actor)? = #isolation,
    _ body: (FilePath) async throws -> Value
) async throws -> Value {
    var template = Array("\(parent)/kiln-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SystemError("make a temporary folder") }
    let folder = FilePath(platformString: template)
    do {
        let value = try await body(folder)
        try Directory.remove(folder)
        return value
    } catch {
        try? Directory.remove(folder)  // What failed first is what to tell.
        throw error
    }
}

/// Waits until the condition holds, looking again every few milliseconds.
///
/// - Throws: `DeadlinePassed` when it does not within `limit`.
package func eventually(
    within limit: Duration = .seconds(60), isolation: isolated (any Actor)? = #isolation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now.advanced(by: limit)
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw DeadlinePassed() }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// What a test waited for did not happen.
package struct DeadlinePassed: Error {}
