import SystemPackage

/// What the value of a setting may be, and how it is read from text and written back.
struct Allowed<Value>: Sendable {
    /// Completes the sentence `"abc" is not …`.
    let text: String
    /// What a plain number counts.
    var unit: String?
    /// Nil when the text is not allowed; it is never empty and has no space around it.
    let parse: @Sendable (String) -> Value?
    let format: @Sendable (Value) -> String
}

extension Allowed<Int> {
    static func wholeNumber(_ range: ClosedRange<Int>) -> Self {
        Allowed(text: "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        } format: {
            "\($0)"
        }
    }

    /// Bytes, at most 1 PiB so that sums of sizes cannot overflow. MB is a million bytes, MiB is 1,048,576 (IEC
    /// 80000-13).
    ///
    /// - Parameter most: a power of 1024.
    static func size(from least: Int, to most: Int = 1 << 50) -> Self {
        let unit = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"][most.trailingZeroBitCount / 10]
        let text = "a size from \(least)B to 1\(unit), in bytes or such as 100MB, 1GiB"
        return Allowed(text: text, unit: "bytes") { text in
            quantity(text, plain: 1, units: sizeUnits).flatMap { (least...most).contains($0) ? $0 : nil }
        } format: {
            "\($0)"
        }
    }
}

extension Allowed<Bool> {
    /// A switch.
    static var truth: Self {
        let words = [
            "on": true, "true": true, "yes": true, "1": true, "off": false, "false": false, "no": false, "0": false,
        ]
        return Allowed(text: "on or off") {
            words[$0.lowercased()]
        } format: {
            $0 ? "on" : "off"
        }
    }
}

extension Allowed<Duration> {
    enum PlainUnit: String, Sendable { case seconds = "s", milliseconds = "ms" }

    /// A time in the unit given, or with a unit of its own; whole milliseconds.
    static func time(_ range: ClosedRange<Duration>, in unit: PlainUnit) -> Self {
        let one = unit == .seconds ? 1000 : 1
        let span = "from \(shown(range.lowerBound)) to \(shown(range.upperBound))"
        let text = "a time \(span), in \(unit.rawValue) or such as 500ms, 30s, 5m, 1h"
        return Allowed(text: text, unit: unit.rawValue) { text in
            let value = quantity(text, plain: one, units: timeUnits).map { Duration.milliseconds($0) }
            return value.flatMap { range.contains($0) ? $0 : nil }
        } format: {
            "\(Int($0 / .milliseconds(one)))"
        }
    }

    /// In the largest unit that leaves no rest: `15m`.
    static func shown(_ time: Duration) -> String {
        let milliseconds = Int(time / .milliseconds(1))
        let fitting = timeUnits.filter { milliseconds >= $0.value && milliseconds.isMultiple(of: $0.value) }
        guard let unit = fitting.max(by: { $0.value < $1.value }) else { return "0s" }
        return "\(milliseconds / unit.value)\(unit.key)"
    }
}

extension Allowed<Duration?> {
    /// How long something is kept; without a time, for ever.
    static var keeping: Self {
        let time = Allowed<Duration>.time(.milliseconds(1) ... .seconds(36_500 * 86_400), in: .seconds)
        return Allowed(text: "keep, or " + time.text, unit: time.unit) { text -> Duration?? in
            // `.some(nil)` is the allowed value "no time", a plain nil what is not allowed.
            text.lowercased() == "keep" ? .some(nil) : time.parse(text).map { .some($0) }
        } format: {
            $0.map(time.format) ?? "keep"
        }
    }
}

extension Allowed where Value: CaseIterable & RawRepresentable<String> & Sendable {
    /// The names of the cases, in upper or lower case.
    static var oneOf: Self {
        Allowed(text: "one of " + Value.allCases.map(\.rawValue).joined(separator: ", ")) { text in
            Value(rawValue: text.lowercased())
        } format: {
            $0.rawValue
        }
    }
}

