import Persistence
import TestSupport
import Testing

@testable import Pipeline

/// Plans with options, over tools that are only described.
struct PlanTests {
    private static let forge = FakeTool(
        "forge", reads: [.obj, .glb, .fbx], writes: [.glb, .stl, .obj], honours: [.binary: [.stl]], does: .doesNothing)
    private static let press = FakeTool(
        "press", reads: [.obj, .glb, .stl], writes: [.glb, .stl], does: .doesNothing)
    private static let packer = FakeTool(
        "packer", reads: [.glb], writes: [.glb], serves: .compress(.meshopt), does: .doesNothing)
    private static let mender = FakeTool(
        "mender", reads: [.stl], writes: [.stl], serves: .repair, does: .doesNothing)
    private static let smith = FakeTool(
        "smith", reads: [.step], writes: [.glb, .stl], honours: [.tolerance: [.glb, .stl]], does: .doesNothing)
    private static let tools = [forge, press, packer, mender, smith]
    private let planner = Planner(tools.map(\.converter))

    @Test func `a step goes to those who do what the options ask`() throws {
        #expect(try ways(.obj, .stl) == ["obj stl forge press"])
        #expect(try ways(.obj, .stl) { $0.binary = true } == ["obj stl forge"])
    }

    @Test func `compression is an extra step at the end`() throws {
        #expect(try ways(.obj, .glb) { $0.compress = .meshopt } == ["obj glb forge press", "glb glb packer"])
        #expect(try ways(.glb, .glb) { $0.compress = .meshopt } == ["glb glb packer"])
    }

    @Test func `a repair comes after the conversion where it can, and before where it must`() throws {
        #expect(try ways(.obj, .stl) { $0.repair = true } == ["obj stl forge press", "stl stl mender"])
        #expect(try ways(.stl, .glb) { $0.repair = true } == ["stl stl mender", "stl glb press"])
        #expect(try ways(.stl, .stl) { $0.repair = true } == ["stl stl mender"])
    }

    @Test func `a file that is only mended can have another unit too`() throws {
        let way = try ways(.stl, .stl) { options in
            options.repair = true
            options.targetUnit = .inch
        }
        #expect(way == ["stl stl mender"])
    }

    @Test(arguments: [
        (Format.obj, Format.stl, #"{"compress": "meshopt"}"#, "compress"),
        (.obj, .glb, #"{"compress": "draco"}"#, "compress"),
        (.obj, .glb, #"{"repair": true}"#, "repair"), (.obj, .glb, #"{"tolerance": 0.01}"#, "tolerance"),
        (.obj, .stl, #"{"parameters": {"w": 1}}"#, "parameters"),
        (.glb, .stl, #"{"embedTextures": true}"#, "embedTextures"),
    ]) func `an option that means nothing on the way is refused`(from: Format, to: Format, json: String, name: String)
        throws
    {
        let options = try ConversionOptions(json: Array(json.utf8))
        let refusal = #expect(throws: Refusal.self) {
            try planner.plan(PlanRequest(from: from, to: to, options: options))
        }
        #expect(refusal?.kind == .invalidOption && refusal?.pointer == "/options/\(name)")
    }

    @Test func `the options that mean something are those that a plan takes`() {
        #expect(planner.options(from: .step, to: .glb).contains(.tolerance))
        #expect(!planner.options(from: .obj, to: .glb).contains(.tolerance))
        #expect(planner.options(from: .obj, to: .glb).contains(.compress))
        #expect(
            planner.options(from: .obj, to: .stl) == [
                .sourceUnit, .sourceUp, .targetUnit, .targetUp, .scale, .binary, .repair,
            ])
    }

    @Test func `what the target has no place for is told`() throws {
        #expect(try plan(.step, .stl).losses == [.materials, .exactSurfaces])
        #expect(try plan(.fbx, .glb).losses == [])
        #expect(try plan(.glb, .stl).losses == [.materials, .textures, .animations])
    }

    @Test func `an impossible target is refused with those that are possible`() {
        let refusal = #expect(throws: Refusal.self) { try plan(.step, .fbx) }
        #expect(refusal?.kind == .noRoute && refusal?.sentence.contains("stl, glb") == true)
    }

    @Test func `what was seen to fail is not offered`() throws {
        var trust = Trust()
        trust.note(.failed("It crashed."), "forge", .writing, .stl)
        trust.note(.failed("It crashed."), "smith", .reading, .step)
        let planner = Planner(Self.tools.map(\.converter), trust: trust)
        #expect(planner.route(from: .obj, to: .stl)?.map(\.converters) == [["press"]])
        #expect(planner.targets(of: .step).isEmpty)
    }

    @Test func `a way keeps what source and target both hold`() {
        let short = FakeTool("short", reads: [.fbx], writes: [.stl, .glb], does: .doesNothing)
        let last = FakeTool("last", reads: [.stl, .glb], writes: [.gltf], does: .doesNothing)
        let planner = Planner([short, last].map(\.converter))
        #expect(planner.route(from: .fbx, to: .gltf)?.map(\.to) == ["glb", "gltf"])
    }

    @Test func `a model with a unit does not go over a format without one that we cannot change`() {
        let first = FakeTool("first", reads: [.fbx], writes: [.x, .glb], does: .doesNothing)
        let second = FakeTool("second", reads: [.x, .glb], writes: [.usd, .glb, .stl], does: .doesNothing)
        let reader = FakeTool("reader", reads: [.usd, .x], writes: [.stl], does: .doesNothing)
        let planner = Planner([first, second, reader].map(\.converter))
        #expect(planner.route(from: .fbx, to: .usd)?.map(\.to) == ["glb", "usd"])
    }

    @Test func `a target that nobody can verify is not offered`() {
        let forge = FakeTool("forge", reads: [.obj], writes: [.abc], does: .doesNothing)
        let reader = FakeTool("reader", reads: [.abc], writes: [.stl], does: .doesNothing)
        #expect(Planner([forge.converter]).route(from: .obj, to: .abc) == nil)
        #expect(Planner([forge, reader].map(\.converter)).route(from: .obj, to: .abc) != nil)
    }

    private func plan(_ from: Format, _ to: Format) throws -> Plan {
        try planner.plan(PlanRequest(from: from, to: to))
    }

    /// Each step as "from to converters".
    private func ways(
        _ from: Format, _ to: Format, _ change: (inout ConversionOptions) -> Void = { _ in }
    ) throws -> [String] {
        var options = ConversionOptions()
        change(&options)
        return try planner.plan(PlanRequest(from: from, to: to, options: options)).route.map { step in
            ([step.from, step.to] + step.converters).joined(separator: " ")
        }
    }
}
