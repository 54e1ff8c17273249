import TestSupport
import Testing

@testable import Pipeline

/// Archives that want something else than to be unpacked.
struct ZipReaderRefusalTests {
    typealias Entry = ForgedZip.Entry

    @Test(arguments: [
        "", "/", "/etc/passwd", "..", "../a", "a/../b", "a/..", "./a", "a//b", "a\\b", "..\\a", "C:a", "C:\\a", "a\0b",
        "a\nb", "a\u{202E}b", "a\u{85}b", "1/2/3/4/5/6/7/8/9", String(repeating: "a", count: 256),
        String(repeating: "a/", count: 7) + String(repeating: "a", count: 2000), "//server/share", "a/",
    ])
    func `a name that could leave its folder, or that no file can have, is refused`(name: String) throws {
        let fault = try ZipAttempt.fault(of: ForgedZip(Entry(name)).bytes)
        #expect(fault != nil)
    }

    @Test func `a name that is not the UTF-8 it claims to be is refused`() throws {
        let entry = Entry("a").with { $0.name = [0x61, 0xFF] }
        guard case .refused = try ZipAttempt.fault(of: ForgedZip(entry).bytes) else {
            Issue.record("taken")
            return
        }
    }

    @Test(arguments: [
        ["a", "a"], ["a", "A"], ["a/B", "A/b"], ["größe", "GRÖSSE".lowercased().uppercased(), "GRÖßE"], ["a.", "a"],
        ["a ", "a"], ["a/b..", "a/b"], ["\u{E9}", "e\u{301}"], ["a", "a/b"], ["a/b", "A"], ["a/b/c", "a/b"],
    ])
    func `names that one system or another takes for the same are refused`(names: [String]) throws {
        var archive = ForgedZip()
        archive.entries = names.map { Entry($0) }
        guard case .refused(let sentence) = try ZipAttempt.fault(of: archive.bytes) else {
            Issue.record("taken")
            return
        }
        #expect(sentence.contains("zip archive"))
    }

    @Test(
        arguments: [0xA1FF_0000, 0x21FF_0000, 0x61FF_0000, 0x11FF_0000, 0xC1FF_0000, 0x41FF_0000, 0x0400] as [UInt32])
    func `links, devices, pipes and sockets are refused`(attributes: UInt32) throws {
        let entry = Entry("a").with { $0.attributes = attributes }
        guard case .refused(let sentence) = try ZipAttempt.fault(of: ForgedZip(entry).bytes) else {
            Issue.record("taken")
            return
        }
        #expect(sentence.contains("link"))
    }

    @Test(arguments: [0x0801, 0x0841, 0x2800] as [UInt16]) func `encrypted files are refused`(flags: UInt16) throws {
        let fault = try ZipAttempt.fault(of: ForgedZip(Entry("a").with { $0.flags = flags }).bytes)
        #expect(fault?.sentence == "\"a\" in the zip archive is encrypted.")
    }

    @Test(arguments: [1, 6, 9, 12, 14, 93, 99] as [UInt16]) func `other compressions are refused`(method: UInt16) throws
    {
        let fault = try ZipAttempt.fault(of: ForgedZip(Entry("a").with { $0.method = method }).bytes)
        #expect(fault?.sentence.contains("Use deflate") == true)
    }

    private static let contradictions: [(String, @Sendable (inout Entry) -> Void)] = [
        ("name", { $0.localName = Array("b".utf8) }), ("size", { $0.localSize = 4 }),
        ("size of what is stored", { $0.size = 4 }), ("checksum", { $0.checksum ^= 1 }),
        (
            "end",
            {
                $0.packedSize = 5000; $0.size = 5000
            }
        ), ("offset", { $0.offset = 1 }),
        ("far offset", { $0.offset = 0x7FFF_FFFF }), ("wide size without a field", { $0.size = .max }),
        ("compression", { $0.method = 8 }),
    ]

    @Test(arguments: contradictions.indices)
    func `a file whose records disagree, or with what is there, is refused`(index: Int) throws {
        let (name, change) = Self.contradictions[index]
        let archive = ForgedZip(Entry("a").with(change), Entry("c")).bytes
        #expect(try ZipAttempt.fault(of: archive) != nil, "\(name)")
    }

    private static let ends: [(String, @Sendable (inout ForgedZip) -> Void)] = [
        (
            "something in front",
            {
                $0.prefix = [1, 2, 3]; $0.entries[0].offset = 0
            }
        ), ("a trailer", { $0.trailer = [0] }),
        ("a gap", { $0.gap = [0] }), ("too many", { $0.count = 1 }), ("too few", { $0.count = 3 }),
        ("a wrong size", { $0.directorySize = 10 }), ("another disk", { $0.disk = 1 }),
        ("a second end in the comment", { $0.comment = ForgedZip().bytes }),
    ]

