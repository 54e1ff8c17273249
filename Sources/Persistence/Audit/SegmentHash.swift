import Crypto
import FoundationEssentials
import GRDB

/// The hash of a sealed segment, as `docs/audit.md` describes it to outsiders: SHA-256 over a line with the hash of the
/// seal before, and a line with the hash of each event, all in lower-case hexadecimal.
struct SegmentHash {
    /// What stands for the seal before the first one.
    static let none = String(repeating: "0", count: 64)
    /// How much is kept of each event's hash.
    static let markSize = 4
    /// The columns of an event, in the order in which they are hashed.
    static let columns = """
        id, at, subjectKind, subjectId, fromStatus, toStatus, attempt, client, requestId, reason, details
        """

    private var hash = SHA256()
    /// The first bytes of each event's hash.
    private(set) var marks: [UInt8] = []

    init(after previous: String) {
        hash.update(data: Data("\(previous)\n".utf8))
    }

    /// Takes the next event, and returns its mark.
    @discardableResult
    mutating func add(_ row: Row) -> ArraySlice<UInt8> {
        let digest = SHA256.hash(data: Self.canonical(row))
        marks.append(contentsOf: digest.prefix(Self.markSize))
        hash.update(data: Data("\(digest.hexadecimal)\n".utf8))
        return marks.suffix(Self.markSize)
    }

    var text: String { hash.finalize().hexadecimal }

    /// One event: its columns with commas between them, each as its length in bytes, a colon, and its text in UTF-8; `-` where
    /// it is NULL. No two different events read the same.
    static func canonical(_ row: Row) -> Data {
        var bytes = Data()
        for (index, value) in row.databaseValues.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            guard let text = text(of: value) else {
                bytes.append(UInt8(ascii: "-"))
                continue
            }
            bytes.append(contentsOf: "\(text.utf8.count):".utf8)
            bytes.append(contentsOf: text.utf8)
        }
        return bytes
    }

    /// Tables are STRICT: there are only numbers and texts.
    private static func text(of value: DatabaseValue) -> String? {
        switch value.storage {
        case .null: nil
        case .int64(let number): String(number)
        case .double(let number): String(number)
        case .string(let text): text
        case .blob(let data): String(decoding: data, as: UTF8.self)
        }
    }
}
