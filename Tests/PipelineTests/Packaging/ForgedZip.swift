import SystemPackage
import TestSupport

@testable import Pipeline

/// An archive of stored files written by hand, in which every field can lie.
struct ForgedZip {
    struct Entry {
        var name: [UInt8]
        var content: [UInt8]
        /// What the central directory says of the content.
        var size: UInt32
        var packedSize: UInt32
        var checksum: UInt32
        var flags: UInt16 = 0x0800
        var method: UInt16 = 0
        var attributes: UInt32 = 0
        /// What the local header says; nil: the same.
        var localName: [UInt8]?
        var localSize: UInt32?
        /// Nil: where it is.
        var offset: UInt32?

        init(_ name: String, _ content: [UInt8] = Array("solid".utf8)) {
            self.name = Array(name.utf8)
            self.content = content
            size = UInt32(content.count)
            packedSize = size
            checksum = Samples.crc32(content)
        }

        /// With changes.
        func with(_ change: (inout Entry) -> Void) -> Entry {
            var copy = self
            change(&copy)
            return copy
        }
    }

    var entries: [Entry]
    var prefix: [UInt8] = []
    var comment: [UInt8] = []
    var trailer: [UInt8] = []
    /// Between the list of files and the end record.
    var gap: [UInt8] = []
    var count: UInt16?
    var directorySize: UInt32?
    var disk: UInt16 = 0

    init(_ entries: Entry...) { self.entries = entries }

    var bytes: [UInt8] {
        var archive = prefix
        var directory: [UInt8] = []
        for entry in entries {
            let offset = entry.offset ?? UInt32(archive.count)
            archive += Self.local(entry)
            directory += Self.central(entry, at: offset)
        }
        let start = UInt32(archive.count), count = count ?? UInt16(entries.count)
        var end: [UInt8] = []
        end.put(0x0605_4B50 as UInt32)
        for field in [disk, disk, count, count] { end.put(field) }
        end.put(directorySize ?? UInt32(directory.count))
        end.put(start)
        end.put(UInt16(comment.count))
        return archive + directory + gap + end + comment + trailer
    }

    private static func local(_ entry: Entry) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.put(0x0403_4B50 as UInt32)
        bytes.put(20 as UInt16)
        putCommon(entry, size: entry.localSize ?? entry.size, into: &bytes)
        let name = entry.localName ?? entry.name
        bytes.put(UInt16(name.count))
        bytes.put(0 as UInt16)
        return bytes + name + entry.content
    }

    private static func central(_ entry: Entry, at offset: UInt32) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.put(0x0201_4B50 as UInt32)
        bytes.put(0x0314 as UInt16)
        bytes.put(20 as UInt16)
        putCommon(entry, size: entry.size, into: &bytes)
        bytes.put(UInt16(entry.name.count))
        for _ in 1...4 { bytes.put(0 as UInt16) }
        bytes.put(entry.attributes)
        bytes.put(offset)
        return bytes + entry.name
    }

    private static func putCommon(_ entry: Entry, size: UInt32, into bytes: inout [UInt8]) {
        bytes.put(entry.flags)
        bytes.put(entry.method)
        bytes.put(0x0021_0000 as UInt32)
        bytes.put(entry.checksum)
        bytes.put(entry.packedSize)
        bytes.put(size)
    }
}

/// What comes of reading an archive to its end.
enum ZipAttempt {
    /// The files by name; throws `ZipFault`.
    static func contents(of archive: [UInt8], caps: ZipCaps = ZipCaps()) throws -> [(name: String, content: [UInt8])] {
        let folder = try ZipFolder()
        let path = try folder.file("archive", archive)
        let reader = try ZipReader(FilePath(path), caps: caps)
        return try reader.members.map { ($0.name, try reader.read($0, limit: 1 << 24)) }
    }

    static func fault(of archive: [UInt8], caps: ZipCaps = ZipCaps()) throws -> ZipFault? {
        do {
            _ = try contents(of: archive, caps: caps)
            return nil
        } catch let fault as ZipFault {
            return fault
        }
    }
}
