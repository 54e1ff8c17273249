package import SystemPackage

/// Why an archive could not be written.
package enum ZipError: Error {
    /// Absolute, climbing, empty, too long, or not portable.
    case nameRefused(String)
    case nameTwice(String)
    case notAFile(String)
    case unreadable(String, Errno)
    /// The file shrank, or its bytes changed, while it was read.
    case changed(String)
    case unwritable(Errno)
    /// The closure that takes the archive threw.
    case stopped(by: any Error)
    case outOfMemory
    /// An earlier entry failed half-way.
    case broken

    package var sentence: String {
        switch self {
        case .nameRefused(let name): "\(Self.quoted(name)) cannot be the name of a file in an archive."
        case .nameTwice(let name): "The archive has a file named \(Self.quoted(name)) already."
        case .notAFile(let name): "\(Self.quoted(name)) is not an ordinary file."
        case .unreadable(let name, let errno): "\(Self.quoted(name)) cannot be read: \(errno)."
        case .changed(let name): "\(Self.quoted(name)) changed while it was put into the archive."
        case .unwritable(let errno): "The archive cannot be written: \(errno)."
        case .stopped: "The archive was not taken to its end."
        case .outOfMemory: "There is no memory left to compress with."
        case .broken: "The archive is incomplete since a file could not be put into it."
        }
    }

    private static func quoted(_ name: String) -> String { name.debugDescription }
}
