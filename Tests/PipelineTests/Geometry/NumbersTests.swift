import TestSupport
import Testing

@testable import Pipeline

/// What is done to numbers, for every kind of tool: one that keeps them, one that changes units itself, one that turns.
struct NumbersTests {
    private let metres = Frame(metresPerUnit: 1, up: .y)
    private let millimetres = Frame(metresPerUnit: 0.001, up: .z)
    private let centimetres = Frame(metresPerUnit: 0.01, up: .y)

    @Test func `a tool that keeps numbers is corrected from the source's frame`() {
        let change = change(Numbers(declared: millimetres, wanted: metres), keeper, .stl, .glb)
        #expect(change.normalisation == Normalisation(from: millimetres, to: metres))
        #expect(change.frame == metres)
    }

    @Test func `a tool that changes units itself is left alone`() {
        let change = change(Numbers(declared: centimetres, wanted: metres), changer, .fbx, .glb)
        #expect(change.normalisation.isIdentity && change.frame == metres)
    }

    @Test func `what the client says of the source counts though the tool believes the file`() {
        let inches = centimetres.overridden(unit: .inch, up: nil)
        let change = change(Numbers(declared: centimetres, meant: inches, wanted: metres), changer, .fbx, .glb)
        #expect(change.normalisation.scale.isClose(to: 2.54) && change.normalisation.turn == nil)
    }

    @Test func `an up axis that the client corrects is turned after the tool`() {
        let upright = centimetres.overridden(unit: nil, up: .z)
        let change = change(Numbers(declared: centimetres, meant: upright, wanted: metres), changer, .fbx, .glb)
        #expect(change.normalisation.turn == .zUpToYUp && change.normalisation.scale == 1)
    }

    @Test func `without a unit on either side numbers stay, and stay unknown`() {
        let change = change(Numbers(declared: .unknown, wanted: metres), keeper, .obj, .glb)
        #expect(change.normalisation.isIdentity && change.frame == .unknown)
    }

    @Test func `a unit that is asked for is applied where the source's is known`() {
        let meant = Frame.unknown.overridden(unit: .cm, up: nil)
        let change = change(Numbers(declared: .unknown, meant: meant, wanted: metres), keeper, .obj, .glb)
        #expect(change.normalisation.scale == 0.01 && change.frame.metresPerUnit == 1)
    }

    @Test func `a scale comes on top`() {
        let change = change(Numbers(declared: millimetres, wanted: millimetres, scale: 3), keeper, .stl, .stl)
        #expect(change.normalisation.scale == 3 && change.normalisation.turn == nil)
    }

    @Test func `what a tool turns without being told is turned back`() {
        let change = change(Numbers(declared: .unknown, wanted: .unknown), turner, .threeDS, .glb)
        #expect(change.normalisation.turn == .yUpToZUp && change.normalisation.scale == 1)
    }

    @Test func `what a tool turns is left where that is right`() {
        let meant = Frame.unknown.overridden(unit: nil, up: .z)
        let change = change(Numbers(declared: .unknown, meant: meant, wanted: metres), turner, .threeDS, .glb)
        #expect(change.normalisation.isIdentity)
    }

    private var keeper: Converter { converter() }
    private var changer: Converter { converter(hands: { _, _ in Frame(metresPerUnit: 1, up: .y) }) }
    private var turner: Converter { converter(turns: [.threeDS]) }

    private func converter(
        turns: Set<Format> = [], hands: @escaping @Sendable (Format, Format) -> Frame? = { _, _ in nil }
    ) -> Converter {
        let tool = Tool(name: "any", programs: [], limit: 1, versionArguments: nil, install: "")
        return Converter(name: "any", tool: tool, reads: [], writes: [], turns: turns, hands: hands) { _ in Command([])
        }
    }

    private func change(_ numbers: Numbers, _ converter: Converter, _ from: Format, _ to: Format) -> Numbers.Change {
        numbers.change(converter, from: from, to: to)
    }
}

extension Double {
    fileprivate func isClose(to other: Double) -> Bool { abs(self - other) <= 1e-12 * abs(other) }
}
