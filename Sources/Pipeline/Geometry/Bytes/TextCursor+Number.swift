import Glibc

extension TextCursor {
    /// The next word as a decimal number, `nil` when it is none or not finite (`nan`, `inf`, `1.#IND`, `1e999`).
    ///
    /// Exact for up to 15 digits and small exponents, as practically all files have; within 2 ulp otherwise.
    mutating func number() -> Double? {
        guard !isAtEnd() else { return nil }
        let isNegative = byte == UInt8(ascii: "-")
        if isNegative || byte == UInt8(ascii: "+") { position += 1 }
        var decimal = Decimal()
        let start = position
        digits { decimal.append($0) }
        var count = position - start
        if byte == UInt8(ascii: ".") {
            position += 1
            let point = position
            digits { decimal.appendFraction($0) }
            count += position - point
        }
        guard count > 0, exponent(into: &decimal), endsHere else { return nil }
        let value = decimal.value
        return value.isFinite ? (isNegative ? -value : value) : nil
    }

    @inline(__always)
    private mutating func digits(_ each: (UInt64) -> Void) {
        while position < bytes.count, case let digit = bytes[position] &- 48, digit < 10 {
            each(UInt64(digit))
            position += 1
        }
    }

    private mutating func exponent(into decimal: inout Decimal) -> Bool {
        guard byte | 32 == UInt8(ascii: "e") else { return true }
        position += 1
        let isNegative = byte == UInt8(ascii: "-")
        if isNegative || byte == UInt8(ascii: "+") { position += 1 }
        let start = position
        var value = 0
        digits { value = min(value * 10 + Int($0), 100_000) }
        decimal.exponent += isNegative ? -value : value
        return position > start
    }

    /// No letter, digit or sign may touch a number's end.
    private var endsHere: Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "#"):
            false
        default: true
        }
    }
}

/// Nineteen decimal digits and a power of ten.
private struct Decimal {
    var digits: UInt64 = 0
    var exponent = 0

    private static let full: UInt64 = 1_000_000_000_000_000_000
    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20,
        1e21, 1e22,
    ]

    @inline(__always)
    mutating func append(_ digit: UInt64) {
        if digits < Self.full { digits = digits &* 10 &+ digit } else { exponent += 1 }
    }

    @inline(__always)
    mutating func appendFraction(_ digit: UInt64) {
        guard digits < Self.full else { return }
        digits = digits &* 10 &+ digit
        exponent -= 1
    }

    /// Exact where digits and power are exact (Clinger's fast path).
    var value: Double {
        let whole = Double(digits)
        if digits == 0 { return 0 }
        switch exponent {
        case 0...22: return whole * Self.powers[exponent]
        case -22..<0: return whole / Self.powers[-exponent]
        case ..<(-300): return whole * 1e-300 * pow(10, Double(exponent + 300))
        default: return whole * pow(10, Double(exponent))
        }
    }
}
