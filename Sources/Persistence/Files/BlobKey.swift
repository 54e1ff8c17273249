import GRDB

/// The opaque name of a blob. Derived from ids that are in rows before the bytes are, so that recovery knows where to look.
package struct BlobKey: RawRepresentable, Hashable, Codable, Sendable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// What a client sent.
    package static func source(of job: Job.ID) -> BlobKey {
        BlobKey(rawValue: "\(job).source")
    }

    /// What an attempt made, be it an intermediate file or the result.
    package static func output(of job: Job.ID, attempt: Int) -> BlobKey {
        BlobKey(rawValue: "\(job).\(attempt).output")
    }

    /// What the tool of an attempt said.
    package static func log(of job: Job.ID, attempt: Int) -> BlobKey {
        BlobKey(rawValue: "\(job).\(attempt).log")
    }
}

extension BlobKey: DatabaseValueConvertible {}

extension BlobKey {
    /// The folder that it is in: the last two digits of the job's id, which are random.
    var shard: String { String(rawValue.prefix(36).suffix(2)) }

    /// Whether a file may be called so: what comes out of a backup is not believed.
    var isPlain: Bool {
        rawValue.utf8.count > 36 && rawValue.utf8.count < 100 && !rawValue.hasSuffix(".part")
            && Identifier<Job>(rawValue: String(rawValue.prefix(36))) != nil
            && rawValue.dropFirst(36).allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") }
    }
}

/// A blob whose bytes are completely on disk, or get there in the transaction that names it.
package struct StoredBlob: Hashable, Sendable {
    package let key: BlobKey
    package let size: Int64
    /// Lower-case hexadecimal.
    package let sha256: String
    /// The bytes of a small one, which goes into the database; `nil`: they are in a file.
    let content: [UInt8]?

    package init(key: BlobKey, size: Int64, sha256: String, content: [UInt8]? = nil) {
        self.key = key
        self.size = size
        self.sha256 = sha256
        self.content = content
    }
}
