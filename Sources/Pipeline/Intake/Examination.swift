import Persistence
import SystemPackage

/// What a complete upload turns out to be, found before any tool sees it.
struct Examination: Sendable {
    let format: Format
    let warnings: [String]
    /// Whether the model is known to move.
    let isAnimated: Bool

    /// Blocks while it reads. Throws `Refusal`, or `Errno` for the disk.
    init(of file: FilePath, filename: String?) throws {
        let descriptor = try FileDescriptor.open(file, .readOnly, options: .closeOnExec)
        (format, warnings, isAnimated) = try descriptor.closeAfter {
            let content = try Content(descriptor)
            let format = try Self.recognised(content, filename)
            let warnings = try Self.references(of: content, format)
            return (format, warnings, try Movement.isPresent(in: content, format))
        }
    }

    private static func recognised(_ content: Content, _ filename: String?) throws(Refusal) -> Format {
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
    private static func references(of content: Content, _ format: Format) throws -> [String] {
        let references: [Reference]
        do {
            references = try References.list(in: content, of: format)
        } catch let error as UnreadableReferences {
            throw Refusal(.unrecognisedContent, "The file is broken: \(error).")
        }
        for case .unsafe(let why) in references.map(\.verdict) {
            let text = references.first { $0.verdict == .unsafe(why) }?.text ?? ""
            throw Refusal(
                .unsafeReference,
                "The model refers to \"\(text)\", which \(why). References must stay within the model.")
        }
        let missing = references.filter { if case .inside = $0.verdict { true } else { false } }
        if let buffer = missing.first(where: { $0.kind == .buffer }) {
            throw Refusal(
                .missingDependency,
                "The model needs \"\(buffer.text)\", which was not sent with it. Embed it, or send a GLB.")
        }
        return missing.map { "\"\($0.text)\" was not sent with the model, so the result does without it." }
    }
}
