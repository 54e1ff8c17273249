/// How formats are known by their content: those with a signature at the start.
enum Detect {
    /// glTF 2.0, section 4.4.2: magic, version, length. A file cut short is still one.
    static func glb(_ content: Content) -> Evidence {
        guard content.head.starts(with: "glTF".utf8), let version = content.head.little32(at: 4) else { return .none }
        return version == 1 || version == 2 ? .certain : .possible
    }

    /// Binary by its signature; ASCII by the comment that every writer puts first, or by the first section.
    static func fbx(_ content: Content) -> Evidence {
        if content.head.starts(with: "Kaydara FBX Binary".utf8) { return .certain }
        guard let text = content.text else { return .none }
        if text.starts(with: "; FBX ".utf8) { return .certain }
        let section = PlainText.lines(text.prefix(8192)).lazy.map(PlainText.trimmed).first {
            !$0.isEmpty && $0.first != 0x3B
        }
        return section?.starts(with: "FBXHeaderExtension:".utf8) == true ? .certain : .none
    }

    /// A main chunk (0x4D4D, then its length) that opens with a chunk known to come first.
    static func threeDS(_ content: Content) -> Evidence {
        let head = content.head
        guard head.starts(with: "MM".utf8), let length = head.little32(at: 2), length >= 6 else { return .none }
        guard let child = head.little16(at: 6), let childLength = head.little32(at: 8) else {
            return length <= content.size ? .possible : .none
        }
        let isKnown = [0x0002, 0x0005, 0x3D3D, 0x3D3E, 0xB000].contains(child)
        return isKnown && childLength >= 6 && childLength <= length - 6 ? .certain : .none
    }

    /// `xof`, four digits of version, then how it is written, then the size of a float.
    static func x(_ content: Content) -> Evidence {
        let head = content.head
        guard head.starts(with: "xof ".utf8), head.count >= 16 else { return .none }
        let encodings = ["txt ", "bin ", "tzip", "bzip"]
        return encodings.contains { head[8..<12].elementsEqual($0.utf8) } ? .certain : .possible
    }

    /// `AC10xx` and a zero byte; the digits are the version (AC1015 is AutoCAD 2000).
    static func dwg(_ content: Content) -> Evidence {
        guard content.head.starts(with: "AC10".utf8), content.head.count > 6 else { return .none }
        return content.head[4..<6].allSatisfy(PlainText.isDigit) && content.head[6] == 0 ? .certain : .none
    }

    static func usd(_ content: Content) -> Evidence {
        content.head.starts(with: "PXR-USDC".utf8) || content.text?.starts(with: "#usda ".utf8) == true
            ? .certain : .none
    }

    /// Ogawa is the format of today; the older one is HDF5, of which only the name tells that it is Alembic.
    static func abc(_ content: Content) -> Evidence {
        if content.head.starts(with: "Ogawa".utf8) { return .certain }
        return content.head.starts(with: [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]) ? .possible : .none
    }

    /// A compressed file (gzip, from Blender 3.0 zstd) shows only that, so the name must say the rest.
    static func blend(_ content: Content) -> Evidence {
        let head = content.head
        if head.starts(with: "BLENDER".utf8), let next = head.dropFirst(7).first {
            return next == 0x2D || next == 0x5F || PlainText.isDigit(next) ? .certain : .none
        }
        return head.starts(with: [0x1F, 0x8B]) || head.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) ? .possible : .none
    }
}

extension [UInt8] {
    func little16(at offset: Int) -> Int? {
        guard offset >= 0, offset + 2 <= count else { return nil }
        return Int(self[offset]) | Int(self[offset + 1]) << 8
    }

    func little32(at offset: Int) -> Int64? {
        guard let low = little16(at: offset), let high = little16(at: offset + 2) else { return nil }
        return Int64(low | high << 16)
    }
}
