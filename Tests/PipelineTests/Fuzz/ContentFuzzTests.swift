import Persistence
import TestSupport
import Testing

@testable import Pipeline

/// Everything that looks at an upload before a tool does.
struct ContentFuzzTests {
    @Test func `no damaged file stops recognition, the reference check or the checks of headers`() {
        let samples = FuzzSamples.all
        Fuzz("uploads", samples: samples.map(\.bytes), rounds: 400).run { bytes, index, _ in
            let content = Content(bytes), format = samples[index].format
            let start = ContinuousClock.now
            _ = recognise(content, filename: nil)
            _ = recognise(content, filename: "a.\(format)")
            _ = recognise(content, filename: "a.\(Format.all[index % Format.all.count])")
            // Whatever is found or thrown, it comes back.
            _ = try? References.list(in: content, of: format)
            _ = try? References.list(inMaterials: content)
            _ = try? Movement.isPresent(in: content, format)
            _ = try? Plausibility(content: content).check(format)
            #expect(start.duration(to: .now) < .seconds(30))
        }
    }
}
