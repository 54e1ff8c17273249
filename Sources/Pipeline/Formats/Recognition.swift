/// What a file is, decided by its content first and its name second.
package enum Recognition: Hashable, Sendable {
    case recognised(Format)
    /// The name promises one format, the content is something else, told in words ("a PNG image").
    case contradicted(named: Format, seen: String)
    /// Neither content nor name tell a format; `seen` tells in words what it looks like ("plain text").
    case unrecognised(seen: String)
}

/// Recognises `content` among the formats that are taken in; `filename` is the client's, of which only the extension counts. Where several formats would do
/// (polyglots), the named one wins.
package func recognise(_ content: Content, filename: String?) -> Recognition {
    let named = filename.flatMap(Format.ofFile)
    if let named, named.evidence(content) == .certain { return .recognised(named) }
    let certain = Format.all.first { $0.isSource && $0.evidence(content) == .certain }
    guard let named else {
        return certain.map(Recognition.recognised) ?? .unrecognised(seen: Stranger.description(of: content))
    }
    if let certain { return .contradicted(named: named, seen: certain.phrase) }
    if named.evidence(content) == .possible { return .recognised(named) }
    return .contradicted(named: named, seen: Stranger.description(of: content))
}
