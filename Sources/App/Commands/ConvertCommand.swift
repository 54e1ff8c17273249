import ArgumentParser
import Glibc
import Logging
import Persistence
import Pipeline
import SystemPackage

/// `kiln convert IN -o OUT`: one conversion by the same pipeline, without a server and without a trace.
struct ConvertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Convert one model, without a server.",
        discussion: """
            The target's format is that of the output's name, unless --format says it. Side files of the model are given \
            after it, or all together as one zip. A result of several files is laid out beside the output.

            EXIT CODES (sysexits.h):
              0 converted        64 wrong command line   65 the model is wrong or empty   66 the model cannot be read
             69 no way or tool   70 the tool failed      73 the output cannot be written  74 the disk is full
             75 took too long or too much memory         78 settings that are not allowed
            """)

    @Argument(help: "The model, and the files that belong to it.")
    var input: [String]

    @ArgumentParser.Option(name: [.short, .long], help: "Where the result goes.")
    var output: String

    @ArgumentParser.Option(name: .long, help: "The target's format, when the output's name does not say it.")
    var format: String?

    @ArgumentParser.Option(name: .long, help: "The model's name in a zip of several files.")
    var root: String?

    @ArgumentParser.Option(
        name: .customLong("option"), help: "An option and its value, such as scale=2; see /api/formats.")
    var options: [String] = []

    @ArgumentParser.Option(name: .customLong("settings"), help: "A file of settings. (default: .env, if there is one)")
    var file: String?

    func run() async throws {
        let settings = try await SettingsOptions(command: "convert", flags: [], file: file).read()
        do {
            let conversion = LocalConversion(
                input: input.map { FilePath($0) }, output: FilePath(output), root: root,
                target: try Upload.target(named: format ?? Self.extension(of: output)),
                options: try LocalConversion.options(options))
            try await conversion.run(settings)
        } catch let refusal as Refusal {
            try end(refusal.sentence, refusal.kind.exitCode)
        } catch let failure as Failure {
            try end(failure.message, failure.code.exitCode)
        } catch let error as LocalConversion.Trouble {
            try end(error.sentence, error.exitCode)
        }
    }

    private func end(_ sentence: String, _ code: CInt) throws {
        Terminal.progress("")
        Terminal.complain(sentence)
        throw ExitCode(code)
    }

    private static func `extension`(of name: String) -> String {
        FilePath(name).extension ?? ""
    }
}

extension Refusal.Kind {
    fileprivate var exitCode: CInt {
        switch self {
        case .malformedRequest, .unknownField, .missingFile, .missingFormat, .unknownFormat, .invalidOption,
            .unknownRoot, .ambiguousRoot:
            EX_USAGE
        case .emptyFile, .invalidArchive, .invalidInput, .unrecognisedContent, .contradictedName, .noModel,
            .unsafeReference,
            .missingDependency, .tooLarge:
            EX_DATAERR
        case .noRoute: EX_UNAVAILABLE
        case .diskFull: EX_IOERR
        case .requestTimeout, .cancelled, .queueFull, .stopping: EX_TEMPFAIL
        }
    }
}

extension Failure.Code {
    fileprivate var exitCode: CInt {
        switch self {
        case .invalidInput, .unsafeReference, .missingDependency, .emptyResult, .rejected: EX_DATAERR
        case .toolMissing: EX_UNAVAILABLE
        case .timedOut, .outOfMemory, .outputTooLarge, .rateLimited: EX_TEMPFAIL
        case .diskFull: EX_IOERR
        case .crashed, .toolFailed, .invalidResult, .interrupted, .uploadAborted, .cancelled, .internal: EX_SOFTWARE
        }
    }
}
