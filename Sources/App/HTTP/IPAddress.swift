import Glibc
import NIOCore

/// An address of IPv4 or IPv6. An IPv4 address in IPv6's clothes (RFC 4291, section 2.5.5.2) is the IPv4 address.
struct IPAddress: Hashable, Sendable {
    /// Of IPv4, the address is the lower half's lower half.
    let high, low: UInt64
    let isV4: Bool

    /// Dotted decimal, or what RFC 4291 section 2.2 allows, without brackets, zone or port.
    init?(_ text: some StringProtocol) {
        let text = String(text)
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            self.init(v4: UInt32(bigEndian: v4.s_addr))
            return
        }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, text, &v6) == 1 else { return nil }
        let halves = withUnsafeBytes(of: &v6) { bytes in
            (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        self.init(high: UInt64(bigEndian: halves.0), low: UInt64(bigEndian: halves.1))
    }

    init(v4: UInt32) {
        (high, low, isV4) = (0, UInt64(v4), true)
    }

    init(high: UInt64, low: UInt64) {
        let isMapped = high == 0 && low >> 32 == 0xFFFF
        (self.high, self.low, isV4) = (high, isMapped ? low & 0xFFFF_FFFF : low, isMapped)
    }

    /// Nil for a unix socket.
    init?(_ address: SocketAddress?) {
        guard let text = address?.ipAddress else { return nil }
        // A zone names an interface of this machine, not somebody else.
        self.init(text.prefix { $0 != "%" })
    }

    /// The part of it that one customer has: all of an IPv4 address, and of IPv6 the first 64 bits (RFC 6177).
    var network: IPAddress { isV4 ? self : IPAddress(high: high, low: 0) }
}

extension IPAddress: CustomStringConvertible {
    var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        if isV4 {
            var address = in_addr(s_addr: UInt32(low).bigEndian)
            inet_ntop(AF_INET, &address, &text, socklen_t(text.count))
        } else {
            var halves = (high.bigEndian, low.bigEndian)
            inet_ntop(AF_INET6, &halves, &text, socklen_t(text.count))
        }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// A range of addresses, as `10.0.0.0/8` or as a single one (RFC 4632, section 3.1).
struct IPRange: Hashable, Sendable {
    let first: IPAddress
    let bits: Int

    /// Bits beyond the length must be zero: a range that is written otherwise is a mistake.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let first = IPAddress(parts[0]) else { return nil }
        let most = first.isV4 ? 32 : 128
        let bits = parts.count == 1 ? most : Int(parts[1])
        guard let bits, (0...most).contains(bits) else { return nil }
        self.first = first
        self.bits = bits
        guard Self.masked(first, bits) == (first.high, first.low) else { return nil }
    }

    func contains(_ address: IPAddress) -> Bool {
        address.isV4 == first.isV4 && Self.masked(address, bits) == (first.high, first.low)
    }

    private static func masked(_ address: IPAddress, _ bits: Int) -> (UInt64, UInt64) {
        // Swift's shifts give 0 when all bits are shifted out.
        guard !address.isV4 else { return (0, address.low & (UInt64(0xFFFF_FFFF) << UInt64(32 - bits)) & 0xFFFF_FFFF) }
        return (
            address.high & (bits >= 64 ? .max : ~(UInt64.max >> UInt64(bits))),
            address.low & (bits <= 64 ? 0 : ~(UInt64.max >> UInt64(bits - 64)))
        )
    }
}

extension IPRange: CustomStringConvertible {
    var description: String { bits == (first.isV4 ? 32 : 128) ? first.description : "\(first)/\(bits)" }
}
