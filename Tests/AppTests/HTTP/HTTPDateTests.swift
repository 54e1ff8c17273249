import Testing

@testable import App

struct HTTPDateTests {
    @Test(arguments: ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"])
    func `all three forms are read`(text: String) {
        #expect(HTTPDate(text)?.seconds == 784_111_777)
    }

    @Test(arguments: [Int64(0), 784_111_777, 951_782_400, 1_798_761_599, 4_102_444_800])
    func `what is written is read back`(seconds: Int64) {
        #expect(HTTPDate(HTTPDate(seconds: seconds).description)?.seconds == seconds)
    }

    @Test func `the preferred form is written`() {
        #expect(HTTPDate(seconds: 784_111_777).description == "Sun, 06 Nov 1994 08:49:37 GMT")
    }

    @Test(arguments: [
        "", "now", "Sun, 06 Nov 1994", "Sun, 99 Nov 1994 08:49:37 GMT", "Sun, 06 Nix 1994 08:49:37 GMT",
        "Sun, 06 11 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
    ])
    func `what is no date is none`(text: String) {
        #expect(HTTPDate(text) == nil)
    }
}
