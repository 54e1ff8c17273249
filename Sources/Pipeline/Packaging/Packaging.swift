import Glibc
import Persistence
import SystemPackage

/// A result of several files becomes one zip, with the names that the files have for each other.
enum Packaging {
    static func zip(_ outputs: Outputs, to file: FilePath) throws(Failure) {
        let descriptor = open(file.string, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(storing: SystemError("make a zip")) }
        defer { close(descriptor) }
        do throws(ZipError) {
            var zip = ZipWriter(to: descriptor)
            for name in outputs.names {
                try zip.add(name, from: outputs.path(of: name).string)
            }
            try zip.finish()
        } catch {
            if case .unwritable(.noSpace) = error { throw Failure(.diskFull, "The disk has no room for the result.") }
            throw Failure(.internal, "The files of the result could not be packed.")
        }
    }
}
