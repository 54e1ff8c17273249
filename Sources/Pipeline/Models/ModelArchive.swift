import Persistence
import SystemPackage

/// A model of several files in the one zip that they are kept in.
struct ModelArchive: Sendable {
    let names: ModelNames
    private let reader: ZipReader
    private let libraries: [FilePath]

    init(_ file: FilePath, caps: ZipCaps, libraries: [FilePath] = []) throws(ZipFault) {
        reader = try ZipReader(file, caps: caps)
        names = ModelNames(reader.members.map(\.name))
        self.libraries = libraries
    }

    func content(of name: String) throws -> Content {
        guard let member = reader[name] else { throw Errno.noSuchFileOrDirectory }
        return try Content(member, in: reader)
    }

    /// Bytes of the file that a URI in a file of that folder stands for; nil where there is none.
    func size(of uri: String, in folder: String) -> Int64? {
        guard case .inside(let path) = Reference.Verdict.of(Array(uri.utf8), as: .uri) else { return nil }
        return (names[folder + path] ?? names.elsewhere(path)).flatMap { reader[$0]?.size }
    }

    /// A whole file; `nil` for one that is not there, or is larger. Blocks.
    func bytes(of name: String, atMost limit: Int) throws(ZipFault) -> [UInt8]? {
        guard let member = reader[name], member.size <= limit else { return nil }
        var stream = try reader.stream(member)
        var bytes: [UInt8] = []
        while let piece = try stream.next() { bytes += piece }
        return bytes
    }

    /// Blocks. Throws `UnreadableReferences`, `ZipFault`, or `Errno`.
    func survey(root: String, format: Format) throws -> ModelSurvey {
        try ModelSurvey(root: root, format: format, among: names, libraries: libraries, open: content)
    }

    /// What a tool gets to see: the root as `name`, beside it what lies in its folder and below, and every file once
    /// more under each path by which another refers to it. By paths that `ZipName` lets through.
    func layout(root: String, as name: String, for survey: ModelSurvey?) -> [String: ZipMember] {
        let folder = ModelNames.folder(of: root)
        var layout: [String: ZipMember] = [:]
        for file in names.all where file != root && file.hasPrefix(folder) {
            layout[String(file.dropFirst(folder.count))] = reader[file]
        }
        if survey?.found.contains(root) == true { layout[ModelNames.last(of: root)] = reader[root] }
        for (path, file) in (survey?.aliases ?? [:]).sorted(by: { $0.key < $1.key }) where path.hasPrefix(folder) {
            let place = String(path.dropFirst(folder.count))
            if Self.isFree(place, in: layout) { layout[place] = reader[file] }
        }
        if name == "model.scad", let parameters = reader[ParameterSets.name(beside: root)] {
            layout["model.json"] = parameters
        }
        layout[name] = reader[root]
        return layout
    }

    /// The content of a member of the layout.
    func stream(_ member: ZipMember) throws(ZipFault) -> ZipStream { try reader.stream(member) }

    private static func isFree(_ place: String, in layout: [String: ZipMember]) -> Bool {
        layout[place] == nil && ZipName.folders(of: place).allSatisfy { layout[$0] == nil }
            && !layout.keys.contains { $0.hasPrefix(place + "/") }
    }
}
