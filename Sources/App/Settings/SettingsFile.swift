import Configuration
import SystemPackage

/// A file of settings, `.env` or one that was named: lines of `NAME=value`, and comments that begin with `#`.
struct SettingsFile {
    let path: FilePath
    /// As mistakes call it.
    let name: String

    /// Why a file gives no settings, as a sentence.
    struct Unreadable: Error {
        let sentence: String
    }

    /// The file that was named, else `.env` in the folder if there is one.
    static func find(_ named: FilePath?, in folder: FilePath) -> SettingsFile? {
        if let named { return SettingsFile(path: named, name: named.string) }
        let file = SettingsFile(path: folder.appending(".env"), name: ".env")
        return file.isMissing ? nil : file
    }

    /// - Throws: when the file cannot be read, or when its values would be lost in reading.
    func provider() async throws(Unreadable) -> EnvironmentVariablesProvider {
        do {
            try checkLines()
            return try await EnvironmentVariablesProvider(environmentFilePath: path)
        } catch let reason as Errno {
            throw Unreadable(sentence: "\(name) cannot be read: \(reason)")
        } catch let error as Unreadable {
            throw error
        } catch {
            throw Unreadable(sentence: "\(name) cannot be read: it is not an ordinary file")
        }
    }

    /// Refuses what the provider passes over in silence: with Windows line ends a comment at the top swallows the whole
    /// file, and a name after `export` is never found.
    private func checkLines() throws {
        let lines = try bytes().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (number, line) in zip(1..., lines) {
            if line.contains(UInt8(ascii: "\r")) {
                throw Unreadable(sentence: "\(name) line \(number) ends with CR LF, lines must end with LF")
            }
            if line.starts(with: "export ".utf8) {
                throw Unreadable(sentence: "\(name) line \(number) begins with \"export\", lines must be NAME=value")
            }
        }
    }

    private var isMissing: Bool {
        do {
            try FileDescriptor.open(path, .readOnly).close()
            return false
        } catch {
            return error as? Errno == .noSuchFileOrDirectory
        }
    }

    private func bytes() throws -> [UInt8] {
        let file = try FileDescriptor.open(path, .readOnly)
        return try file.closeAfter {
            var all: [UInt8] = []
            var part = [UInt8](repeating: 0, count: 4096)
            while case let count = try part.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
                all += part[..<count]
            }
            return all
        }
    }
}
