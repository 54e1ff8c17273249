import GRDB
import Glibc
import Synchronization

/// The id of a row: a UUIDv7 (RFC 9562 §5.7) in lower case, so that ids sort by the time they were made.
package struct Identifier<Subject>: RawRepresentable, Hashable, Sendable {
    package let rawValue: String

    /// Takes a well-formed UUID in either case; `nil` for anything else.
    package init?(rawValue: String) {
        let text = rawValue.lowercased()
        guard text.utf8.count == 36 else { return nil }
        for (index, byte) in text.utf8.enumerated() {
            switch (index, byte) {
            case (8, 0x2D), (13, 0x2D), (18, 0x2D), (23, 0x2D): continue
            case (8, _), (13, _), (18, _), (23, _): return nil
            case (_, 0x30...0x39), (_, 0x61...0x66): continue
            default: return nil
            }
        }
        self.rawValue = text
    }

    /// A new id. Ids made by one process rise strictly, also within a millisecond and when the clock steps back.
    package init(at now: Instant = .now) {
        let stamp = IdentifierClock.next(now)
        var random = SystemRandomNumberGenerator()
        let high = UInt64(stamp.milliseconds) << 16 | 0x7000 | UInt64(stamp.count)
        let low = random.next(upperBound: UInt64(1) << 62) | 0x8000_0000_0000_0000
        rawValue = Self.text(high, low)
    }

    private static func text(_ high: UInt64, _ low: UInt64) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: 36) { buffer in
            var at = 0
            for nibble in 0..<32 {
                if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
                    buffer[at] = 0x2D
                    at += 1
                }
                let word = nibble < 16 ? high : low
                buffer[at] = digits[Int(word >> UInt64(60 - 4 * (nibble % 16)) & 0xF)]
                at += 1
            }
            return 36
        }
    }
}

/// Time and a 12-bit count for `rand_a` (RFC 9562 §6.2, method 1); a full count borrows from the next millisecond.
private enum IdentifierClock {
    struct Stamp {
        var milliseconds: Int64
        var count: UInt16
    }

    private static let last = Mutex(Stamp(milliseconds: 0, count: 0))

    static func next(_ now: Instant) -> Stamp {
        last.withLock { last in
            if now.rawValue > last.milliseconds {
                last = Stamp(milliseconds: now.rawValue, count: 0)
            } else if last.count < 0xFFF {
                last.count += 1
            } else {
                last = Stamp(milliseconds: last.milliseconds + 1, count: 0)
            }
            return last
        }
    }
}

extension Identifier: Codable {}
extension Identifier: DatabaseValueConvertible {}
extension Identifier: CustomStringConvertible {
    package var description: String { rawValue }
}
