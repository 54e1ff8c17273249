import Persistence
import TestSupport
import Testing

@testable import Pipeline

/// The readers that measure models, and what rewrites them.
struct GeometryFuzzTests {
    private static let caps = ReadCaps(bytes: 64 << 20, elements: 20_000_000, time: .seconds(10))

    @Test func `no damaged model stops the geometry readers, or makes them wait beyond their time`() throws {
        let samples = FuzzSamples.all.filter { Reading.Kind($0.format) != nil }
        let folder = try ModelFolder()
        try Fuzz("geometry", samples: samples.map(\.bytes), rounds: 600).run { bytes, index, _ in
            let format = samples[index].format
            guard let kind = Reading.Kind(format) else { return }
            let path = try folder.write(bytes, as: "model")
            let start = ContinuousClock.now
            do throws(ReadError) {
                let geometry = try Reading.measure(path, format: kind, caps: Self.caps)
                #expect(geometry?.extents?.allSatisfy { $0.isFinite && $0 >= 0 } ?? true)
                if Normalisation.isPossible(in: format) {
                    try Normalisation.millimetresZUpToMetresYUp.apply(to: path, format: kind)
                    _ = try Reading.measure(path, format: kind, caps: Self.caps)
                }
            } catch {
                // Refused, which is as good as read.
            }
            #expect(start.duration(to: .now) < .seconds(40))
        }
        #expect(try folder.names() == ["model"])
    }
}
