import Glibc

/// A date as HTTP writes it, to the second (RFC 9110 section 5.6.7): seconds since 1970 here, `IMF-fixdate` outside.
struct HTTPDate: Equatable, CustomStringConvertible {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

    let seconds: Int64

    init(seconds: Int64) {
        self.seconds = seconds
    }

    /// Reads the preferred form and the two obsolete ones, which recipients must accept. Nil for anything else.
    /// The name of the day is not compared with the date.
    init?(_ text: String) {
        let words = text.split { " ,-:".contains($0) }.map(String.init)
        let order: [Int]
        switch (words.count, words.last) {
        case (8, "GMT"): order = [3, 2, 1, 4, 5, 6]
        case (7, _): order = [6, 1, 2, 3, 4, 5]
        default: return nil
        }
        let numbers = order.map { Self.months.firstIndex(of: words[$0]) ?? Self.number(words[$0]) }
        guard let year = numbers[0], let month = numbers[1], Self.months.contains(words[order[1]]),
            let day = numbers[2], (1...31).contains(day), let hour = numbers[3], hour < 24,
            let minute = numbers[4], minute < 60, let second = numbers[5], second <= 60
        else { return nil }
        var parts = tm()
        // Two digits are a year between 1970 and 2069.
        parts.tm_year = Int32(year < 70 ? year + 100 : year < 100 ? year : year - 1900)
        (parts.tm_mon, parts.tm_mday) = (Int32(month), Int32(day))
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (Int32(hour), Int32(minute), Int32(second))
        self.init(seconds: Int64(timegm(&parts)))
    }

    private static func number(_ word: String) -> Int? {
        (1...4).contains(word.utf8.count) && word.utf8.allSatisfy { (48...57).contains($0) } ? Int(word) : nil
    }

    var description: String {
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        let (day, month) = (Self.days[Int(parts.tm_wday)], Self.months[Int(parts.tm_mon)])
        let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { Self.padded($0, to: 2) }.joined(separator: ":")
        let date = "\(Self.padded(parts.tm_mday, to: 2)) \(month) \(Self.padded(parts.tm_year + 1900, to: 4))"
        return "\(day), \(date) \(clock) GMT"
    }

    private static func padded(_ number: Int32, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
