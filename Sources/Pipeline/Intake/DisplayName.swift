/// A client's file name made fit to be shown and offered. It never touches the disk or a command line.
package enum DisplayName {
    static let longest = 200

    /// Without folders and control characters, at most 200 characters; `nil` when nothing is left.
    package static func clean(_ name: String) -> String? {
        let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
        let text = visible(last)
        guard !text.isEmpty, text != ".", text != ".." else { return nil }
        return capped(text)
    }

    /// Without characters that break a line, or turn the order of those around them.
    static func visible(_ text: String) -> String {
        let shown = text.unicodeScalars.filter { scalar in
            let isBreak = [.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
            return !isBreak && !scalar.properties.isBidiControl
        }
        return String(String.UnicodeScalarView(shown))
    }

    /// The extension stays: a name is recognised by it.
    private static func capped(_ text: String) -> String {
        guard text.count > longest else { return text }
        let tail = text.lastIndex(of: ".").map { text[$0...] }.flatMap { $0.count <= 20 ? $0 : nil } ?? ""
        return String(text.prefix(longest - tail.count) + tail)
    }

    /// The name that is offered at download: the client's, with the new extension.
    static func ofResult(of source: String?, _ fileExtension: String) -> String {
        stem(of: source ?? "") + "." + fileExtension
    }

    /// The name without its last extension; `model` where there is none.
    static func stem(of name: String) -> String {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name.isEmpty ? "model" : name }
        return String(name[..<dot])
    }
}
