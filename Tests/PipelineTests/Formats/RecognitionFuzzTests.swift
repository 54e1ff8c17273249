import Pipeline
import TestSupport
import Testing

struct RecognitionFuzzTests {
    @Test func `no broken file stops recognition or the reference check`() {
        var dice = SeededRandom(seed: 1)
        let small = RecognitionTests.samples.map { $0.1 }.filter { $0.count < 10_000 }
        for round in 0..<2000 {
            var bytes = small[round % small.count]
            for _ in 0..<Int.random(in: 1...8, using: &dice) { dice.damage(&bytes) }
            survive(bytes, round)
        }
    }

    @Test func `no random bytes stop recognition or the reference check`() {
        var dice = SeededRandom(seed: 2)
        for round in 0..<2000 {
            let noise = (0..<Int.random(in: 0...400, using: &dice)).map { _ in UInt8.random(in: 0...255, using: &dice) }
            let (_, opening) = RecognitionTests.openings[round % RecognitionTests.openings.count]
            survive(round % 2 == 0 ? noise : Array(opening.utf8) + noise, round)
        }
    }

    @Test func `random bytes are never taken for a model`() {
        var dice = SeededRandom(seed: 3)
        for _ in 0..<500 {
            let noise = (0..<Int.random(in: 200...2000, using: &dice)).map { _ in
                UInt8.random(in: 0...255, using: &dice)
            }
            for name in ["a.stl", "a.obj", "a.scad", nil] {
                if case .recognised(let format) = recognise(Content(noise), filename: name) {
                    Issue.record("\(format)")
                }
            }
        }
    }

    /// Without a name every detector runs.
    private func survive(_ bytes: [UInt8], _ round: Int) {
        let content = Content(bytes)
        _ = recognise(content, filename: nil)
        _ = recognise(content, filename: "a.\(Format.all[round % Format.all.count])")
        for format in [Format.gltf, .glb, .obj, .dae, .scad] {
            // Whatever is found or thrown, it comes back.
            _ = try? References.list(in: content, of: format)
        }
    }
}

extension SeededRandom {
    /// Changes, drops, repeats or cuts off bytes.
    fileprivate mutating func damage(_ bytes: inout [UInt8]) {
        guard let place = bytes.indices.randomElement(using: &self) else { return }
        switch Int.random(in: 0..<6, using: &self) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &self)
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &self)
        case 2: bytes.remove(at: place)
        case 3: bytes.insert(contentsOf: bytes[place...].prefix(40), at: place)
        case 4: bytes.removeSubrange(place...)
        default: bytes.replaceSubrange(place..<min(place + 4, bytes.count), with: [0xFF, 0xFF, 0xFF, 0xFF])
        }
    }
}
