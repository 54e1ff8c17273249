import HTTPTypes

/// Who may say on whose behalf he asks: the proxies in front of this server, by their addresses.
///
/// Each proxy adds the address that it sees to `Forwarded` (RFC 7239) or `X-Forwarded-For`. Read from the end, the
/// first address that is no trusted proxy's is the client; what stands before it, the client may have written himself.
/// A request with both fields is believed only if they agree: most proxies write one and let the other through as the
/// client sent it.
struct TrustedProxies: Equatable, Sendable {
    let ranges: [IPRange]

    /// The address that asks, seen from this side of all trusted proxies.
    func client(of fields: HTTPFields, from peer: IPAddress) -> IPAddress {
        guard trusts(peer) else { return peer }
        let forwarded = fields[values: .forwarded].flatMap(Self.forwarded)
        let listed = fields[values: .forwardedFor].flatMap(Self.listed)
        if forwarded.isEmpty { return client(in: listed, from: peer) }
        if listed.isEmpty { return client(in: forwarded, from: peer) }
        let client = client(in: forwarded, from: peer)
        return client == self.client(in: listed, from: peer) ? client : peer
    }

    private func trusts(_ address: IPAddress) -> Bool {
        ranges.contains { $0.contains(address) }
    }

    /// What nobody can name (`unknown`, `_hidden`) ends the walk at the proxy that wrote it.
    private func client(in hops: [IPAddress?], from peer: IPAddress) -> IPAddress {
        var client = peer
        for hop in hops.reversed() {
            guard let hop else { return client }
            client = hop
            if !trusts(hop) { return client }
        }
        return client
    }

    /// `192.0.2.1, [2001:db8::1]:4711`
    static func listed(_ value: String) -> [IPAddress?] {
        value.split(separator: ",", omittingEmptySubsequences: false).map { address(trimmed($0)) }
    }

    /// `for=192.0.2.1;proto=https, for="[2001:db8::1]:4711"` (RFC 7239, section 4). An element that does not say for
    /// whom is a hop that nobody can name.
    static func forwarded(_ value: String) -> [IPAddress?] {
        split(value[...], at: ",").map { element in
            for pair in split(element, at: ";") {
                let pair = trimmed(pair)
                guard let equals = pair.firstIndex(of: "="), pair[..<equals].lowercased() == "for" else { continue }
                var node = pair[pair.index(after: equals)...]
                if node.first == "\"", node.last == "\"", node.count >= 2 { node = node.dropFirst().dropLast() }
                return address(node)
            }
            return nil
        }
    }

    /// With or without a port: `192.0.2.1:80`, `[2001:db8::1]:80`, and `2001:db8::1` as `X-Forwarded-For` has it.
    private static func address(_ node: Substring) -> IPAddress? {
        if node.first == "[" { return node.firstIndex(of: "]").flatMap { IPAddress(node[..<$0].dropFirst()) } }
        if let plain = IPAddress(node) { return plain }
        return node.firstIndex(of: ":").flatMap { IPAddress(node[..<$0]) }
    }

    /// Not within quotes.
    private static func split(_ text: Substring, at separator: Character) -> [Substring] {
        var isQuoted = false
        return text.split(omittingEmptySubsequences: false) { letter in
            if letter == "\"" { isQuoted.toggle() }
            return letter == separator && !isQuoted
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}

extension HTTPField.Name {
    // The literals are valid tokens, so the initializers cannot fail.
    // swift-format-ignore: NeverForceUnwrap
    fileprivate static let forwarded = HTTPField.Name("Forwarded")!
    // swift-format-ignore: NeverForceUnwrap
    fileprivate static let forwardedFor = HTTPField.Name("X-Forwarded-For")!
}
