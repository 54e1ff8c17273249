import FoundationEssentials
import Persistence
import TestSupport
import Testing

@testable import Pipeline

/// What the tools of this machine hand over, each by itself; tools that are not installed are left out.
@Suite(.enabled(if: Machine.hasSandbox, "\(Machine.withoutSandbox)"))
struct RealToolTests {
    /// A converter and a format that it reads.
    struct Reader: Sendable, CustomTestStringConvertible {
        let converter: Converter
        let format: Format
        let sample: [UInt8]

        var testDescription: String { "\(converter.name) \(format)" }
    }

    static let readers = Converter.all.filter { $0.name != "assimp" && RealTool.isInstalled($0) }.flatMap { converter in
        converter.reads.compactMap { format in
            Sample.of(format).map { Reader(converter: converter, format: format, sample: $0) }
        }
    }

    @Test(arguments: readers) func `a box arrives in the frame that is declared`(_ reader: Reader) async throws {
        try await withRealTool(reader.converter) { tool in
            for target in tool.converter.writes where isTried(reader, target) {
                let outcome = try await tool.run(reader.sample, reader.format, to: target)
                #expect(outcome.failure == nil, "to \(target): \(outcome.log.suffix(500))")
                guard outcome.failure == nil else { continue }
                #expect(Access.sizeOfFile(outcome.out) ?? 0 > 0, "to \(target): \(outcome.log.suffix(500))")
                guard let found = try await tool.extents(outcome, target) else { continue }
                let wanted = extents(of: reader, in: target)
                #expect(isClose(found, wanted), "to \(target): \(found) instead of \(wanted)")
            }
        }
    }

    /// Every pair with `KILN_SOAK=1`; else each source once and each target once. A solid is no drawing.
    private static let isSoak = ProcessInfo.processInfo.environment["KILN_SOAK"] == "1"

    private func isTried(_ reader: Reader, _ target: Format) -> Bool {
        let isFlat = [.scad, .csg].contains(reader.format) && [.dxf, .svg].contains(target)
        let isDue =
            Self.isSoak || reader.converter.selfTests.contains { $0.from == reader.format && $0.to == target }
        return isDue && !isFlat && !reader.converter.excludes(reader.format, target)
    }

    /// Of the sample, which is 10 × 20 × 30 mm with the 30 upwards; what our readers cannot read back comes by way of
    /// another format.
    private func extents(of reader: Reader, in target: Format) -> [Double] {
        let hands = reader.converter.hands
        let frame = hands(reader.format, target) ?? numbers(of: reader.format)
        let metres = frame.metresPerUnit ?? 0.001
        let found = (frame.up == .y ? [10, 30, 20] : [10, 20, 30]).map { $0 * 0.001 / metres }
        guard Reading.Kind(target) == nil else { return found }
        let mirror: Format = reader.converter.writes.contains(.glb) ? .glb : .stl
        guard let image = hands(target, mirror) else { return found }
        return Normalisation(from: .of(target), to: image).extents(found)
    }

    private func numbers(of format: Format) -> Frame {
        Frame.of(format) == .unknown ? Frame(metresPerUnit: 0.001, up: .z) : .of(format)
    }

    private func isClose(_ found: [Double], _ wanted: [Double]) -> Bool {
        found.count == wanted.count && zip(found, wanted).allSatisfy { abs($0 - $1) <= 1e-3 * $1 }
    }

    @Test(arguments: readers.filter { ![.scad, .csg, .png].contains($0.format) })
    func `rubbish fails with a reason`(_ reader: Reader) async throws {
        try await withRealTool(reader.converter) { tool in
            let target = try #require(tool.converter.writes.first { !tool.converter.excludes(reader.format, $0) })
            let outcome = try await tool.run(
                Array(reader.sample.prefix(reader.sample.count / 3)), reader.format, to: target)
            let isMissing = Access.sizeOfFile(outcome.out) == nil
            #expect(outcome.failure != nil || isMissing, "\(outcome.log.suffix(500))")
        }
    }

    @Test(arguments: Converter.all.filter { RealTool.isInstalled($0) && $0.tool.versionArguments != nil }.map(\.name))
    func `an installed tool tells its version`(_ name: String) async throws {
        let converter = try #require(Converter.all.first { $0.name == name })
        try await withRealTool(converter) { tool in
            #expect(tool.version != "unknown")
        }
    }
}
