import Glibc
import Persistence
import SystemPackage

/// What a tool left in `/out`. Only regular files count; anything else is a tool that misbehaves.
struct Outputs: Sendable {
    /// Relative names with `/`, sorted; the main file among them.
    let names: [String]
    let folder: FilePath

    static let mostFiles = 1000
    static let deepest = 8

    /// Reads the folder. Links, devices, too many files or too deep a tree are refused, not skipped.
    init(of folder: FilePath) throws(Failure) {
        self.folder = folder
        names = try Self.files(in: folder, below: "", depth: 0).sorted()
        guard names.count <= Self.mostFiles else {
            throw Failure(.outputTooLarge, "The tool wrote more than \(Self.mostFiles) files.")
        }
    }

    func path(of name: String) -> FilePath {
        folder.appending(name)
    }

    func contains(_ name: String) -> Bool {
        names.contains(name)
    }

    private static func files(in folder: FilePath, below prefix: String, depth: Int) throws(Failure) -> [String] {
        guard depth < deepest else {
            throw Failure(.invalidResult, "The tool nested folders in its output too deeply.")
        }
        let entries: [String]
        do {
            entries = try Directory.names(in: folder)
        } catch {
            throw Failure(.internal, "The output folder could not be read.")
        }
        var files: [String] = []
        for entry in entries {
            let path = folder.appending(entry)
            var status = stat()
            guard lstat(path.string, &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFREG: files.append(prefix + entry)
            case S_IFDIR: files += try Self.files(in: path, below: prefix + entry + "/", depth: depth + 1)
            default: throw Failure(.invalidResult, "The tool left something in its output that is not a file.")
            }
            guard files.count <= mostFiles else { break }
        }
        return files
    }
}
