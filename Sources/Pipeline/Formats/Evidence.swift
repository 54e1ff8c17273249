/// How strongly content speaks for a format.
enum Evidence: Int, Comparable {
    case none
    /// Enough together with the name, as for program text.
    case possible
    /// Enough alone, and against a name that says otherwise.
    case certain

    static func < (one: Evidence, other: Evidence) -> Bool { one.rawValue < other.rawValue }
}
