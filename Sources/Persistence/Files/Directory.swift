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

    /// Makes the folder, for us alone, where it is missing.
    package static func make(_ path: FilePath) throws {
        var missing: [FilePath] = []
        var folder = path
        while access(folder.string, F_OK) != 0, !folder.components.isEmpty {
            missing.append(folder)
            folder = folder.removingLastComponent()
        }
        for folder in missing.reversed() where mkdir(folder.string, 0o700) != 0 && errno != EEXIST {
            throw SystemError("make the folder \(folder.string)")
        }
    }

    /// Makes a rename or an unlink in the folder survive a power cut.
    package static func sync(_ path: FilePath) throws {
        let descriptor = open(path.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError("open a folder") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw SystemError("sync a folder") }
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

    /// Removes the file or the whole folder; links are removed, never followed. What is not there is fine.
    package static func remove(_ path: FilePath) throws {
        if unlink(path.string) == 0 || errno == ENOENT { return }
        guard errno == EISDIR || errno == EPERM else { throw SystemError("remove a file") }
        // A tool may have taken our own rights away.
        chmod(path.string, 0o700)
        for name in try names(in: path) {
            guard let component = FilePath.Component(name) else { continue }
            try remove(path.appending(component))
        }
        guard rmdir(path.string) == 0 || errno == ENOENT else { throw SystemError("remove a folder") }
    }
}
