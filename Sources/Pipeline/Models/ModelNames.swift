/// The names of a model's files, found again by how others spell them.
struct ModelNames: Sendable {
    /// Relative, with `/`, without what systems and archivers leave behind.
    let all: [String]
    private let exact: [String: String]
    private let folded: [String: [String]]
    private let lasts: [String: [String]]

    init(_ names: [String]) {
        all = names.filter { !Self.isLitter($0) }
        exact = Dictionary(all.map { ($0, $0) }) { first, _ in first }
        folded = Dictionary(grouping: all) { $0.lowercased() }
        lasts = Dictionary(grouping: all) { Self.last(of: $0).lowercased() }
    }

    /// The file of that name, in any case where only one will do.
    subscript(path: String) -> String? { exact[path] ?? Self.only(folded[path.lowercased()]) }

    /// The only file whose name ends as the path does: what is sent without its folders, or in other ones.
    func elsewhere(_ path: String) -> String? { Self.only(lasts[Self.last(of: path).lowercased()]) }

    /// `a/b/` for `a/b/c`, empty for a file at the top.
    static func folder(of name: String) -> String {
        name.lastIndex(of: "/").map { String(name[...$0]) } ?? ""
    }

    static func last(of name: String) -> String { String(name.split(separator: "/").last ?? "") }

    static func depth(of name: String) -> Int { name.count { $0 == "/" } }

    /// A client's name of one of several files: its folders are kept where they lead nowhere else. Nil when nothing is
    /// left.
    static func relative(_ filename: String) -> String? {
        let parts = filename.split { $0 == "/" || $0 == "\\" }.map(String.init).filter { $0 != "." }
        let name = parts.joined(separator: "/")
        let isRelative = filename.first != "/" && filename.first != "\\"
        // A name that is not taken whole may still be taken without its folders.
        if isRelative, (try? ZipName.checkStrictly(name, ZipCaps())) != nil { return name }
        return DisplayName.clean(filename)
    }

    /// Files of the Finder, of Windows and of version control; a name that begins with a dot.
    private static func isLitter(_ name: String) -> Bool {
        let parts = name.split(separator: "/")
        return parts.contains { $0.hasPrefix(".") || $0 == "__MACOSX" }
            || ["thumbs.db", "desktop.ini"].contains(last(of: name).lowercased())
    }

    private static func only(_ names: [String]?) -> String? { names?.count == 1 ? names?.first : nil }
}
