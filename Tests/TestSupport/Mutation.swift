/// Damage as fuzzers do it: to bits, bytes, numbers, lengths and order.
extension SeededRandom {
    /// A copy of `bytes` with one to eight wounds, some of them made of pieces of the other samples.
    package mutating func damaged(_ bytes: [UInt8], among samples: [[UInt8]]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...8, using: &self) { wound(&bytes, samples) }
        return bytes
    }

    private mutating func wound(_ bytes: inout [UInt8], _ samples: [[UInt8]]) {
        guard let place = bytes.indices.randomElement(using: &self) else { return }
        let end = min(bytes.count, place + (1 << Int.random(in: 0...8, using: &self)))
        switch Int.random(in: 0..<12, using: &self) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &self)
        case 1: bytes[place] = UInt8.random(in: 0...255, using: &self)
        case 2: bytes.removeSubrange(place..<end)
        case 3: bytes.insert(contentsOf: bytes[place..<end], at: bytes.indices.randomElement(using: &self) ?? 0)
        case 4: repeated(&bytes, place..<end)
        case 5: bytes.removeSubrange((Bool.random(using: &self) ? end : place)...)
        case 6, 7: measure(&bytes, at: place)
        case 8, 9: number(&bytes, near: place)
        case 10: splice(&bytes, at: place, samples)
        default: bytes.insert(contentsOf: word(), at: place)
        }
    }

    private mutating func repeated(_ bytes: inout [UInt8], _ range: Range<Int>) {
        let piece = Array(bytes[range])
        let times = min(1 << Int.random(in: 1...12, using: &self), (64 << 10) / piece.count)
        bytes.insert(contentsOf: repeatElement(piece, count: times).joined(), at: range.lowerBound)
    }

    /// Puts a length or a count of 1, 2, 4 or 8 bytes that is at the edge of something.
    private mutating func measure(_ bytes: inout [UInt8], at place: Int) {
        let width = 1 << Int.random(in: 0...3, using: &self)
        let edges: [UInt64] = [
            0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, .max >> 1, .max,
            UInt64(bytes.count), UInt64(bytes.count) &- 1, UInt64(place),
        ]
        let value = (edges.randomElement(using: &self) ?? 0) &+ UInt64.random(in: 0...2, using: &self) &- 1
        let little = (0..<width).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
        let range = place..<min(bytes.count, place + width)
        bytes.replaceSubrange(range, with: (Bool.random(using: &self) ? little : little.reversed()).prefix(range.count))
    }

    /// Replaces the next number in text.
    private mutating func number(_ bytes: inout [UInt8], near place: Int) {
        guard let start = bytes[place...].firstIndex(where: { (0x30...0x39).contains($0) }) else { return }
        let end = bytes[start...].firstIndex { !(0x30...0x39).contains($0) } ?? bytes.endIndex
        let numbers = [
            "0", "-1", "1", "255", "65536", "4294967295", "4294967296", "9223372036854775807", "99999999999999999999",
            "1e308", "1e999", "-1e-999", "nan", "inf", "0.1", "1099511627776", "00000000000000000001", "",
        ]
        bytes.replaceSubrange(start..<end, with: (numbers.randomElement(using: &self) ?? "0").utf8)
    }

    private mutating func splice(_ bytes: inout [UInt8], at place: Int, _ samples: [[UInt8]]) {
        guard let other = samples.randomElement(using: &self), let start = other.indices.randomElement(using: &self)
        else { return }
        let piece = other[start...].prefix(1 << Int.random(in: 0...12, using: &self))
        if Bool.random(using: &self) {
            bytes.insert(contentsOf: piece, at: place)
        } else {
            bytes.replaceSubrange(place..., with: piece)
        }
    }

    /// What means something to one format or another.
    private mutating func word() -> [UInt8] {
        let words = [
            "\r\n", "\n", "\0", "\"", "'", "\\", "\\u", "\\ud800", "<", "</", "<!--", "]]>", "<!DOCTYPE a [", "&#x",
            "{", "}",
            "[", "]", ",", ":", "--", "../", "/etc/passwd", "%2e%2e%2f", "data:,", "PK\u{1}\u{2}", "PK\u{3}\u{4}",
            "PK\u{5}\u{6}", "PK\u{6}\u{6}", "f -1/-1/-1 ", "v nan inf 1e999", "end_header\n",
            "property list int int x\n",
            "element face 1\n", "solid", "endfacet", "\u{FEFF}", "#", "\u{202E}", "OFF BINARY\n",
        ]
        return Array((words.randomElement(using: &self) ?? "").utf8)
    }
}
