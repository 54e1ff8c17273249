import Glibc
import Logging
import Persistence
import Pipeline
import SystemPackage

extension Server {
    /// A server that says nothing and listens nowhere, over a data folder that is gone afterwards: for commands that need
    /// what a server has.
    static func temporary<Value>(
        _ settings: Settings, _ body: (Server) async throws -> Value
    ) async throws -> Value {
        let folder = try temporaryFolder()
        defer {
            // What cannot be removed is the system's to clean up.
            try? Directory.remove(folder)
        }
        var settings = settings
        settings.dataDir = folder
        let server = try await open(settings, logger: Logger(label: "kiln") { _ in SwiftLogNoOpLogHandler() })
        let outcome: Result<Value, any Error>
        do {
            outcome = .success(try await body(server))
        } catch {
            outcome = .failure(error)
        }
        await server.close()
        return try outcome.get()
    }

    private static func temporaryFolder() throws -> FilePath {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/kiln.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw LocalConversion.Trouble(
                sentence: "No temporary folder can be made in \(base).", exitCode: EX_CANTCREAT)
        }
        return FilePath(String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))
    }
}
