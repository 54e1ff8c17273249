import Persistence
import SystemPackage

/// What a zip that holds a model turns out to be.
struct ModelExamination: Sendable {
    private let archive: ModelArchive
    private let isUseful: @Sendable (Format) -> Bool

    /// Throws `Refusal` for an archive that is not taken.
    init(_ file: FilePath, caps: ZipCaps, libraries: [FilePath], isUseful: @escaping @Sendable (Format) -> Bool) throws
    {
        do {
            archive = try ModelArchive(file, caps: caps, libraries: libraries)
        } catch {
            throw Refusal.of(error)
        }
        self.isUseful = isUseful
    }

    /// The model among the files.
    struct Found {
        /// In the archive.
        let root: String
        let format: Format
        let isAnimated: Bool
    }

    /// Throws `Refusal`, or `Errno` for the disk.
    func examine(root wanted: String?) throws -> Found {
        try Refusal.explaining("A file of the model") {
            let root = try root(wanted)
            let content = try archive.content(of: root)
            let format = try Examination.recognised(content, ModelNames.last(of: root))
            try check(archive.survey(root: root, format: format), root, format)
            let folder = ModelNames.folder(of: root)
            try Plausibility(content: content, sizeOfFile: { archive.size(of: $0, in: folder) }).check(format)
            return Found(root: root, format: format, isAnimated: try Movement.isPresent(in: content, format))
        }
    }

    /// Those of a program among the files. Throws as `examine` does.
    func parameterSets(beside root: String) throws -> ParameterSets? {
        try Refusal.explaining { try ParameterSets(beside: root, in: archive) }
    }

    private func root(_ wanted: String?) throws -> String {
        let choice = ModelRoot(names: archive.names, isUseful: isUseful) { name, format in
            // A file that cannot be read refers to nothing; whether it is the model is told by the others.
            try? archive.survey(root: name, format: format)
        }
        if let wanted { return try choice.named(wanted) }
        guard let root = try choice.found() ?? unnamed() else {
            throw Refusal(
                .noModel,
                "No file in it is a model that is known here. There are: \(ModelRoot.list(archive.names.all)).")
        }
        return root
    }

    private static let mostOpened = 20

    /// The only file that is a model by its content, where no name says so.
    private func unnamed() throws -> String? {
        let models = try archive.names.all.prefix(Self.mostOpened).filter { name in
            if case .recognised = recognise(try archive.content(of: name), filename: nil) { true } else { false }
        }
        return models.count == 1 ? models.first : nil
    }

    private func check(_ survey: ModelSurvey, _ root: String, _ format: Format) throws(Refusal) {
        if let stray = survey.stray { throw .unsafe(stray) }
        guard survey.missing.isEmpty else {
            throw .missing(survey.missing, "is not among its files", "are not among its files")
        }
        let name = "model.\(format.name)"
        let taken = ModelNames.folder(of: root) + name
        guard taken == root || !survey.found.contains(taken) else {
            throw Refusal(
                .unsafeReference,
                "The model refers to a file named \"\(name)\", as its root is called while it is converted. "
                    + "Give that file another name.")
        }
    }
}

extension Refusal {
    /// Throws what is not the archive's fault.
    static func of(_ fault: ZipFault) -> any Error {
        if case .system(let errno) = fault { return errno }
        return Refusal(.invalidArchive, fault.sentence)
    }

    /// A reference that leaves the model.
    static func unsafe(_ reference: Reference) -> Refusal {
        guard case .unsafe(let why) = reference.verdict else { return Refusal(.unsafeReference, "") }
        return Refusal(
            .unsafeReference,
            "The model refers to \"\(reference.text)\", which \(why). References must stay within the model.")
    }

    /// All files that a model lacks, in one sentence.
    static func missing(_ references: [Reference], _ one: String, _ several: String) -> Refusal {
        let names = references.map { "\"\($0.text)\"" }.joined(separator: ", ")
        return Refusal(
            .missingDependency,
            "The model needs \(names), which \(references.count == 1 ? one : several). "
                + "Send all of its files in one request, or as one zip.")
    }
}
