import TestSupport
import Testing

@testable import Pipeline

struct TextNumberTests {
    private func number(_ text: String) -> Double? {
        Array(text.utf8).withUnsafeBytes { bytes in
            var cursor = TextCursor(bytes)
            return cursor.number()
        }
    }

    @Test(arguments: [
        "0", "-0.5", "+1.25", ".5", "5.", "1e3", "1E-3", "123456789012345", "0.1", "3.4028235e38", "1.17549435e-38",
        "5e-324",
        "1.7976931348623157e308", "0e9999", "0.000000000000000000000000001", "100000000000000000000000000", "-12.75e+1",
    ]) func `decimal numbers are read as Swift reads them, within 2 ulp`(text: String) throws {
        let expected = try #require(Double(text))
        let found = try #require(number(text))
        #expect(abs(found - expected) <= 2 * expected.ulp)
    }

    @Test func `numbers of up to fifteen digits are exact`() {
        var generator = SeededRandom(seed: 7)
        for _ in 0..<20_000 {
            let digits = Int64.random(in: -999_999_999_999_999...999_999_999_999_999, using: &generator)
            let text = "\(digits)e\(Int.random(in: -22...7, using: &generator))"
            #expect(number(text) == Double(text))
        }
    }

    @Test(arguments: [
        "", "-", ".", "e5", "1e", "1e+", "nan", "inf", "-inf", "1e999", "1.2.3", "0x10", "1#", "1-2", "--1", "1.#QNAN",
    ])
    func `what is no finite number is none`(text: String) {
        #expect(number(text) == nil)
    }
}
