import Glibc
import Persistence
import SystemPackage

/// The files of a model that came one by one, made into the one zip that is kept.
struct ModelPacking: Sendable {
    /// A file within the stretch of bytes in which all of them were received.
    struct Part: Sendable {
        let name: String
        let range: Range<Int64>
    }

    /// Where the zip is made.
    let file: FilePath

    /// Writes the zip, uncompressed, as a new file. Blocks. Throws `SystemError`, `Errno`, or `ZipError`.
    func pack(_ parts: [Part], of received: FilePath) throws {
        let source = try FileDescriptor.open(received, .readOnly, options: .closeOnExec)
        try source.closeAfter {
            let target = try FileDescriptor.open(
                file, .writeOnly, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
                permissions: .ownerReadWrite)
            try target.closeAfter {
                do {
                    var zip = ZipWriter(to: target.rawValue)
                    for part in parts { try zip.store(part.name, from: source.rawValue, range: part.range) }
                    try zip.finish()
                } catch ZipError.unwritable(let errno) {
                    throw SystemError("pack a model", code: errno.rawValue)
                }
            }
        }
    }

    /// Removes the zip where it was not taken over. What stays is removed at the next start.
    func discard() { unlink(file.string) }
}
