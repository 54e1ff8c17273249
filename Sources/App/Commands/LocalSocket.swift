import FoundationEssentials
import Glibc
import Persistence
import SystemPackage

/// The unix socket of a server, in its data folder: for the command line on the same machine, by the same user.
struct LocalSocket {
    let path: String

    /// What a path of a socket may have, in bytes, with the zero at its end (unix(7)).
    private static let longestPath = 107

    init(in dataFolder: FilePath) {
        path = dataFolder.appending("kiln.sock").string
    }

    /// Whether the system can name it at all.
    var isPossible: Bool { path.utf8.count <= Self.longestPath }

    struct Answer {
        let status: Int
        let body: [UInt8]

        /// `nil` when it is something else.
        func decoded<Value: Decodable>(_: Value.Type) -> Value? {
            try? JSONDecoder().decode(Value.self, from: Data(body))
        }
    }

    /// Asks and waits for the whole answer. Throws `SystemError`.
    func ask(_ method: String, _ target: String) throws -> Answer {
        let descriptor = try connected()
        defer { close(descriptor) }
        let request = "\(method) \(target) HTTP/1.1\r\nHost: kiln\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        try FileDescriptor(rawValue: descriptor).writeAll(request.utf8)
        return try Self.parsed(try Self.everything(from: descriptor))
    }

    private func connected() throws -> CInt {
        guard isPossible else { throw SystemError("name the socket", code: ENAMETOOLONG) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError("make a socket") }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        guard result == 0 else {
            let code = errno
            close(descriptor)
            throw SystemError("connect", code: code)
        }
        return descriptor
    }

    private static func everything(from descriptor: CInt) throws -> [UInt8] {
        var all: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &part, part.count)
            guard count >= 0 else { throw SystemError("read the answer") }
            if count == 0 { return all }
            all += part[..<count]
        }
    }

    /// Of an answer with a length, which all of ours are (RFC 9112 section 6.3).
    private static func parsed(_ bytes: [UInt8]) throws -> Answer {
        let end = Array("\r\n\r\n".utf8)
        guard let head = bytes.indices.first(where: { bytes[$0...].starts(with: end) }),
            let status = String(decoding: bytes[..<head], as: UTF8.self).split(separator: " ").dropFirst().first
                .flatMap({ Int($0) })
        else { throw SystemError("understand the answer", code: EPROTO) }
        return Answer(status: status, body: Array(bytes[(head + end.count)...]))
    }
}
