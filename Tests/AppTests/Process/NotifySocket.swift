import Glibc
import Persistence
import SystemPackage
import TestSupport

@testable import App

/// Plays systemd: the socket on which a service says how it is.
final class NotifySocket: Sendable {
    /// As in `NOTIFY_SOCKET`.
    let name: String
    private let descriptor: CInt

    init(_ name: String) throws {
        self.name = name
        descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        var (address, size) = ServiceManager.address(of: name)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        guard result == 0 else { throw SystemError("bind \(name)") }
    }

    deinit {
        close(descriptor)
    }

    /// What has arrived and was not read yet; nil when nothing has.
    func heard() -> String? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &bytes, bytes.count, CInt(MSG_DONTWAIT))
        return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    /// The next one, of those that say other than that the service lives unless that is waited for.
    func next(_ start: String) async throws -> String {
        var news: String?
        try await eventually {
            repeat { news = heard() } while news?.hasPrefix(start) == false
            return news != nil
        }
        return news ?? ""
    }
}
