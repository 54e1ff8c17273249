import HTTPTypes
import Testing

@testable import App

/// Addresses, ranges of them, and whom a chain of proxies speaks for.
struct TrustedProxiesTests {
    private let proxies = TrustedProxies(ranges: ["10.0.0.0/8", "fd00::/8", "192.0.2.7"].compactMap { IPRange($0) })

    private func client(_ peer: String, forwarded: String? = nil, listed: String? = nil) throws -> String {
        var fields: HTTPFields = [:]
        if let forwarded { fields[try #require(HTTPField.Name("Forwarded"))] = forwarded }
        if let listed { fields[try #require(HTTPField.Name("X-Forwarded-For"))] = listed }
        return proxies.client(of: fields, from: try #require(IPAddress(peer))).description
    }

    @Test func `what a stranger says of himself is not believed`() throws {
        #expect(try client("203.0.113.1", listed: "198.51.100.1") == "203.0.113.1")
        #expect(try client("203.0.113.1", forwarded: "for=198.51.100.1") == "203.0.113.1")
    }

    @Test(arguments: [
        ("198.51.100.1", "198.51.100.1"), ("6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("6.6.6.6, 198.51.100.1, 10.1.2.3 , 192.0.2.7", "198.51.100.1"), ("198.51.100.1:4711", "198.51.100.1"),
        ("2001:db8::1", "2001:db8::1"), ("[2001:DB8::1]:443", "2001:db8::1"), ("::ffff:198.51.100.1", "198.51.100.1"),
        ("unknown", "10.0.0.1"), ("198.51.100.1, nonsense, 10.9.9.9", "10.9.9.9"), ("", "10.0.0.1"),
        ("10.7.7.7", "10.7.7.7"),
    ])
    func `the client is the last address that is no trusted proxy's`(listed: String, expected: String) throws {
        #expect(try client("10.0.0.1", listed: listed) == expected)
    }

    @Test(arguments: [
        ("for=198.51.100.1", "198.51.100.1"), ("For=\"[2001:db8:cafe::17]:4711\";proto=https", "2001:db8:cafe::17"),
        ("for=6.6.6.6, by=10.0.0.9;for=198.51.100.1;host=\"a,b;c\"", "198.51.100.1"), ("for=_hidden", "10.0.0.1"),
        ("for=198.51.100.1, for=unknown", "10.0.0.1"), ("proto=https", "10.0.0.1"),
        ("for=198.51.100.1, for=10.2.2.2, for=\"[fd00::5]\"", "198.51.100.1"),
    ])
    func `Forwarded is read by RFC 7239`(forwarded: String, expected: String) throws {
        #expect(try client("10.0.0.1", forwarded: forwarded) == expected)
    }

    @Test func `two fields that differ are not believed`() throws {
        #expect(try client("10.0.0.1", forwarded: "for=6.6.6.6", listed: "198.51.100.1") == "10.0.0.1")
        #expect(try client("10.0.0.1", forwarded: "for=198.51.100.1", listed: "198.51.100.1") == "198.51.100.1")
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.0", false), ("0.0.0.0/0", "1.2.3.4", true),
        ("0.0.0.0/0", "::1", false), ("2001:db8::/32", "2001:db8:ffff::1", true),
        ("2001:db8::/32", "2001:db9::", false),
        ("2001:db8::/65", "2001:db8::7fff:0:0:1", true), ("2001:db8::/65", "2001:db8::8000:0:0:1", false),
        ("::/0", "::1", true),
        ("::1", "::1", true), ("::1", "::2", false), ("10.0.0.0/8", "::ffff:10.1.1.1", true),
    ])
    func `a range holds the addresses that begin with its bits`(range: String, address: String, holds: Bool) throws {
        #expect(try #require(IPRange(range)).contains(try #require(IPAddress(address))) == holds)
    }

    @Test(arguments: ["10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/-1", "2001:db8::1/32", "host", "10.0.0/8", "1.2.3.4/", ""])
    func `anything else is no range`(text: String) {
        #expect(IPRange(text) == nil)
    }

    @Test func `a customer's network is all of IPv4 and 64 bits of IPv6`() throws {
        #expect(try #require(IPAddress("198.51.100.1")).network == IPAddress("198.51.100.1"))
        #expect(try #require(IPAddress("2001:db8:1:2:3:4:5:6")).network == IPAddress("2001:db8:1:2::"))
    }
}
