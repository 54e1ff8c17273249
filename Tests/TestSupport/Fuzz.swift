import Glibc

/// A fuzz target: code that must come back from whatever bytes it is given.
///
/// In the short form it is fed some hundred damaged samples, the same in every run. With `KILN_SOAK=1` it is fed for a
/// minute (`KILN_FUZZ_SECONDS`), from a fresh seed that is told on standard error, because a crash takes the test with
/// it; `KILN_FUZZ_SEED` runs it again.
package struct Fuzz {
    private let name: String
    private let samples: [[UInt8]]
    private let rounds: Int

    /// - Parameter rounds: of the short form.
    package init(_ name: String, samples: [[UInt8]], rounds: Int) {
        (self.name, self.samples, self.rounds) = (name, samples, rounds)
    }

    /// `target` gets damaged bytes, the index of the sample they were, and the dice for its own choices.
    package func run(_ target: ([UInt8], Int, inout SeededRandom) throws -> Void) rethrows {
        guard Self.setting("KILN_SOAK") == 1 else { return try feed(rounds, seed: 1, target) }
        var seed = Self.setting("KILN_FUZZ_SEED") ?? UInt64.random(in: 0...UInt64(UInt32.max))
        let line = Array("fuzzing \(name) with KILN_FUZZ_SEED=\(seed)\n".utf8)
        _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        let end = ContinuousClock.now.advanced(by: .seconds(Self.setting("KILN_FUZZ_SECONDS") ?? 60))
        while ContinuousClock.now < end {
            try feed(rounds, seed: seed, target)
            seed &+= 1
        }
    }

    private func feed(
        _ rounds: Int, seed: UInt64, _ target: ([UInt8], Int, inout SeededRandom) throws -> Void
    ) rethrows {
        var dice = SeededRandom(seed: seed)
        for round in 0..<rounds {
            let sample = round % samples.count
            let bytes = dice.damaged(samples[sample], among: samples)
            try target(bytes, sample, &dice)
        }
    }

    private static func setting(_ name: String) -> UInt64? { getenv(name).flatMap { UInt64(String(cString: $0)) } }
}
