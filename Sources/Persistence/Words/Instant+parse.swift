import Glibc

extension Instant {
    /// Reads a date (midnight UTC) or a date with a time and a zone, as in RFC 3339: `2026-11-21`, `2026-11-21T12:00:00Z`,
    /// `2026-11-21T12:00:00.5+01:00`. `nil` for anything else, and for days that there are not.
    package init?(_ text: String) {
        guard let match = text.wholeMatch(of: Self.form) else { return nil }
        let parts = match.output
        guard let year = Int32(parts.1), let month = Int32(parts.2), let day = Int32(parts.3) else { return nil }
        var time = tm()
        (time.tm_year, time.tm_mon, time.tm_mday) = (year - 1900, month - 1, day)
        time.tm_hour = parts.4.flatMap { Int32($0) } ?? 0
        time.tm_min = parts.5.flatMap { Int32($0) } ?? 0
        time.tm_sec = parts.6.flatMap { Int32($0) } ?? 0
        guard time.tm_hour < 24, time.tm_min < 60, time.tm_sec < 60 else { return nil }
        let seconds = timegm(&time)
        // The 31st of June would have become the 1st of July.
        guard time.tm_mon == month - 1, time.tm_mday == day else { return nil }
        let fraction = parts.7.map { String(($0.dropFirst() + "000").prefix(3)) }.flatMap { Int64($0) } ?? 0
        guard let ahead = Self.ahead(of: parts.8) else { return nil }
        self.init(rawValue: (Int64(seconds) - ahead) * 1000 + fraction)
    }

    /// Seconds that a zone is ahead of UTC.
    private static func ahead(of zone: Substring?) -> Int64? {
        guard let zone, zone.uppercased() != "Z" else { return 0 }
        let (hours, minutes) = (Int64(zone.dropFirst().prefix(2)), Int64(zone.suffix(2)))
        guard let hours, let minutes, hours < 24, minutes < 60 else { return nil }
        return (zone.hasPrefix("-") ? -1 : 1) * (hours * 3600 + minutes * 60)
    }

    /// Made anew, because a `Regex` is not `Sendable`.
    private static var form:
        Regex<
            (
                Substring, Substring, Substring, Substring, Substring?, Substring?, Substring?, Substring?, Substring?
            )
        >
    {
        /(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d):(\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d))?/
    }
}
