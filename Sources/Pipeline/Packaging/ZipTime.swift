import Glibc
import Persistence

/// A time in the form of MS-DOS (APPNOTE 4.4.6): two seconds a tick, from 1980 to 2107, here always in UTC.
struct ZipTime {
    /// Time in the low half, date in the high one.
    let field: UInt32

    /// What lies outside of the range becomes its nearer end.
    init(_ instant: Instant) {
        var seconds = time_t(min(max(instant.rawValue / 1000, 315_532_800), 4_354_819_198))
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let date = (parts.tm_year - 80) << 9 | (parts.tm_mon + 1) << 5 | parts.tm_mday
        let time = parts.tm_hour << 11 | parts.tm_min << 5 | parts.tm_sec / 2
        field = UInt32(date) << 16 | UInt32(time)
    }
}
