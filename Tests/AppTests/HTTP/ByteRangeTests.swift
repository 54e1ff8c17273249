import Testing

@testable import App

struct ByteRangeTests {
    @Test(arguments: [
        ("bytes=0-0", ByteRange.part(0...0)), ("bytes=0-99", .part(0...99)), ("bytes=10-19", .part(10...19)),
        ("bytes=10-", .part(10...99)), ("bytes=0-", .part(0...99)), ("bytes=99-", .part(99...99)),
        ("bytes=-1", .part(99...99)), ("bytes=-100", .part(0...99)), ("bytes=-5000", .part(0...99)),
        ("bytes=90-5000", .part(90...99)), ("bytes=0-99999999999999999999999", .part(0...99)),
        ("BYTES=1-2", .part(1...2)), ("bytes= 1-2 ,", .part(1...2)),
    ])
    func `a range that touches the file is served, cut to its end`(field: String, expected: ByteRange) {
        #expect(ByteRange(field, size: 100) == expected)
    }

    @Test(arguments: ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=99999999999999999999-"])
    func `a range beyond the end is unsatisfiable`(field: String) {
        #expect(ByteRange(field, size: 100) == .unsatisfiable)
    }

    @Test(arguments: [
        "", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=1", "bytes=5-4", "bytes=-5-", "bytes=+1-2", "bytes=1-2-3",
        "bytes=0x1-2", "bytes=1 - 2", "lines=1-2", "bytes=0-1,5-6", "bytes=٣-٤",
    ])
    func `what is malformed, not in bytes, or several ranges is ignored`(field: String) {
        #expect(ByteRange(field, size: 100) == .whole)
    }

    @Test func `no field means the whole file`() {
        #expect(ByteRange(nil, size: 100) == .whole)
    }

    @Test func `an empty file has no first byte, but is its own suffix`() {
        #expect(ByteRange("bytes=0-", size: 0) == .unsatisfiable)
        #expect(ByteRange("bytes=-5", size: 0) == .whole)
    }
}
