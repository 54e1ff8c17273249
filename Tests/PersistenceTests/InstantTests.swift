import Persistence
import TestSupport
import Testing

struct InstantTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"), (-1000, "1969-12-31T23:59:59.000Z"),
        (-2_208_988_800_000, "1900-01-01T00:00:00.000Z"), (951_782_399_999, "2000-02-28T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        (1_781_524_800_007, "2026-06-15T12:00:00.007Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ])
    func `an instant reads as RFC 3339 in UTC`(milliseconds: Int64, text: String) {
        #expect(Instant(rawValue: milliseconds).description == text)
    }

    @Test func `instants are ordered by time, also before 1970`() {
        let instants = [-1001, -1, 0, 1, 1_781_524_800_000].map { Instant(rawValue: $0) }

        #expect(instants.reversed().sorted() == instants)
    }

    @Test func `adding a duration and taking the difference agree to the millisecond`() {
        let later = Instant.noon + .milliseconds(90_061_001)

        #expect(later - .noon == .milliseconds(90_061_001))
        #expect(later.description == "2026-06-16T13:01:01.001Z")
    }

    @Test func `now is the wall clock`() {
        #expect(Instant.now > Instant(rawValue: 1_700_000_000_000))
    }
}
