/// Formats by what people call them: names, extensions, file names, and near misses.
extension Format {
    /// By name or any extension, in any case, with or without a leading dot.
    package static func named(_ text: String) -> Format? {
        let wanted = (text.hasPrefix(".") ? text.dropFirst() : text[...]).lowercased()
        return all.first { $0.extensions.contains(wanted) }
    }

    /// A source, by the extension of a file name as a client sent it, which may hold a path of its system.
    package static func ofFile(_ filename: String) -> Format? {
        guard let last = filename.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last,
            let dot = last.lastIndex(of: ".")
        else { return nil }
        return named(String(last[dot...])).flatMap { $0.isSource ? $0 : nil }
    }

    /// The format somebody may have meant who wrote `text`: one slip away, two in words of more than three letters.
    package static func nearest(to text: String) -> Format? {
        let wanted = Array((text.hasPrefix(".") ? text.dropFirst() : text[...]).lowercased().unicodeScalars.prefix(20))
        let allowed = wanted.count > 3 ? 2 : 1
        let candidates = all.flatMap { format in
            format.extensions.map { (format: format, slips: slips(from: wanted, to: Array($0.unicodeScalars))) }
        }
        guard let best = candidates.min(by: { $0.slips < $1.slips }), best.slips <= allowed, best.slips < wanted.count
        else { return nil }
        return best.format
    }

    /// With article and name, for a sentence: "a glTF binary (glb)".
    var phrase: String {
        let isVowel = label.first.map { "AEFIOX".contains($0) } ?? false
        return "\(isVowel || label.hasPrefix("STL") ? "an" : "a") \(label) (\(name))"
    }

    /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
    private static func slips(from one: [Unicode.Scalar], to other: [Unicode.Scalar]) -> Int {
        var before: [Int] = []
        var row = Array(0...other.count)
        for (i, letter) in one.enumerated() {
            var next = [i + 1]
            for (j, wanted) in other.enumerated() {
                var cost = min(next[j] + 1, row[j + 1] + 1, row[j] + (letter == wanted ? 0 : 1))
                if i > 0, j > 0, letter == other[j - 1], one[i - 1] == wanted { cost = min(cost, before[j - 1] + 1) }
                next.append(cost)
            }
            (before, row) = (row, next)
        }
        return row[other.count]
    }
}
