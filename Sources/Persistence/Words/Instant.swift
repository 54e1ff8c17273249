import GRDB
import Glibc

/// A point in time: whole milliseconds since 1970-01-01T00:00:00Z, in code, in rows and in comparisons alike.
package struct Instant: RawRepresentable, Hashable, Comparable, Codable, Sendable {
    package let rawValue: Int64

    package init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// The wall clock's reading.
    package static var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(rawValue: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    package static func < (left: Instant, right: Instant) -> Bool {
        left.rawValue < right.rawValue
    }

    package static func + (instant: Instant, duration: Duration) -> Instant {
        Instant(rawValue: instant.rawValue + duration.milliseconds)
    }

    package static func - (instant: Instant, duration: Duration) -> Instant {
        Instant(rawValue: instant.rawValue - duration.milliseconds)
    }

    package static func - (later: Instant, earlier: Instant) -> Duration {
        .milliseconds(later.rawValue - earlier.rawValue)
    }
}

extension Instant: DatabaseValueConvertible {}

extension Instant: CustomStringConvertible {
    /// RFC 3339 in UTC with milliseconds, such as `2026-11-21T12:00:00.000Z`.
    package var description: String {
        var seconds = time_t((Double(rawValue) / 1000).rounded(.down))
        let milliseconds = Int(rawValue - Int64(seconds) * 1000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        // Written by hand, since a page of the history has hundreds of them.
        var text: [UInt8] = []
        text.reserveCapacity(24)
        let fields: [(number: Int, width: Int, end: Unicode.Scalar)] = [
            (Int(parts.tm_year) + 1900, 4, "-"), (Int(parts.tm_mon) + 1, 2, "-"), (Int(parts.tm_mday), 2, "T"),
            (Int(parts.tm_hour), 2, ":"), (Int(parts.tm_min), 2, ":"), (Int(parts.tm_sec), 2, "."),
            (milliseconds, 3, "Z"),
        ]
        for field in fields { Self.append(field.number, width: field.width, field.end, to: &text) }
        return String(decoding: text, as: UTF8.self)
    }

    private static func append(_ number: Int, width: Int, _ end: Unicode.Scalar, to text: inout [UInt8]) {
        let number = abs(number)
        var unit = 1
        for _ in 1..<width { unit *= 10 }
        while number / unit > 9 { unit *= 10 }
        while unit > 0 {
            text.append(UInt8(ascii: "0") + UInt8(number / unit % 10))
            unit /= 10
        }
        text.append(UInt8(ascii: end))
    }
}

extension Duration {
    /// Whole milliseconds, rounded towards zero.
    package var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }

    /// Whole nanoseconds, rounded towards zero.
    package var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }

    /// Milliseconds with two digits behind the point, for people.
    package var roundedMilliseconds: Double {
        (seconds * 1e5).rounded() / 100
    }

    /// With its fraction.
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