    @Test(arguments: ends.indices) func `an archive with a lie at its end is refused`(index: Int) throws {
        let (name, change) = Self.ends[index]
        var archive = ForgedZip(Entry("a"), Entry("b"))
        change(&archive)
        #expect(try ZipAttempt.fault(of: archive.bytes) != nil, "\(name)")
    }

    @Test func `two files over the same bytes are refused`() throws {
        let archive = ForgedZip(
            Entry("a"),
            Entry("b").with {
                $0.offset = 0; $0.localName = Array("a".utf8)
            })
        #expect(try ZipAttempt.fault(of: archive.bytes) != nil)
        let inner = ForgedZip.Entry("inner", Array(repeating: 7, count: 10))
        var outer = ForgedZip.Entry("outer", Array(ForgedZip(inner).bytes))
        outer.size = UInt32(outer.content.count)
        let nested = ForgedZip(outer, inner.with { $0.offset = 35 })
        guard case .refused(let sentence) = try ZipAttempt.fault(of: nested.bytes) else {
            Issue.record("taken")
            return
        }
        #expect(sentence.contains("share their bytes"))
    }
}

/// Archives that are too much.
struct ZipReaderCapTests {
    private let folder: ZipFolder

    init() throws { folder = try ZipFolder() }

    @Test func `what grows beyond measure is refused before it is unpacked`() throws {
        let bomb = try folder.archive([("bomb.obj", [UInt8](repeating: 0x20, count: 3_000_000))])
        guard case .tooLarge(let sentence) = try ZipAttempt.fault(of: bomb) else {
            Issue.record("taken")
            return
        }
        #expect(sentence.contains("200 times"))
    }

    @Test func `what grows as much but stays small is taken`() throws {
        let archive = try folder.archive([("flat.obj", [UInt8](repeating: 0x20, count: 1_000_000))])
        #expect(try ZipAttempt.fault(of: archive) == nil)
    }

    @Test func `too many files are refused, and as many as allowed are not`() throws {
        let files = (0..<11).map { (name: "\($0)", content: [UInt8]()) }
        var caps = ZipCaps()
        caps.entries = 10
        #expect(try ZipAttempt.fault(of: folder.archive(files), caps: caps) != nil)
        #expect(try ZipAttempt.fault(of: folder.archive(files.dropLast()), caps: caps) == nil)
    }

    @Test func `the sizes of all files together are limited`() throws {
        let files = [("a.png", [UInt8](repeating: 7, count: 600)), ("b.png", [UInt8](repeating: 7, count: 600))]
        var caps = ZipCaps()
        caps.bytes = 1199
        #expect(try ZipAttempt.fault(of: folder.archive(files), caps: caps) != nil)
        caps.bytes = 1200
        #expect(try ZipAttempt.fault(of: folder.archive(files), caps: caps) == nil)
    }

    @Test func `a file that holds more than it promised is refused while it is unpacked`() throws {
        var archive = try folder.archive([("a.obj", try ZipFolder.noise(5000))])
        let end = archive.count - 22
        let directory = archive.number(at: end + 16, 4)
        archive[directory + 24] = 0x10
        #expect(try ZipAttempt.fault(of: archive) != nil)
    }

    @Test func `wherever an archive is cut off, it is refused`() throws {
        let archive = try folder.archive([("a.obj", try ZipFolder.noise(300)), ("b.png", [1, 2, 3])])
        for length in 0..<archive.count {
            #expect(try ZipAttempt.fault(of: Array(archive.prefix(length))) != nil, "\(length)")
        }
    }

    @Test func `no damage to an archive stops the reader, or goes into its files unnoticed`() throws {
        var dice = SeededRandom(seed: 7)
        let files = [("a.obj", (0..<3000).map { UInt8($0 % 251) }), ("b/c.png", [1, 2, 3])]
        let sound = try folder.archive(files)
        for round in 0..<1500 {
            var bytes = sound
            for _ in 0..<Int.random(in: 1...3, using: &dice) {
                bytes[Int.random(in: 0..<bytes.count, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
            }
            // Times, versions and, with luck, names may change without harm; what a file holds may not.
            guard let read = try? ZipAttempt.contents(of: bytes) else { continue }
            #expect(Set(read.map(\.content)).isSubset(of: files.map(\.1)), "\(round)")
        }
    }
}
