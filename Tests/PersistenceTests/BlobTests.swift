import Persistence
import SystemPackage
import TestSupport
import Testing

struct BlobTests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func `a committed blob has the size and SHA-256 of its bytes`(text: String, sha256: String) async throws {
        try await withTemporaryStore { store in
            let job = Job.ID()

            let blob = try await store.keep(text, for: job, as: .source(of: job))

            #expect(blob.key == .source(of: job))
            #expect(blob.size == Int64(text.utf8.count))
            #expect(blob.sha256 == sha256)
            #expect(try await store.blobs.open(blob.key).readAll() == Array(text.utf8))
        }
    }

    @Test func `three megabytes in odd pieces arrive as they were sent`() async throws {
        try await withTemporaryStore { store in
            let bytes = (0..<3 * 1024 * 1024 + 7).map { UInt8(truncatingIfNeeded: $0 &* $0 &+ $0 / 251) }
            let job = Job.ID()
            let staged = store.blobs.stage(for: job)
            var (place, piece) = (0, 1)
            while place < bytes.count {
                let end = min(place + piece, bytes.count)
                let isFull = bytes[place..<end].withUnsafeBytes { staged.take($0) }
                if isFull { try await staged.drain() }
                (place, piece) = (end, piece * 3 % 65_521 + 1)
            }

            let blob = try await staged.commit(as: .source(of: job))

            #expect(blob.size == Int64(bytes.count))
            #expect(blob.sha256 == "241a360ffd236d2e8c58f32ae59a28d8069506b4077a621a9a212c2f50f457ab")
            #expect(try await store.blobs.open(blob.key).readAll() == bytes)
        }
    }

    @Test func `staged bytes are under no key until they are committed`() async throws {
        try await withTemporaryStore { store in
            let job = Job.ID()
            let staged = store.blobs.stage(for: job)
            _ = "o box\n".utf8.withContiguousStorageIfAvailable { staged.take(UnsafeRawBufferPointer($0)) }
            try await staged.drain()
            await #expect(throws: SystemError.self) { try await store.blobs.open(.source(of: job)) }

            _ = try await staged.commit(as: .source(of: job))

            _ = try await store.blobs.open(.source(of: job))
            #expect(try Directory.names(in: store.folder.staging).isEmpty)
        }
    }

    @Test func `a staged file can be looked at before it is committed`() async throws {
        try await withTemporaryStore { store in
            let staged = store.blobs.stage(for: Job.ID())
            _ = [UInt8](repeating: 7, count: 100).withUnsafeBytes { staged.take($0) }

            let file = try await staged.file()
            #expect(try bytes(of: file) == [UInt8](repeating: 7, count: 100))
        }
    }

    @Test func `an upload that is given up takes its bytes with it`() async throws {
        try await withTemporaryStore { store in
            do {
                let staged = store.blobs.stage(for: Job.ID())
                _ = [7].withUnsafeBytes { staged.take($0) }
                try await staged.drain()
                #expect(try Directory.names(in: store.folder.staging).count == 1)
            }

            // A thread that worked for it may let go of it a moment later.
            try await eventually { try Directory.names(in: store.folder.staging).isEmpty }
        }
    }

    @Test func `a committed blob outlives its upload`() async throws {
        try await withTemporaryStore { store in
            let job = Job.ID()
            do {
                let staged = store.blobs.stage(for: job)
                _ = [7].withUnsafeBytes { staged.take($0) }
                _ = try await staged.commit(as: .source(of: job))
            }

            #expect(try await store.blobs.open(.source(of: job)).size == 8)
        }
    }

    @Test func `a finished file is taken over with its size and SHA-256`() async throws {
        try await withTemporaryStore { store in
            let file = store.folder.work.appending("made")
            try write("abc", to: file)

            let blob = try store.blobs.adopt(file, as: .output(of: Job.ID(), attempt: 1))

            #expect(blob.size == 3)
            #expect(blob.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
            #expect(try await store.blobs.open(blob.key).readAll() == Array("abc".utf8))
            #expect(try Directory.names(in: store.folder.work).isEmpty)
        }
    }

    @Test func `a link is not taken over, wherever it leads`() async throws {
        try await withTemporaryStore { store in
            let link = store.folder.work.appending("made")
            try await shell("ln -s /etc/passwd '\(link)'")

            #expect(throws: SystemError.self) {
                try store.blobs.adopt(link, as: .output(of: Job.ID(), attempt: 1))
            }
        }
    }

    @Test func `discarded bytes are gone, and discarding them again is fine`() async throws {
        try await withTemporaryStore { store in
            let job = Job.ID()
            let blob = try await store.keep("abc", for: job, as: .source(of: job))

            try await store.blobs.discard(blob.key)
            try await store.blobs.discard(blob.key)

            await #expect(throws: SystemError.self) { try await store.blobs.open(blob.key) }
        }
    }

    @Test func `a reader reads on after the bytes were discarded`() async throws {
        try await withTemporaryStore { store in
            let job = Job.ID()
            let blob = try await store.keep("abc", for: job, as: .source(of: job))
            let reader = try await store.blobs.open(blob.key)

            try await store.blobs.discard(blob.key)

            #expect(try reader.readAll() == Array("abc".utf8))
        }
    }

    @Test func `a reader reads from any place to the end and no further`() async throws {
        try await withTemporaryStore { store in
            let job = Job.ID()
            let reader = try await store.blobs.open(store.keep("abcdef", for: job, as: .source(of: job)).key)

            #expect(try read(reader, 4, at: 1) == "bcde")
            #expect(try read(reader, 4, at: 4) == "ef")
            #expect(try read(reader, 4, at: 6) == "")
        }
    }

    private func read(_ reader: BlobReader, _ count: Int, at offset: Int64) throws -> String {
        var bytes = [UInt8](repeating: 0, count: count)
        let read = try bytes.withUnsafeMutableBytes { try reader.read(into: $0, at: offset) }
        return String(decoding: bytes[..<read], as: UTF8.self)
    }
}
