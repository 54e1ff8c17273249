import Glibc
package import SystemPackage

// Removal of trees that a hostile tool has grown: deeper than a path can be long, with names that are no text, without rights.

extension Directory {
    /// Removes the file or the whole folder; links are removed, never followed. What is not there is fine.
    package static func remove(_ path: FilePath) throws {
        if unlink(path.string) == 0 || errno == ENOENT { return }
        guard errno == EISDIR || errno == EPERM else { throw SystemError("remove a file") }
        let top = try OpenFolder(path.string, in: AT_FDCWD)
        var moves = 0
        // Subfolders are moved up instead of being descended into, until the top is flat: no recursion, no long paths.
        var names = try top.names()
        while !names.isEmpty {
            for name in names where try !top.unlink(name) {
                let folder = try OpenFolder(name, in: top.descriptor)
                for child in try folder.names() where try !folder.unlink(child) {
                    try folder.move(child, to: top, &moves)
                }
                try top.removeEmpty(name)
            }
            names = try top.names()
        }
        guard rmdir(path.string) == 0 || errno == ENOENT else { throw SystemError("remove a folder") }
    }
}

/// A folder under our eyes; names in it are bytes that end with a zero, as the kernel gives them.
private struct OpenFolder: ~Copyable {
    let descriptor: CInt

    /// Takes the rights back that a tool may have taken away. The caller knows that it is a folder and no link.
    init(_ name: UnsafePointer<CChar>, in parent: CInt) throws {
        fchmodat(parent, name, 0o700, 0)
        descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError("open a folder") }
    }

    func names() throws -> [[CChar]] {
        let again = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard again >= 0, let stream = fdopendir(again) else { throw SystemError("list a folder") }
        defer { closedir(stream) }
        var names: [[CChar]] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { name in
                    Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1))
                }
            }
            if name != [0x2E, 0], name != [0x2E, 0x2E, 0] { names.append(name) }
        }
        return names
    }

    /// Removes anything but a folder, and says whether it did.
    func unlink(_ name: [CChar]) throws -> Bool {
        if unlinkat(descriptor, name, 0) == 0 || errno == ENOENT { return true }
        guard errno == EISDIR || errno == EPERM else { throw SystemError("remove a file") }
        return false
    }

    func removeEmpty(_ name: [CChar]) throws {
        guard unlinkat(descriptor, name, AT_REMOVEDIR) == 0 else { throw SystemError("remove a folder") }
    }

    /// Gives the subfolder the next number as its name in `top` that is free there.
    func move(_ name: [CChar], to top: borrowing OpenFolder, _ number: inout Int) throws {
        // To leave its parent, a folder must itself be writable.
        fchmodat(descriptor, name, 0o700, 0)
        repeat {
            number += 1
            if renameat(descriptor, name, top.descriptor, String(number)) == 0 { return }
        } while errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR
        throw SystemError("move a folder")
    }

    deinit {
        close(descriptor)
    }
}
