import HTTPTypes

/// The conditions a request sets for the file it asks for, tried in the order of RFC 9110 section 13.2.2.
struct Preconditions {
    enum Outcome: Equatable {
        case proceed
        /// 304
        case notModified
        /// 412
        case failed
    }

    let fields: HTTPFields
    /// Of the file as it is: its strong tag, with quotes, and its last change.
    let tag: String
    let modified: HTTPDate

    /// For `GET` and `HEAD`.
    var outcome: Outcome {
        if let match = list(.ifMatch) {
            if !holds(match, weakly: false) { return .failed }
        } else if let date = fields[.ifUnmodifiedSince].flatMap(HTTPDate.init), modified.seconds > date.seconds {
            return .failed
        }
        if let match = list(.ifNoneMatch) {
            return holds(match, weakly: true) ? .notModified : .proceed
        }
        if let date = fields[.ifModifiedSince].flatMap(HTTPDate.init), modified.seconds <= date.seconds {
            return .notModified
        }
        return .proceed
    }

    /// Whether `Range` counts: `If-Range` names this very file, strongly (section 13.1.5), or is absent.
    var honoursRange: Bool {
        guard let condition = fields[.ifRange] else { return true }
        return condition.hasPrefix("\"") ? condition == tag : HTTPDate(condition) == modified
    }

    private func list(_ name: HTTPField.Name) -> String? {
        let values = fields[values: name]
        return values.isEmpty ? nil : values.joined(separator: ",")
    }

    private func holds(_ list: String, weakly: Bool) -> Bool {
        if list.filter({ !$0.isWhitespace }) == "*" { return true }
        return Self.tags(in: list).contains { $0.opaque == tag && (weakly || !$0.isWeak) }
    }

    /// The entity tags of a list, up to the first thing that is none. A comma inside the quotes belongs to the tag.
    static func tags(in list: String) -> [(opaque: String, isWeak: Bool)] {
        var tags: [(opaque: String, isWeak: Bool)] = []
        var rest = Substring(list)
        while true {
            rest = rest.drop { $0 == "," || $0 == " " || $0 == "\t" }
            let isWeak = rest.hasPrefix("W/")
            let quoted = isWeak ? rest.dropFirst(2) : rest
            guard quoted.first == "\"", let end = quoted.dropFirst().firstIndex(of: "\"") else { return tags }
            tags.append((String(quoted[...end]), isWeak))
            rest = quoted[quoted.index(after: end)...]
        }
    }
}
