import Glibc
package import Persistence
package import SystemPackage

/// The folder of a model of several files, laid out for a tool.
package enum ModelFolder {
    /// Fills `folder`, which is made, or must be empty: the root as `name` (`model.<format>`), what lies beside and
    /// below it in the archive under its own relative names, and each file also under the names that others have for it.
    ///
    /// - Parameters:
    ///   - blob: the zip of the model, which is believed no more than at the upload.
    ///   - root: the model's name in it.
    ///
    /// Blocks. On a failure, what was made so far stays, for the caller to remove with the workspace.
    package static func unpack(
        blob: FilePath, root: String, into folder: FilePath, as name: String, caps: ZipCaps = ZipCaps()
    ) throws(Failure) {
        do {
            let archive = try ModelArchive(blob, caps: caps)
            let format = Format.ofFile(name)
            let survey = try format.map { try archive.survey(root: root, format: $0) }
            let layout = archive.layout(root: root, as: name, for: survey)
            guard layout[name] != nil else { throw Failure(.internal, "The model is not among its files.") }
            try write(layout, of: archive, into: folder)
        } catch let failure as Failure {
            throw failure
        } catch let fault as ZipFault {
            if case .system = fault { throw Failure(.internal, "The model's files could not be read.") }
            throw Failure(.invalidInput, fault.sentence)
        } catch let error as UnreadableReferences {
            throw Failure(.invalidInput, "A file of the model is broken: \(error).")
        } catch {
            let isFull = (error as? SystemError)?.isDiskFull == true || (error as? Errno) == .noSpace
            throw isFull
                ? Failure(.diskFull, "The disk has no room for the model's files.")
                : Failure(.internal, "The model's files could not be laid out.")
        }
    }

    /// The same into a folder that is there already, such as a person's own: files of the same names are replaced.
    package static func unpack(
        blob: FilePath, root: String, beside folder: FilePath, as name: String
    ) throws {
        let own = folder.appending(".kiln-\(getpid())")
        defer {
            // What was moved is not there any more; the rest is nobody's.
            try? Directory.remove(own)
        }
        try unpack(blob: blob, root: root, into: own, as: name)
        try move(own, into: folder)
    }

    private static func move(_ source: FilePath, into target: FilePath) throws {
        for entry in try Directory.names(in: source) {
            let (from, to) = (source.appending(entry), target.appending(entry))
            var status = stat()
            guard lstat(from.string, &status) == 0 else { throw Errno(rawValue: errno) }
            if status.st_mode & S_IFMT == S_IFDIR {
                try Directory.make(to)
                try move(from, into: to)
            } else {
                guard rename(from.string, to.string) == 0 else { throw Errno(rawValue: errno) }
            }
        }
    }

    private static func write(
        _ layout: [String: ZipMember], of archive: ModelArchive, into folder: FilePath
    ) throws {
        try Directory.make(folder)
        var written: [ZipMember: FilePath] = [:]
        for (place, member) in layout.sorted(by: { $0.key < $1.key }) {
            guard ZipName.isPlace(place) else { throw Errno.invalidArgument }
            let path = folder.pushing(FilePath(place))
            try Directory.make(path.removingLastComponent())
            if let first = written[member] {
                guard link(first.string, path.string) == 0 else { throw Errno(rawValue: errno) }
            } else {
                try copy(member, of: archive, to: path)
                written[member] = path
            }
        }
    }

    private static func copy(_ member: ZipMember, of archive: ModelArchive, to path: FilePath) throws {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
            permissions: .ownerReadWrite)
        try file.closeAfter {
            var stream = try archive.stream(member)
            while let piece = try stream.next() { try file.writeAll(piece) }
        }
    }
}