extension Allowed<String> {
    /// An address or a name to look up: no URL, no port.
    static var host: Self {
        Allowed(text: "a host name or an IP address") { text in
            text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_:%".contains($0)) } ? text : nil
        } format: {
            $0
        }
    }
}

extension Allowed<Int?> {
    /// One that need not be said.
    static var optionalPort: Self {
        Allowed(text: "a whole number from 0 to 65535") { text -> Int?? in
            // `.none` spelled out: a plain nil would be taken for the allowed value "no port".
            guard let port = Int(text), (0...65535).contains(port) else { return Int??.none }
            return .some(port)
        } format: {
            $0.map { "\($0)" } ?? ""
        }
    }
}

extension Allowed<String?> {
    /// One that need not be said.
    static var optionalHost: Self {
        Allowed(text: Allowed<String>.host.text) { text -> String?? in
            Allowed<String>.host.parse(text).map { .some($0) } ?? String??.none
        } format: {
            $0 ?? ""
        }
    }
}

extension Allowed<Secret?> {
    /// A secret that goes into a header: it has no default and is never written back.
    static var secret: Self {
        Allowed(text: "16 to 256 letters, digits and signs of ASCII without spaces") { text -> Secret?? in
            let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            return isPlain && (16...256).contains(text.utf8.count) ? .some(Secret(text)) : Secret??.none
        } format: {
            $0?.description ?? ""
        }
    }
}

extension Allowed<FilePath> {
    static var path: Self {
        Allowed(text: "a path") {
            FilePath($0)
        } format: {
            $0.string
        }
    }
}

extension Allowed<FilePath?> {
    static var optionalPath: Self {
        Allowed(text: "a path") {
            .some(FilePath($0))
        } format: {
            $0?.string ?? ""
        }
    }

    static var absolutePath: Self {
        Allowed(text: "an absolute path") { text -> FilePath?? in
            // `.none` spelled out: a plain nil would be taken for the allowed value "no path".
            FilePath(text).isAbsolute ? .some(FilePath(text)) : FilePath??.none
        } format: {
            $0?.string ?? ""
        }
    }
}

extension Allowed<[FilePath]> {
    static var absolutePaths: Self {
        Allowed(text: "absolute paths with : between them") { text in
            let paths = text.split(separator: ":").map { FilePath(String($0)) }
            return paths.allSatisfy(\.isAbsolute) ? paths : nil
        } format: {
            $0.map(\.string).joined(separator: ":")
        }
    }
}

extension Allowed<[String]> {
    /// Some of the names, or `all`.
    static func names(of known: [String]) -> Self {
        Allowed(text: "all, or names with commas between them, of: " + known.joined(separator: ", ")) { text in
            if text.lowercased() == "all" { return [] }
            let names = text.lowercased().split { $0 == "," || $0 == " " }.map(String.init)
            return names.allSatisfy(known.contains) ? names : nil
        } format: {
            $0.isEmpty ? "all" : $0.joined(separator: ",")
        }
    }
}

extension Allowed<[String]> {
    /// Some of the names; none when nothing is said.
    static func someNames(of known: [String]) -> Self {
        Allowed(text: "names with commas between them, of: " + known.joined(separator: ", ")) { text in
            let names = text.lowercased().split { $0 == "," || $0 == " " }.map(String.init)
            return names.allSatisfy(known.contains) ? names : nil
        } format: {
            $0.joined(separator: ",")
        }
    }
}

private let timeUnits = ["ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]

private let sizeUnits = [
    "b": 1, "kb": 1000, "mb": 1_000_000, "gb": 1_000_000_000, "tb": 1_000_000_000_000,
    "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40, "pib": 1 << 50,
]

/// Digits with an optional unit in upper or lower case (`30`, `30s`, `100 MiB`), multiplied out; nil for anything else.
private func quantity(_ text: String, plain: Int, units: [String: Int]) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let suffix = text[digits.endIndex...].drop { $0 == " " }.lowercased()
    guard let number = Int(digits), let factor = suffix.isEmpty ? plain : units[suffix] else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: factor)
    return overflow ? nil : product
}
