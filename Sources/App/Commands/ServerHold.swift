import Persistence
import SystemPackage

/// Has the server that runs on a data folder delete nothing while a backup is made.
struct ServerHold {
    /// The server is there and cannot be talked to.
    struct Unreachable: Error, CustomStringConvertible {
        let description: String
    }

    private let socket: LocalSocket
    private let lease = Identifier<BackupRecord>()

    init(on folder: FilePath) {
        socket = LocalSocket(in: folder)
    }

    /// Begins or goes on; it lasts for a minute.
    func hold() throws {
        do {
            let answer = try socket.ask("POST", "/api/backups/\(lease)/hold")
            guard answer.status == 200 else {
                throw Unreachable(description: "The server does not hold its files: it answered with \(answer.status).")
            }
        } catch let error as SystemError {
            throw Unreachable(
                description: "The data folder is in use, and its server cannot be reached at \(socket.path): \(error).")
        }
    }

    /// Says again and again that it goes on, until it is cancelled. A server that is not there deletes nothing; one that
    /// has started anew is told at the next time.
    func keepHolding() async {
        while (try? await Task.sleep(for: .seconds(15))) != nil { try? hold() }
    }

    /// Tells what came of it, if anything did. Says whether the server has heard it.
    func end(_ record: BackupRecord?) -> Bool {
        var query = ""
        if let record {
            query =
                "?startedAt=\(record.startedAt.rawValue)&finishedAt=\(record.finishedAt.rawValue)"
                + "&files=\(record.files)&bytes=\(record.bytes)&damaged=\(record.damaged)"
        }
        let answer = try? socket.ask("POST", "/api/backups/\(lease)/end\(query)")
        return answer?.status == 200
    }
}
