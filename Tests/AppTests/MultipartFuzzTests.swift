import NIOCore
import TestSupport
import Testing

@testable import App

/// The parser of forms.
struct MultipartFuzzTests {
    private static let samples: [[UInt8]] = [
        MultipartBody(parts: [
            .init(head: .file("box.stl"), content: [1, 2, 3]),
            .init(head: .field("format"), content: Array("glb".utf8)),
        ]).bytes,
        MultipartBody(parts: (1...20).map { .init(head: .field("tag\($0)"), content: []) }).bytes,
        MultipartBody(parts: [
            .init(
                head: .file("a \"b\".obj"),
                content: Array("\r\n--sampl\r\n--sample".utf8.dropLast()) + [13, 10, 45, 45])
        ]).bytes,
        Array(
            "pre\r\n--sample \t\r\nContent-Disposition: form-data;\r\n name=file; filename*=UTF-8''a%20b\r\n\r\nx\r\n--sample--end"
                .utf8),
    ]

    @Test func `a damaged form is read or refused, the same in pieces of any size`() {
        Fuzz("multipart", samples: Self.samples, rounds: 600).run { bytes, _, dice in
            let limits = MultipartLimits(header: 512, parts: 30)
            let whole = Result { () throws(MultipartError) in try MultipartBody.read(bytes, limits: limits) }
            let size = Int.random(in: 1...max(1, bytes.count), using: &dice)
            let pieces = Result { () throws(MultipartError) in
                try MultipartBody.read(bytes, limits: limits, inPiecesOf: size)
            }
            if case .success(let parts) = whole { #expect((try? pieces.get()) == parts) }
            if case .success = pieces { #expect((try? whole.get()) != nil) }
        }
    }
}
