import Glibc
import Persistence
import SystemPackage

/// What a tool left in `/out`. Only regular files count; anything else is a tool that misbehaves.
///
/// It is looked at when nothing of the tool is left: what was checked cannot change any more.
struct Outputs: Sendable {
    /// Relative names with `/`, sorted; the main file among them.
    let names: [String]
    let folder: FilePath

    static let mostFiles = 1000
    static let deepest = 8

    /// Reads the folder. Links, devices, files that have another name elsewhere, names that are no text, too many files, too
    /// many bytes or too deep a tree are refused, not skipped.
    init(of folder: FilePath, most bytes: Int64 = .max) throws(Failure) {
        self.folder = folder
        var found = Found(room: bytes)
        let descriptor = open(folder.string, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        try found.read(descriptor, below: "", depth: 0)
        names = found.names.sorted()
    }

    func path(of name: String) -> FilePath {
        folder.appending(name)
    }

    func contains(_ name: String) -> Bool {
        names.contains(name)
    }
}

/// The files found so far.
private struct Found {
    var names: [String] = []
    /// Bytes that may still come.
    var room: Int64

    init(room: Int64) {
        self.room = room
    }

    /// Takes the descriptor of the folder over.
    mutating func read(_ folder: CInt, below prefix: String, depth: Int) throws(Failure) {
        guard folder >= 0, let stream = fdopendir(folder) else {
            if folder >= 0 { close(folder) }
            throw Failure(.invalidResult, "A folder in the tool's output cannot be read.")
        }
        defer { closedir(stream) }
        guard depth < Outputs.deepest else {
            throw Failure(.invalidResult, "The tool nested folders in its output too deeply.")
        }
        while let entry = readdir(stream) {
            let bytes = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: UInt8.self, capacity: 256) { name in
                    Array(UnsafeBufferPointer(start: name, count: 256).prefix { $0 != 0 })
                }
            }
            if bytes == [0x2E] || bytes == [0x2E, 0x2E] { continue }
            try take(Self.name(bytes), in: folder, below: prefix, depth)
        }
    }

    private mutating func take(
        _ name: String, in folder: CInt, below prefix: String, _ depth: Int
    ) throws(Failure) {
        var status = stat()
        guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw Failure(.internal, "The output folder could not be read.")
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: try take(file: prefix + name, status)
        case S_IFDIR:
            let inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            try read(inner, below: prefix + name + "/", depth: depth + 1)
        default: throw Failure(.invalidResult, "The tool left something in its output that is not a file.")
        }
    }

    private mutating func take(file name: String, _ status: stat) throws(Failure) {
        guard status.st_nlink == 1 else {
            throw Failure(.invalidResult, "The tool left a file in its output that is linked from elsewhere.")
        }
        room -= Int64(status.st_size)
        guard room >= 0 else { throw Failure(.outputTooLarge, "The tool wrote more than it may.") }
        names.append(name)
        guard names.count <= Outputs.mostFiles else {
            throw Failure(.outputTooLarge, "The tool wrote more than \(Outputs.mostFiles) files.")
        }
    }

    /// Names go into archives and onto screens: no bytes that are no text, nothing that cannot be seen.
    private static func name(_ bytes: [UInt8]) throws(Failure) -> String {
        guard let name = String(validating: bytes, as: UTF8.self),
            !name.unicodeScalars.contains(where: { $0.properties.generalCategory.isInvisible }), !name.contains("\\")
        else { throw Failure(.invalidResult, "The tool left a file in its output whose name cannot be used.") }
        return name
    }
}

extension Unicode.GeneralCategory {
    fileprivate var isInvisible: Bool {
        switch self {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: true
        default: false
        }
    }
}
