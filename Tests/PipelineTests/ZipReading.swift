import Glibc
import Testing

@testable import Pipeline

/// What the central directory of an archive says of one file (APPNOTE 4.3.12), read without our writer's code.
struct ZipListing: Equatable {
    var name: String
    var flags, method: Int
    var modified: UInt32
    var checksum: UInt32
    var compressedSize, size, offset: Int

    /// All files of an archive; its ends, ZIP64 or not, must agree with what is there.
    static func read(_ archive: [UInt8]) throws -> [ZipListing] {
        let end = archive.count - 22
        try #require(end >= 0 && archive.number(at: end, 4) == 0x0605_4B50)
        var (count, size, start) = (
            archive.number(at: end + 10, 2), archive.number(at: end + 12, 4), archive.number(at: end + 16, 4)
        )
        if count == 0xFFFF {
            try #require(archive.number(at: end - 20, 4) == 0x0706_4B50)
            let large = archive.number(at: end - 12, 8)
            try #require(archive.number(at: large, 4) == 0x0606_4B50 && large == end - 76)
            count = archive.number(at: large + 32, 8)
            size = archive.number(at: large + 40, 8)
            start = archive.number(at: large + 48, 8)
            try #require(start + size == large)
        } else {
            try #require(start + size == end)
        }
        var position = start
        let listings = try (0..<count).map { _ in try ZipListing(archive, at: &position) }
        try #require(position == start + size)
        return listings
    }

    private init(_ archive: [UInt8], at position: inout Int) throws {
        try #require(archive.number(at: position, 4) == 0x0201_4B50)
        let fields = position
        func field(_ offset: Int, _ width: Int) -> Int { archive.number(at: fields + offset, width) }
        name = String(decoding: archive[(position + 46)...].prefix(field(28, 2)), as: UTF8.self)
        (flags, method) = (field(8, 2), field(10, 2))
        (modified, checksum) = (UInt32(field(12, 4)), UInt32(field(16, 4)))
        var extra = position + 46 + field(28, 2) + 4
        func wide(_ offset: Int) -> Int {
            guard field(offset, 4) == 0xFFFF_FFFF else { return field(offset, 4) }
            defer { extra += 8 }
            return archive.number(at: extra, 8)
        }
        size = wide(24)
        compressedSize = wide(20)
        offset = wide(42)
        position += 46 + field(28, 2) + field(30, 2)
    }
}

extension [UInt8] {
    /// A little-endian number of `width` bytes.
    func number(at offset: Int, _ width: Int) -> Int {
        self[offset..<offset + width].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// CRC-32 as its definition reads, bit by bit.
    var slowChecksum: UInt32 {
        ~reduce(UInt32.max) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
    }
}
