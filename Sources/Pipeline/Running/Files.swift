import Glibc
import Persistence
import SystemPackage

/// New files within the data folder.
enum Files {
    /// Shares the blocks where the file system can, and has the kernel copy them where it cannot.
    static func copy(_ source: FilePath, to target: FilePath) throws(Failure) {
        do {
            let from = try FileDescriptor.open(source, .readOnly, options: .closeOnExec)
            try from.closeAfter {
                let to = try FileDescriptor.open(
                    target, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWrite
                )
                try to.closeAfter { try transfer(from, to) }
            }
        } catch {
            throw Failure(storing: error)
        }
    }

    /// Takes the place of what is there.
    static func move(_ source: FilePath, to target: FilePath) throws(Failure) {
        guard rename(source.string, target.string) == 0 else { throw Failure(storing: Errno(rawValue: errno)) }
    }

    /// A new file with these bytes. Throws `Errno`.
    static func write(_ bytes: [UInt8], to target: FilePath) throws {
        let file = try FileDescriptor.open(
            target, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
        _ = try file.closeAfter { try file.writeAll(bytes) }
    }

    /// All that is in a small file. Throws `Errno`.
    static func read(_ source: FilePath) throws -> [UInt8] {
        let file = try FileDescriptor.open(source, .readOnly, options: [.noFollow, .closeOnExec])
        return try file.closeAfter {
            let size = Int(try file.seek(offset: 0, from: .end))
            return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                count = try file.read(fromAbsoluteOffset: 0, into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
    }

    /// The same, in the words of failures.
    static func put(_ bytes: [UInt8], at target: FilePath) throws(Failure) {
        do {
            try write(bytes, to: target)
        } catch {
            throw Failure(storing: error)
        }
    }

    /// A symbolic link to a path from the root, in the place of what is there. Throws `Errno`.
    static func link(_ name: FilePath, to target: FilePath) throws {
        unlink(name.string)
        guard symlink(target.string, name.string) == 0 else { throw Errno(rawValue: errno) }
    }

    private static func transfer(_ from: FileDescriptor, _ to: FileDescriptor) throws {
        var count = 1
        while count > 0 {
            count = sendfile(to.rawValue, from.rawValue, nil, 1 << 30)
            guard count >= 0 else { throw Errno(rawValue: errno) }
        }
    }
}

extension Failure {
    /// What keeping a file failed with.
    init(storing error: any Error) {
        let isFull = (error as? SystemError)?.isDiskFull == true || (error as? Errno) == .noSpace
        self =
            isFull
            ? Failure(.diskFull, "The disk has no room for the result.")
            : Failure(.internal, "A file could not be stored.")
    }
}

extension Normalisation {
    /// The same as `apply`, in the words of failures.
    func carryOut(on file: FilePath, _ kind: Reading.Kind) throws(Failure) {
        do throws(ReadError) {
            try apply(to: file.string, format: kind)
        } catch {
            if case .system(ENOSPC) = error { throw Failure(.diskFull, "The disk has no room for the result.") }
            throw Failure(.invalidResult, "The model cannot be brought into the target's unit: \(error.sentence)")
        }
    }
}
