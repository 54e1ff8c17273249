import FoundationEssentials
import Glibc
import Persistence

/// Who started us and wants to be told how we are: systemd, by the protocol of sd_notify(3).
struct ServiceManager: Sendable {
    /// A path, or `@` and the name of an abstract socket (unix(7)).
    let socket: String
    /// After how long without a sign of life it ends us; nil when it waits for none.
    let patience: Duration?

    enum News: Sendable, Equatable {
        /// With a sentence for `systemctl status`.
        case ready(String), stopping(String)
        case alive
    }

    /// Nil when nobody is to be told.
    init?(environment: [String: String] = ProcessInfo.processInfo.environment) {
        guard let socket = environment["NOTIFY_SOCKET"], socket.hasPrefix("/") || socket.hasPrefix("@"),
            (2...Self.longestName).contains(socket.utf8.count)
        else { return nil }
        self.socket = socket
        // What was meant for another process is none of our business (sd_watchdog_enabled(3)).
        let isMeant = environment["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        patience = isMeant && microseconds > 0 ? .microseconds(microseconds) : nil
    }

    /// In bytes, with room for a zero at the end.
    private static let longestName = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    /// Waits at most a second for room in the socket. Throws where nobody listens any more.
    func tell(_ news: News) throws(SystemError) {
        let descriptor = Glibc.socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError("make a socket") }
        defer { close(descriptor) }
        var second = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &second, socklen_t(MemoryLayout<timeval>.size))
        var (address, size) = Self.address(of: socket)
        let message = Array(news.text.utf8)
        let sent = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, message, message.count, CInt(MSG_NOSIGNAL), $0, size)
            }
        }
        guard sent == message.count else { throw SystemError("tell the service manager") }
    }

    /// The name of an abstract socket begins with a zero and is as long as the address says; a path ends with one.
    static func address(of socket: String) -> (sockaddr_un, socklen_t) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let isAbstract = socket.hasPrefix("@")
        let name = isAbstract ? [0] + socket.utf8.dropFirst() : socket.utf8 + [0]
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name.prefix($0.count)) }
        let start = MemoryLayout.size(ofValue: address) - MemoryLayout.size(ofValue: address.sun_path)
        return (address, socklen_t(start + name.count))
    }
}

extension ServiceManager.News {
    var text: String {
        switch self {
        case .ready(let status): "READY=1\nSTATUS=\(status)"
        case .stopping(let status): "STOPPING=1\nSTATUS=\(status)"
        case .alive: "WATCHDOG=1"
        }
    }
}
