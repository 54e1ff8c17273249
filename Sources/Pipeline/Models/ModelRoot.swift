/// The choice of the one file of several that is the model.
struct ModelRoot {
    let names: ModelNames
    /// Whether something can be made of a format.
    let isUseful: (Format) -> Bool
    /// What a file refers to; nil where that cannot be read.
    let survey: (String, Format) -> ModelSurvey?

    /// Formats that tell of scenes made of parts, and so are the root of what they refer to.
    private static let scenes: Set<Format> = [.gltf, .obj, .dae, .x3d, .scad, .csg]

    private static let mostListed = 20

    /// The file that the client named, in its own spelling or by its last part.
    func named(_ root: String) throws(Refusal) -> String {
        let path = root.split { $0 == "/" || $0 == "\\" }.filter { $0 != "." }.joined(separator: "/")
        if let name = names[path] ?? names.elsewhere(path) { return name }
        throw Refusal(
            .unknownRoot, "There is no file \(ZipFault.shown(root)) in the model. There are: \(Self.list(names.all)).")
    }

    /// The model by the names of the files and what they refer to; nil where no name is that of a model.
    func found() throws(Refusal) -> String? {
        let models = names.all.filter { Format.ofFile($0) != nil }
        guard let depth = models.map(ModelNames.depth).min() else { return nil }
        let shallowest = models.filter { ModelNames.depth(of: $0) == depth }
        guard shallowest.count > 1 else { return shallowest.first }

        let references = shallowest.reduce(into: [String: Set<String>]()) { references, name in
            guard let format = Format.ofFile(name), Self.scenes.contains(format) else { return }
            references[name] = survey(name, format)?.found.subtracting([name])
        }
        let used = references.values.reduce(into: Set()) { $0.formUnion($1) }
        let tops = shallowest.filter { !used.contains($0) }
        let useful = tops.filter { Format.ofFile($0).map(isUseful) == true }
        let choice = useful.isEmpty ? tops : useful
        let scenes = choice.filter { references[$0]?.isEmpty == false }
        guard let root = [tops, choice, scenes].first(where: { $0.count == 1 })?.first else {
            throw Refusal(
                .ambiguousRoot,
                "Several files could be the model: \(Self.list(tops.isEmpty ? shallowest : tops)). "
                    + "Name the one that is in the field \"root\".")
        }
        return root
    }

    /// Names for a sentence.
    static func list(_ names: [String]) -> String {
        let more = names.count > mostListed ? " and \(names.count - mostListed) more" : ""
        return names.prefix(mostListed).map(ZipFault.shown).joined(separator: ", ") + more
    }
}
