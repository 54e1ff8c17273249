import Foundation
import Persistence
import TestSupport
import Testing

@testable import Pipeline

struct ReadingPicturesTests {
    @Test(arguments: [
        ("<path d='M 0 0'/><path d=' '/><g><line/><text>a</text></g>", 3), ("<rect width='100' height='50'/>", 0),
        ("<rect width='100%' height='100%'/><rect width='9' height='9'/>", 1), ("<defs><path d='M0 0'/></defs>", 0),
        ("<defs><g id='a'><line/></g></defs><use href='#a'/><polygon points=''/><title>t</title>", 1), ("", 0),
    ]) func `an SVG tells how much it draws`(content: String, entities: Int) throws {
        let doctype =
            #"<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">"#
        let text = #"\#(doctype)<svg viewBox="0 0 100 50">\#(content)</svg>"#
        #expect(try measured(text, as: .svg) == Geometry(entities: entities))
    }

    @Test(arguments: ["<html/>", "<svg>", "<svg><path></svg>", "<!DOCTYPE s [<!ENTITY a 'b'>]><svg/>"])
    func `what is no sound SVG is refused`(text: String) throws {
        #expect(try isInvalid(text, as: .svg))
    }

    /// Rows with their filters, as a PNG. `deflated` replaces them when it is given.
    private func png(
        _ rows: [[UInt8]], width: UInt32, bits: UInt8 = 8, colour: UInt8 = 2, height: UInt32? = nil
    ) throws -> [UInt8] {
        func big(_ value: UInt32) -> [UInt8] { Tetrahedron.little(value.byteSwapped) }
        func chunk(_ type: String, _ bytes: [UInt8]) -> [UInt8] {
            let body = Array(type.utf8) + bytes
            return big(UInt32(bytes.count)) + body + big(Samples.crc32(body))
        }
        let data = Array(rows.joined())
        // One stored block (RFC 1951, 3.2.4) in the wrapping of RFC 1950, with its sum.
        let (a, b) = data.reduce((UInt32(1), UInt32(0))) { sums, byte in
            let a = (sums.0 + UInt32(byte)) % 65521
            return (a, (sums.1 + a) % 65521)
        }
        let count = UInt16(data.count)
        let packed =
            [0x78, 0x01, 0x01] + Tetrahedron.little(count) + Tetrahedron.little(~count) + data + big(b << 16 | a)
        let header = big(width) + big(height ?? UInt32(rows.count)) + [bits, colour, 0, 0, 0]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
            + chunk("IDAT", Array(packed.prefix(9))) + chunk("IDAT", Array(packed.dropFirst(9))) + chunk("IEND", [])
    }

    @Test func `a PNG tells its size, and that it has more than one colour`() throws {
        let bytes = try png([[0, 1, 2, 3, 1, 2, 3], [0, 1, 2, 3, 1, 2, 4]], width: 2)
        #expect(try measured(bytes, as: .png) == Geometry(pixels: [2, 2]))
    }

    @Test func `a PNG of one colour is empty, whatever its filters`() throws {
        let rows: [[UInt8]] = [
            [1, 9, 8, 7, 0, 0, 0], [2, 0, 0, 0, 0, 0, 0], [3, 5, 4, 4, 0, 0, 0], [4, 0, 0, 0, 0, 0, 0],
            [0, 9, 8, 7, 9, 8, 7],
        ]
        #expect(try measured(png(rows, width: 2), as: .png) == Geometry(entities: 0, pixels: [2, 5]))
    }

    @Test func `pixels of less than a byte are looked at one by one`() throws {
        let plain = try png([[0, 0b0101_0101, 0b0111_1111]], width: 5, bits: 2, colour: 0)
        #expect(try measured(plain, as: .png)?.isEmpty == true)
        let other = try png([[0, 0b0101_0101, 0b1011_1111]], width: 5, bits: 2, colour: 0)
        #expect(try measured(other, as: .png)?.isEmpty == false)
    }

    @Test func `a damaged PNG is refused`() throws {
        let bytes = try png([[0, 1, 2, 3], [0, 1, 2, 4]], width: 1)
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] ^= 0x10
            #expect(throws: ReadError.self) { try measured(damaged, as: .png) }
        }
        for count in bytes.indices { #expect(try isInvalid(bytes.prefix(count), as: .png)) }
        #expect(try isInvalid(bytes + [0], as: .png))
        #expect(try isInvalid(png([[0, 1, 2, 3]], width: 1, height: 2), as: .png))
        #expect(try isInvalid(png([[0, 1, 2, 3], [0, 1, 2, 3]], width: 1, height: 1), as: .png))
    }

    private func pdf(_ content: String, page: String = "/Type /Page", more: String = "") -> String {
        """
        %PDF-1.4
        1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
        2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
        3 0 obj << \(page) /Parent 2 0 R /Contents [4 0 R] >> endobj
        4 0 obj << /Length \(content.utf8.count) >> stream
        \(content)
        endstream endobj
        \(more)
        trailer << /Root 1 0 R >>
        startxref
        9
        %%EOF
        """
    }

    @Test func `a PDF tells its pages, and whether they are blank`() throws {
        #expect(try measured(pdf("0 0 m 9 9 l S"), as: .pdf) == Geometry(pages: 1))
        #expect(try measured(pdf("q 1 0 0 1 0 0 cm Q"), as: .pdf) == Geometry(entities: 0, pages: 1))
        #expect(try measured(pdf("q Q", more: "5 0 obj << /Type/Page/Contents 4 0 R >> endobj"), as: .pdf)?.pages == 2)
        #expect(try measured(pdf("q Q", page: "/Type /Pagan"), as: .pdf)?.isEmpty == true)
        #expect(try measured(pdf("q Q", more: "6 0 obj << /Encrypt 7 0 R >> endobj"), as: .pdf) == Geometry(pages: 1))
    }

    @Test func `a PDF that is cut short is refused`() throws {
        #expect(try isInvalid(String(pdf("S").dropLast(8)), as: .pdf))
        #expect(try isInvalid("%PDF-1.4\n", as: .pdf))
        #expect(try isInvalid("PDF", as: .pdf))
    }
}
