/// How formats that are zip archives are known: by the names of their entries.
extension Detect {
    /// A package of parts with a content type list and a model (3MF Core, section 2.1).
    static func threeMF(_ content: Content) -> Evidence {
        let names = ZipNames.list(in: content).map { $0.lowercased() }
        guard names.contains(where: { $0.hasSuffix(".model") }) else { return .none }
        return names.contains("[content_types].xml") ? .certain : .possible
    }

    /// XML, or a zip archive that holds it.
    static func amf(_ content: Content) -> Evidence {
        let isPacked = ZipNames.list(in: content).contains { $0.lowercased().hasSuffix(".amf") }
        return isPacked ? .certain : root("amf", of: content)
    }

    /// A zip archive whose first entry is the scene (USDZ specification, "Default Layer").
    static func usdz(_ content: Content) -> Evidence {
        guard let first = ZipNames.list(in: content).first?.lowercased() else { return .none }
        return [".usd", ".usda", ".usdc"].contains(where: first.hasSuffix) ? .certain : .none
    }
}

/// The entry names of a zip archive (PKWARE's APPNOTE 6.3.10), read without trusting any of its numbers.
enum ZipNames {
    private static let mostNames = 10_000
    private static let mostBytes = 1 << 20

    /// From the central directory at the end, else (cut short, or ZIP64) from the entries in the head. Empty where it is
    /// no archive. Read errors count as an archive without directory.
    static func list(in content: Content) -> [String] {
        guard content.head.starts(with: "PK\u{3}\u{4}".utf8) else { return [] }
        let listed = (try? directory(of: content)).map {
            names(in: $0, signature: "PK\u{1}\u{2}", fixed: 46, lengthsAt: 28)
        }
        if let listed, !listed.isEmpty { return listed }
        return names(in: content.head, signature: "PK\u{3}\u{4}", fixed: 30, lengthsAt: 26)
    }

    /// The bytes of the central directory; where it starts is told by the end record in the last 64 KB.
    private static func directory(of content: Content) throws -> [UInt8] {
        let tail = try content.bytes(at: content.size - 65_557, count: 65_557)
        guard let end = tail.lastStart(of: "PK\u{5}\u{6}"), let length = tail.little32(at: end + 12),
            let start = tail.little32(at: end + 16)
        else { return [] }
        return try content.bytes(at: start, count: min(Int(length), mostBytes))
    }

    /// Walks records that hold the lengths of name, extra field and (only in the directory) comment in a row.
    private static func names(in bytes: [UInt8], signature: String, fixed: Int, lengthsAt: Int) -> [String] {
        var names: [String] = []
        var offset = 0
        while names.count < mostNames, bytes.dropFirst(offset).starts(with: signature.utf8),
            let name = bytes.little16(at: offset + lengthsAt), let extra = bytes.little16(at: offset + lengthsAt + 2)
        {
            names.append(String(decoding: bytes.dropFirst(offset + fixed).prefix(name), as: UTF8.self))
            let trailer =
                fixed == 46 ? bytes.little16(at: offset + 32) : bytes.little32(at: offset + 18).map { Int($0) }
            offset += fixed + name + extra + (trailer ?? 0)
        }
        return names
    }
}

extension [UInt8] {
    /// Where the last occurrence of `mark` begins.
    fileprivate func lastStart(of mark: String) -> Int? {
        let mark = Array(mark.utf8)
        return indices.reversed().first { self[$0...].starts(with: mark) }
    }
}
