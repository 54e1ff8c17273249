package import SystemPackage

/// Why an archive is not read.
package enum ZipFault: Error, Hashable, Sendable {
    /// It does not hold together; the text completes "The zip archive is broken: ...".
    case broken(String)
    /// A whole sentence: something in it is not taken, though it may be well-formed.
    case refused(String)
    /// A whole sentence: it, or something in it, is larger than what is read.
    case tooLarge(String)
    /// The disk's fault, or ours.
    case system(Errno)

    /// For the person who sent it.
    package var sentence: String {
        switch self {
        case .broken(let why): "The zip archive is broken: \(why)."
        case .refused(let sentence), .tooLarge(let sentence): sentence
        case .system: "The zip archive cannot be read here."
        }
    }

    /// A name as it may be shown: quoted, escaped, and not too long.
    static func shown(_ name: String) -> String { DisplayName.visible(String(name.prefix(200))).debugDescription }
}
