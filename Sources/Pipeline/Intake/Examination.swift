import Persistence
import SystemPackage

/// What a complete upload turns out to be, found before any tool sees it.
struct Examination: Sendable {
    let format: Format
    let warnings: [String]
    /// Whether the model is known to move.
    let isAnimated: Bool
    /// The model's name in the zip of all its files; nil for a model of one file.
    let root: String?

    /// What an examination goes by.
    struct Request: Sendable {
        /// What the client calls it.
        let filename: String?
        /// The model, where the client has named one of several files.
        let root: String?
        /// Whether the file is a zip of ours.
        let isPacked: Bool
        let caps: ZipCaps
        /// Where programs may also find what they include.
        let libraries: [FilePath]
        /// Which of the sets beside a program is asked for.
        let parameterSet: String?
        /// Whether the wanted target can be made of a format.
        let isUseful: @Sendable (Format) -> Bool
    }

    /// Blocks while it reads. Throws `Refusal`, or `Errno` for the disk.
    init(of bytes: StagedBytes, _ request: Request) throws {
        if let memory = bytes.memory {
            try self.init(of: Content(memory), in: bytes, request)
            return
        }
        let descriptor = try FileDescriptor.open(bytes.file(), .readOnly, options: .closeOnExec)
        self = try descriptor.closeAfter { try Self(of: Content(descriptor), in: bytes, request) }
    }

    private init(of content: Content, in bytes: StagedBytes, _ request: Request) throws {
        if request.isPacked || Self.isArchive(content, request.filename) {
            try self.init(archive: bytes.file(), request)
        } else {
            try self.init(single: content, request)
            if format.isPackage, content.head.starts(with: "PK".utf8) {
                try Refusal.explaining { try PackageCheck.check(bytes.file(), request.caps) }
            }
        }
    }

    /// A zip that is no package of a format, by its content, and by its name where packages look like any other zip.
    private static func isArchive(_ content: Content, _ filename: String?) -> Bool {
        guard content.head.starts(with: "PK\u{3}\u{4}".utf8) || content.head.starts(with: "PK\u{5}\u{6}".utf8) else {
            return false
        }
        switch recognise(content, filename: filename) {
        case .recognised(let format): return format != .threeMF && filename?.lowercased().hasSuffix(".zip") == true
        case .contradicted: return false
        case .unrecognised: return true
        }
    }

    private init(archive file: FilePath, _ request: Request) throws {
        let examination = try ModelExamination(
            file, caps: request.caps, libraries: request.libraries, isUseful: request.isUseful)
        let found = try examination.examine(root: request.root)
        (format, warnings, root, isAnimated) = (found.format, [], found.root, found.isAnimated)
        if format == .scad {
            try Self.check(request.parameterSet) { try examination.parameterSets(beside: found.root) }
        }
    }

    private init(single content: Content, _ request: Request) throws {
        if let root = request.root, root != request.filename {
            throw Refusal(
                .unknownRoot, "There is no file \(ZipFault.shown(root)): only one file was sent, and it is no zip.")
        }
        format = try Self.recognised(content, request.filename)
        warnings = try Self.warnings(of: content, format, request.libraries)
        root = nil
        try Refusal.explaining { [format] in try Plausibility(content: content).check(format) }
        isAnimated = try Movement.isPresent(in: content, format)
        if format == .scad { try Self.check(request.parameterSet) { nil } }
    }

    private static func check(_ parameterSet: String?, _ sets: () throws -> ParameterSets?) throws {
        guard let parameterSet, let complaint = try ParameterSets.complaint(about: parameterSet, among: sets()) else {
            return
        }
        throw Refusal(.invalidOption, complaint, pointer: "/options/parameterSet")
    }

    static func recognised(_ content: Content, _ filename: String?) throws(Refusal) -> Format {
        switch recognise(content, filename: filename) {
        case .recognised(let format): return format
        case .contradicted(let named, let seen):
            throw Refusal(
                .contradictedName,
                "The name says \(named.name), but the file looks like \(seen). Name it by what it is, or send another.")
        case .unrecognised(let seen):
            throw Refusal(
                .unrecognisedContent,
                "This is no model that is known here: it looks like \(seen). A name with the right extension may help.")
        }
    }

    /// Refuses what leads out of the model or is needed and not there; what is only nice to have becomes a warning.
    private static func warnings(of content: Content, _ format: Format, _ libraries: [FilePath]) throws -> [String] {
        let survey = try Refusal.explaining {
            try ModelSurvey(
                root: "", format: format, among: ModelNames([]), libraries: libraries, open: { _ in content })
        }
        if let stray = survey.stray { throw Refusal.unsafe(stray) }
        let needed = survey.missingNeeded
        guard needed.isEmpty else { throw Refusal.missing(needed, "was not sent with it", "were not sent with it") }
        return survey.missing.map { "\"\($0.text)\" was not sent with the model, so the result does without it." }
    }
}

extension Format {
    /// Whether it is, or may be, a zip archive of its own kind.
    fileprivate var isPackage: Bool { [.threeMF, .usdz, .amf].contains(self) }
}

extension Refusal {
    /// What is wrong with a file, as the client is told it.
    static func explaining<Value>(_ subject: String = "The file", _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as ImpossibleFile {
            throw Refusal(.invalidInput, error.sentence)
        } catch let error as UnreadableReferences {
            throw Refusal(.unrecognisedContent, "\(subject) is broken: \(error).")
        } catch let fault as ZipFault {
            throw Refusal.of(fault)
        }
    }
}
