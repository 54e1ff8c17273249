/// XML: no declarations of its own, and an end to its nesting.
extension Plausibility {
    private static let mostDepth = 1000

    func checkProlog() throws {
        var prolog = MarkupProlog(content)
        try prolog.check()
    }

    /// For formats whose references are not read, which looks at the nesting too.
    func checkMarkup() throws {
        try checkProlog()
        var tokens = MarkupTokens(content)
        var depth = 0
        while let token = try tokens.next() {
            switch token {
            case .open: depth += 1
            case .close: depth -= 1
            case .text, .declarations: break
            }
            guard depth <= Self.mostDepth else { throw UnreadableReferences.tooDeepMarkup }
        }
    }
}
