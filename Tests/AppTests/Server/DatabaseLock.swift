import Foundation
import SystemPackage

/// Another program that has the database locked for writing.
enum DatabaseLock {
    private static let script = """
        import sqlite3, sys
        database = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
        database.execute("BEGIN IMMEDIATE")
        print("locked", flush=True)
        sys.stdin.read()
        """

    static func held<Value>(on database: FilePath, _ body: () async throws -> Value) async throws -> Value {
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, database.string]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let result: Result<Value, any Error>
        do {
            // Nothing is read before it has the lock.
            let reading = output.fileHandleForReading
            _ = try await blocking { try reading.read(upToCount: 1) }
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        try input.fileHandleForWriting.close()
        try await blocking { process.waitUntilExit() }
        return try result.get()
    }
}
