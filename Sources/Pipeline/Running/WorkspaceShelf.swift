import CLauncher
import Glibc
import Persistence
import Synchronization
package import SystemPackage

/// Workspaces that were used and are as good as new, for attempts to come: to make and remove three folders for each would
/// cost a small job a sixth of the server's time, where the file system has no journal (see docs/performance.md).
///
/// A folder carries more than files from one tool to the next: rights, attributes, flags, its times and its size. One is
/// kept only if all that is as it was when it was made.
package final class WorkspaceShelf: Sendable {
    private let folder: FilePath
    private let most: Int
    private let state = Mutex(State())

    fileprivate struct State {
        var spares: [FilePath] = []
        var count = 0
        /// What a folder is when it is new here; `nil` until it was asked for.
        var asNew: FolderState?
    }

    /// - Parameters:
    ///   - folder: on the file system of the workspaces, and empty.
    ///   - most: workspaces that are kept.
    package init(in folder: FilePath, most: Int) {
        self.folder = folder
        self.most = most
    }

    /// Gives one the name `root`. Returns whether there was one.
    func lend(as root: FilePath) -> Bool {
        guard let spare = state.withLock({ $0.spares.popLast() }) else { return false }
        return rename(spare.string, root.string) == 0
    }

    /// Takes a workspace over, of which only the empty folders are left, and in which nothing runs any more. Returns
    /// whether it did.
    func keep(_ workspace: Workspace) -> Bool {
        guard let asNew = state.withLock({ $0.asNew }) ?? lookAtNewFolder(),
            FolderState(of: workspace.root, holding: 2) != nil,
            [workspace.out, workspace.scratch].allSatisfy({ FolderState(of: $0) == asNew }),
            let spare = state.withLock({ $0.place(in: folder, most) })
        else { return false }
        guard rename(workspace.root.string, spare.string) == 0 else { return false }
        state.withLock { $0.spares.append(spare) }
        return true
    }

    private func lookAtNewFolder() -> FolderState? {
        let path = folder.appending("new")
        guard mkdir(path.string, 0o700) == 0 else { return nil }
        defer { rmdir(path.string) }
        let found = FolderState(of: path)
        state.withLock { $0.asNew = found }
        return found
    }
}

extension WorkspaceShelf.State {
    /// `nil` when enough are kept.
    fileprivate mutating func place(in folder: FilePath, _ most: Int) -> FilePath? {
        guard spares.count < most else { return nil }
        count += 1
        return folder.appending(String(count))
    }
}

/// What a tool can change of a folder that it may write to, besides its files.
private struct FolderState: Equatable {
    private let mode: mode_t
    private let owner: uid_t
    private let group: gid_t
    /// Grows with the most entries it ever had.
    private let size: off_t
    /// See ioctl_iflags(2); 0 where the file system has none.
    private let flags: CLong

    /// As of now, its times set to now; `nil` where it has not that many entries, or has extended attributes (access
    /// control lists are such), or is no folder.
    init?(of path: FilePath, holding entries: Int = 0) {
        let descriptor = open(path.string, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        flags = kiln_folder_flags(descriptor)
        guard flags >= 0, (try? Directory.names(in: path).count) == entries, fstat(descriptor, &status) == 0,
            futimens(descriptor, nil) == 0
        else { return nil }
        (mode, owner, group, size) = (status.st_mode, status.st_uid, status.st_gid, status.st_size)
    }
}
