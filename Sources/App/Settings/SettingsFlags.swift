/// The flags of a command line, matched to the settings: `--port 3001` or `--port=3001`; the last one of a name counts.
struct SettingsFlags {
    /// By the name (or alias) of the setting, as in the environment.
    private(set) var values: [String: String] = [:]
    private(set) var mistakes: [String] = []

    init(_ arguments: [String], table: [Setting]) {
        let names = Dictionary(
            table.flatMap { setting in zip(setting.flags, setting.names) }, uniquingKeysWith: { first, _ in first })
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard argument.hasPrefix("-") else {
                mistakes.append("unexpected argument \(argument.debugDescription)")
                continue
            }
            let value = parts.count == 2 ? parts[1] : Self.takeValue(from: &rest)
            if let name = names[parts[0]] {
                values[name] = value
                if value == nil { mistakes.append("\(parts[0]) needs a value") }
            } else {
                mistakes.append(Self.unknown(parts[0], known: names.keys + ["--settings", "--help"]))
            }
        }
    }

    /// What follows a flag, unless that is a flag itself; a negative number is a value.
    private static func takeValue(from rest: inout ArraySlice<String>) -> String? {
        guard let next = rest.first, !next.hasPrefix("--") else { return nil }
        return rest.popFirst()
    }

    private static func unknown(_ flag: String, known: [String]) -> String {
        let spelled = Setting.flag(for: String(flag.drop { $0 == "-" }))
        let near = known.sorted().map { (flag: $0, distance: distance(spelled, $0)) }.min { $0.distance < $1.distance }
        guard let near, near.distance <= max(2, flag.count / 4) else { return "unknown option \(flag)" }
        return "unknown option \(flag), did you mean \(near.flag)?"
    }

    /// Letters to insert, delete or replace to come from one word to the other (Levenshtein).
    private static func distance(_ one: String, _ other: String) -> Int {
        let letters = Array(other)
        var row = Array(0...letters.count)
        for (line, letter) in one.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for column in letters.indices {
                let replaced = diagonal + (letter == letters[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[letters.count]
    }
}
