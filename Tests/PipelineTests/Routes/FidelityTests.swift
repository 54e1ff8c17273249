import Persistence
import Testing

@testable import Pipeline

struct FidelityTests {
    @Test func `a faithful result has no warning`() {
        let source = Geometry(triangles: 1000, extents: [10, 20, 30], unit: 0.001, up: "z", materials: 2)
        let result = Geometry(triangles: 995, extents: [0.01, 0.03, 0.02], unit: 1, up: "y", materials: 2)
        #expect(warnings(source, result).isEmpty)
    }

    @Test(arguments: [
        (6, 0, "6 textures of the source are not in the result."),
        (1, 0, "1 texture of the source is not in the result."),
        (6, 5, "1 of 6 textures of the source is not in the result."),
        (6, 4, "2 of 6 textures of the source are not in the result."),
    ]) func `lost textures are counted`(before: Int, after: Int, sentence: String) {
        #expect(warnings(Geometry(textures: before), Geometry(textures: after)) == [sentence])
    }

    @Test func `another size by one factor is asked after`() {
        let warnings = warnings(
            Geometry(extents: [1, 2, 3], unit: 1, up: "y"), Geometry(extents: [100, 200, 300], unit: 1, up: "y"))
        #expect(warnings == ["Extents differ by factor 100: units?"])
    }

    @Test func `axes that were turned without reason are told`() {
        let warnings = warnings(Geometry(extents: [1, 2, 3]), Geometry(extents: [1, 3, 2]))
        #expect(warnings == ["Extents differ from the source's: 1 × 3 × 2 instead of 1 × 2 × 3."])
    }

    @Test func `a scale that was asked for is no difference`() {
        var options = ConversionOptions()
        options.scale = 2
        let fidelity = Fidelity(
            source: Geometry(extents: [1, 2, 3]), result: Geometry(extents: [2, 4, 6]), options: options)
        #expect(fidelity.warnings.isEmpty)
    }

    @Test func `what is not known is not compared`() {
        #expect(warnings(nil, Geometry(triangles: 1)).isEmpty)
        #expect(warnings(Geometry(triangles: 5, textures: nil), Geometry(triangles: nil, textures: 0)).isEmpty)
    }

    @Test func `triangles that went or came are told`() {
        #expect(
            warnings(Geometry(triangles: 1368), Geometry(triangles: 1312)) == [
                "The result has 1312 triangles, the source 1368."
            ])
    }

    private func warnings(_ source: Geometry?, _ result: Geometry?) -> [String] {
        Fidelity(source: source, result: result, options: ConversionOptions()).warnings
    }
}
