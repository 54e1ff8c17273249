import Foundation

/// A client that says on a socket exactly what a test wants said, and nothing more. Every wait has a deadline.
final class RawClient: Sendable {
    struct Failed: Error {
        let call: String
        let code: Int32
    }

    private static let patience = Duration.seconds(30)

    private let socket: Int32

    init(port: Int, receiveBuffer: Int32? = nil, sendBuffer: Int32? = nil) throws {
        socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw Failed(call: "socket", code: errno) }
        for (option, size) in [(SO_RCVBUF, receiveBuffer), (SO_SNDBUF, sendBuffer)] {
            guard var size else { continue }
            setsockopt(socket, SOL_SOCKET, option, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failed(call: "connect", code: errno) }
    }

    deinit {
        close(socket)
    }

    /// Sends all of it, or throws when the server will not take it within half a minute.
    func send(_ text: String) throws {
        let bytes = Array(text.utf8)
        guard send(bytes, upTo: bytes.count) == bytes.count else { throw Failed(call: "send", code: errno) }
    }

    /// Sends `bytes` again and again, up to `total` of them, and returns how many the socket took before the server hung up.
    func send(_ bytes: [UInt8], upTo total: Int) -> Int {
        var sent = 0
        while sent < total, isReady(POLLOUT, within: Self.patience) {
            let offset = sent % bytes.count
            let count = bytes[offset...].withUnsafeBytes {
                Foundation.send(socket, $0.baseAddress, min($0.count, total - sent), Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
            if count < 0 && errno == EAGAIN { continue }
            guard count > 0 else { break }
            sent += count
        }
        return sent
    }

    /// What has come when `isEnough`, when the server hangs up, or when half a minute have brought nothing.
    func receive(until isEnough: (_ text: String) -> Bool) -> String {
        var text = ""
        while !isEnough(text), let bytes = receive() {
            text += String(decoding: bytes, as: UTF8.self)
        }
        return text
    }

    /// Everything up to the end of the connection.
    func receiveAll() -> String {
        receive { _ in false }
    }

    /// What comes next, at most 64 KB; nil when the connection is over or half a minute have brought nothing.
    func receive() -> [UInt8]? {
        guard isReady(POLLIN, within: Self.patience) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = recv(socket, &bytes, bytes.count, 0)
        return count > 0 ? Array(bytes.prefix(count)) : nil
    }

    /// Nothing has come that was not received, nor comes while we wait.
    func isQuiet(for time: Duration = .zero) -> Bool { !isReady(POLLIN, within: time) }

    /// Makes the end of the client a reset, as when its process is killed.
    func resetsWhenReleased() {
        var lingers = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &lingers, socklen_t(MemoryLayout<linger>.size))
    }

    func shutdownOutput() {
        shutdown(socket, Int32(SHUT_WR))
    }

    private func isReady(_ event: Int32, within time: Duration) -> Bool {
        var wanted = pollfd(fd: socket, events: Int16(event), revents: 0)
        return poll(&wanted, 1, Int32(time / .milliseconds(1))) > 0
    }
}

/// Runs what blocks on a thread of its own. A queue of Dispatch would not do: tasks run on the same few threads.
func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
    }
}
