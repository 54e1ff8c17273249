import Glibc
import Persistence
import Pipeline
import SystemPackage

/// One conversion in a data folder of its own that is gone afterwards.
struct LocalConversion {
    let input: [FilePath]
    let output: FilePath
    let root: String?
    let target: Format
    let options: ConversionOptions

    /// What stands in the way on this side of the pipeline.
    struct Trouble: Error {
        let sentence: String
        let exitCode: CInt
    }

    /// `name=value` pairs; a value is JSON, or text as it is.
    static func options(_ pairs: [String]) throws(Refusal) -> ConversionOptions {
        var members: JSONObject = [:]
        for pair in pairs {
            guard let equals = pair.firstIndex(of: "=") else {
                throw Refusal(.invalidOption, "\"\(pair)\" is no option with its value, such as scale=2.")
            }
            let text = String(pair[pair.index(after: equals)...])
            members[String(pair[..<equals])] = isJSON(text) ? .rendered(text) : .string(text)
        }
        return try Upload.options(json: JSONValue.object(members).bytes)
    }

    private static func isJSON(_ text: String) -> Bool {
        text == "true" || text == "false" || Double(text) != nil || text.hasPrefix("{") || text.hasPrefix("[")
            || text.hasPrefix("\"")
    }

    func run(_ settings: Settings) async throws {
        var settings = settings
        settings.selfTest = false
        settings.diskReserve = 0
        // The result is taken from where it is stored.
        settings.dbFileSize = 0
        settings.maxFileSize = .max
        // Whoever waits for it decides himself whether to try again.
        settings.retryLimit = 0
        let dossier = try await Server.temporary(settings) { try await convert(with: $0) }
        Terminal.progress("")
        for warning in dossier.job.warnings ?? [] { Terminal.complain("Note: \(warning)") }
    }

    private func convert(with server: Server) async throws -> Dossier {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.scheduler.run() }
            defer { group.cancelAll() }
            let job = try await upload(to: server.intake)
            let dossier = try await end(of: job, server.store.jobs)
            if let failure = dossier.job.failure { throw failure }
            guard let result = dossier.artifact(.result), let key = result.blobKey else {
                throw Failure(.internal, "The job ended without a result.")
            }
            try place(server.store.blobs.path(of: key), result)
            return dossier
        }
    }

    private func upload(to intake: Intake) async throws -> Job.ID {
        let arrival = Arrival(client: "local", targetFormat: target.name)
        // One that is not there is complained about when it is opened.
        let size = input.compactMap(Access.sizeOfFile).reduce(0, +)
        return try await intake.take(arrival, declaredSize: size) { upload in
            for file in input { try await send(file, to: upload) }
            return try await upload.accept(target: target, options: options, root: root)
        }.job.id
    }

    private func send(_ file: FilePath, to upload: Upload) async throws {
        Terminal.progress("reading \(file)")
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.open(file, .readOnly, options: .closeOnExec)
        } catch {
            throw Trouble(sentence: "\(file) cannot be read: \(error).", exitCode: EX_NOINPUT)
        }
        defer {
            // It was only read from.
            try? descriptor.close()
        }
        // One file is what it is called; of several, each is where it is beside the first.
        let base = input[0].removingLastComponent()
        var relative = file
        if !base.isEmpty, !relative.removePrefix(base) {
            relative = FilePath(root: nil, [file.lastComponent ?? "file"])
        }
        try upload.begin(relative.string)
        var bytes = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = try bytes.withUnsafeMutableBytes { try descriptor.read(into: $0) }
            if count == 0 { return }
            let isFull = try bytes.withUnsafeBytes { whole in
                Result { () throws(Refusal) in try upload.take(UnsafeRawBufferPointer(rebasing: whole[..<count])) }
            }.get()
            if isFull { try await upload.drain() }
        }
    }

    private func end(of id: Job.ID, _ jobs: JobStore) async throws -> Dossier {
        let watch = jobs.endings.watch(id)
        if let job = try await jobs.job(id), !job.status.isFinal {
            Terminal.progress("converting by way of \((job.route ?? []).map(\.to).joined(separator: ", "))")
            await watch.wait()
        }
        guard let dossier = try await jobs.dossier(of: id) else { throw Failure(.internal, "The job is gone.") }
        return dossier
    }

    /// Several files are laid out beside the output, unless it is to be a zip.
    private func place(_ blob: FilePath, _ result: Artifact) throws {
        do {
            if result.packaging == .zip, let root = result.name, output.extension?.lowercased() != "zip" {
                let parent = output.removingLastComponent()
                try ModelFolder.unpack(
                    blob: blob, root: root, beside: parent.isEmpty ? "." : parent,
                    as: output.lastComponent?.string ?? root)
            } else {
                try Self.copy(blob, to: output)
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Trouble(sentence: "\(output) cannot be written: \(error).", exitCode: EX_CANTCREAT)
        }
    }

    private static func copy(_ source: FilePath, to target: FilePath) throws {
        let from = try FileDescriptor.open(source, .readOnly, options: .closeOnExec)
        try from.closeAfter {
            let to = try FileDescriptor.open(
                target, .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
            try to.closeAfter {
                var bytes = [UInt8](repeating: 0, count: 1 << 20)
                while case let count = try bytes.withUnsafeMutableBytes({ try from.read(into: $0) }), count > 0 {
                    try to.writeAll(bytes[..<count])
                }
            }
        }
    }
}
