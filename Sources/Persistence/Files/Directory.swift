import Glibc
package import SystemPackage

/// What we do with folders, by the system calls that the order of "file first, row second" depends on.
package enum Directory {
    /// The working directory.
    static var current: FilePath {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return FilePath(platformString: path)
    }

    /// Makes the folder, and those above it, for us alone, where they are missing.
    package static func make(_ path: FilePath) throws {
        if mkdir(path.string, 0o700) == 0 || errno == EEXIST { return }
        let code = errno
        let parent = path.removingLastComponent()
        guard code == ENOENT, parent != path else { throw SystemError("make the folder \(path.string)", code: code) }
        try make(parent)
        guard mkdir(path.string, 0o700) == 0 || errno == EEXIST else {
            throw SystemError("make the folder \(path.string)")
        }
    }

    /// Makes a rename or an unlink in the folder survive a power cut.
    package static func sync(_ path: FilePath) throws {
        let descriptor = open(path.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError("open a folder") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw SystemError("sync a folder") }
    }

    /// Gives a finished file its name, so that it has it and all its bytes after a power cut too. It is for us alone.
    static func place(_ file: FilePath, as target: FilePath) throws {
        let descriptor = open(file.string, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError("open \(file.string)") }
        defer { close(descriptor) }
        guard fchmod(descriptor, 0o600) == 0, fsync(descriptor) == 0 else { throw SystemError("sync \(file.string)") }
        guard rename(file.string, target.string) == 0 else { throw SystemError("place \(target.string)") }
        try sync(target.removingLastComponent())
    }

    /// The names in the folder, without `.` and `..`, in no order.
    package static func names(in path: FilePath) throws -> [String] {
        guard let stream = opendir(path.string) else { throw SystemError("list a folder") }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
