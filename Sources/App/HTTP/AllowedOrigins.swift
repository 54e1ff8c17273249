import HTTPTypes

/// The sites whose pages may use the API from a browser (Fetch Standard, section 3.3), besides our own page.
struct AllowedOrigins: Equatable, Sendable {
    let rules: [Rule]

    enum Rule: Equatable, Sendable {
        case any
        /// In lower case and without the usual port.
        case exact(Origin)
        /// Every name below the host: `https://*.example.com`.
        case below(Origin)
    }

    var hasAny: Bool { rules.contains(.any) }

    func allow(_ origin: String) -> Bool {
        if hasAny { return true }
        guard let origin = Origin(origin) else { return false }
        return rules.contains { rule in
            switch rule {
            case .any: true
            case .exact(let allowed): origin == allowed
            case .below(let allowed):
                origin.scheme == allowed.scheme && origin.port == allowed.port
                    && origin.host.hasSuffix("." + allowed.host)
            }
        }
    }
}

extension AllowedOrigins.Rule: CustomStringConvertible {
    init?(_ text: some StringProtocol) {
        if text == "*" {
            self = .any
        } else if let range = text.firstRange(of: "://*.") {
            guard let origin = Origin(text[..<range.lowerBound] + "://" + text[range.upperBound...]) else { return nil }
            self = .below(origin)
        } else {
            guard let origin = Origin(text) else { return nil }
            self = .exact(origin)
        }
    }

    var description: String {
        switch self {
        case .any: "*"
        case .exact(let origin): origin.description
        case .below(let origin): "\(origin.scheme)://*.\(origin.authority)"
        }
    }
}

/// A scheme, a host and a port, as a browser names the site of a page (RFC 6454, section 6.2).
struct Origin: Equatable, Sendable {
    let scheme: String
    let host: String
    /// Nil for the usual one of the scheme.
    let port: Int?

    /// Nothing but these three, and `http` or `https`; a slash at the end is forgiven.
    init?(_ text: some StringProtocol) {
        let text = text.lowercased()
        guard let range = text.firstRange(of: "://"), ["http", "https"].contains(text[..<range.lowerBound]) else {
            return nil
        }
        scheme = String(text[..<range.lowerBound])
        let rest = text[range.upperBound...]
        guard let (host, port) = Self.parts(rest.last == "/" ? rest.dropLast() : rest) else { return nil }
        self.host = host
        self.port = port == (scheme == "https" ? 443 : 80) ? nil : port
    }

    var authority: String { host + (port.map { ":\($0)" } ?? "") }

    /// Whether a `Host` field names the same place. The scheme is not known behind a proxy: either usual port will do.
    func isAt(host field: String) -> Bool {
        guard let (host, port) = Self.parts(field.lowercased()[...]) else { return false }
        return host == self.host && (port == self.port || self.port == nil && [80, 443].contains(port))
    }

    private static func parts(_ authority: Substring) -> (host: String, port: Int?)? {
        let end =
            authority.first == "["
            ? authority.firstIndex(of: "]").map(authority.index(after:)) : authority.firstIndex(of: ":")
        let host = authority[..<(end ?? authority.endIndex)]
        let rest = authority[host.endIndex...]
        let isPlain = host.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
                UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"):
                true
            default: false
            }
        }
        guard !host.isEmpty, isPlain else { return nil }
        if rest.isEmpty { return (String(host), nil) }
        guard rest.first == ":", let port = Int(rest.dropFirst()), (1...65_535).contains(port) else { return nil }
        return (String(host), port)
    }
}

extension Origin: CustomStringConvertible {
    var description: String { "\(scheme)://\(authority)" }
}
