import Foundation

/// Runs a line of shell to its end.
///
/// - Throws: `ShellFailed` unless it exits with 0.
func shell(_ line: String) async throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line]
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        process.terminationHandler = { process in
            let status = process.terminationStatus
            continuation.resume(with: status == 0 ? .success(()) : .failure(ShellFailed(status: status)))
        }
        do {
            try process.run()
        } catch {
            continuation.resume(throwing: error)
        }
    }
}

struct ShellFailed: Error {
    let status: Int32
}
