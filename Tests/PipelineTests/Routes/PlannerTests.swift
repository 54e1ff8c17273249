import Persistence
import TestSupport
import Testing

@testable import Pipeline

/// Routes over converters that are never run.
struct PlannerTests {
    @Test func `one step is enough where a converter does it`() {
        let planner = planner(("forge", [.obj], [.stl]))
        #expect(planner.route(from: .obj, to: .stl) == [step(.obj, .stl, "forge")])
    }

    @Test func `several converters make a chain`() {
        let planner = planner(("forge", [.scad], [.stl]), ("press", [.stl], [.glb]))
        #expect(planner.route(from: .scad, to: .glb) == [step(.scad, .stl, "forge"), step(.stl, .glb, "press")])
    }

    @Test func `the shortest chain wins`() {
        let planner = planner(("forge", [.scad], [.stl]), ("press", [.stl], [.glb]), ("lathe", [.scad], [.glb]))
        #expect(planner.route(from: .scad, to: .glb) == [step(.scad, .glb, "lathe")])
    }

    @Test func `all who can do a step stand in order of preference`() {
        let planner = planner(
            ("forge", [.obj], [.stl]), ("press", [.ply], [.stl]), ("lathe", [.obj, .ply], [.glb, .stl]))
        #expect(planner.route(from: .obj, to: .stl) == [step(.obj, .stl, "forge", "lathe")])
    }

    @Test func `of chains as short the one of the preferred converter wins`() {
        let planner = planner(("forge", [.scad], [.off, .stl]), ("press", [.stl, .off], [.glb]))
        #expect(planner.route(from: .scad, to: .glb)?.first == step(.scad, .off, "forge"))
    }

    @Test func `three steps are taken`() {
        let planner = planner(("a", [.dwg], [.dxf]), ("b", [.dxf], [.stl]), ("c", [.stl], [.glb]))
        #expect(planner.route(from: .dwg, to: .glb)?.map(\.to) == ["dxf", "stl", "glb"])
    }

    @Test func `four steps are not`() {
        let planner = planner(
            ("a", [.dwg], [.dxf]), ("b", [.dxf], [.stl]), ("c", [.stl], [.obj]), ("d", [.obj], [.glb]))
        #expect(planner.route(from: .dwg, to: .glb) == nil)
    }

    @Test func `what nobody reads or writes has no route`() {
        let planner = planner(("forge", [.obj], [.stl]))
        #expect(planner.route(from: .ply, to: .stl) == nil)
        #expect(planner.route(from: .obj, to: .glb) == nil)
    }

    @Test func `without converters there are no targets`() {
        #expect(Planner([]).targets(of: .obj).isEmpty)
    }

    @Test func `a format is its own target only where a converter says so`() {
        #expect(planner(("forge", [.obj], [.stl])).route(from: .obj, to: .obj) == nil)
        #expect(planner(("forge", [.obj], [.obj])).route(from: .obj, to: .obj) == [step(.obj, .obj, "forge")])
    }

    @Test func `converters that go round in circles come to an end`() {
        let planner = planner(("forge", [.obj, .stl], [.stl, .obj]))
        #expect(planner.targets(of: .obj).map(\.format) == [.obj, .stl])
    }

    @Test func `targets stand in the order of all formats`() {
        let planner = planner(("forge", [.scad], [.glb, .off, .obj]), ("press", [.off], [.ply]))
        #expect(planner.targets(of: .scad).map(\.format) == [.obj, .ply, .off, .glb])
    }

    @Test func `a route begins with the tool of its first converter`() throws {
        let planner = planner(("forge", [.scad], [.stl]), ("press", [.stl], [.glb]))
        let route = try #require(planner.route(from: .scad, to: .glb))
        #expect(planner.tool(of: route) == "forge")
    }

    private func planner(_ converters: (name: String, reads: [Format], writes: [Format])...) -> Planner {
        Planner(
            converters.map { converter in
                FakeTool(converter.name, reads: converter.reads, writes: converter.writes, does: .doesNothing).converter
            })
    }

    private func step(_ from: Format, _ to: Format, _ converters: String...) -> RouteStep {
        RouteStep(from: from.name, to: to.name, converters: converters)
    }
}
