import Glibc
import Subprocess
import SystemPackage

/// Lends a process that runs while `body` does, and is killed then.
func withProcess(_ program: FilePath, _ arguments: [String], _ body: (pid_t) async throws -> Void) async throws {
    let configuration = Configuration(executable: .path(program), arguments: Arguments(arguments))
    _ = try await Subprocess.run(configuration, input: .none, output: .discarded, error: .discarded) { execution in
        let process = pid_t(execution.processIdentifier.value)
        defer { kill(process, SIGKILL) }
        try await body(process)
    }
}
