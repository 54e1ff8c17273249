import Persistence
import SystemPackage
import TestSupport

@testable import Pipeline

/// Lends a workbench that takes uploads for STL and PLY, and runs nothing. Its tool needs no sandbox: it is never called.
func withIntake(
    reading formats: [Format] = [.obj, .gltf], limits: Workbench.Limits = Workbench.Limits(),
    _ body: (Workbench) async throws -> Void
) async throws {
    try await withTemporaryStore { store in
        try await withIntake(of: store, reading: formats, limits: limits, body)
    }
}

/// The same over a store that is there.
func withIntake<Value>(
    of store: Store, reading formats: [Format] = [.obj, .gltf], limits: Workbench.Limits = Workbench.Limits(),
    _ body: (Workbench) async throws -> Value
) async throws -> Value {
    let fake = FakeTool("forge", reads: formats, writes: [.stl, .ply], does: .doesNothing)
    let tool = InstalledTool(tool: fake.converter.tool, program: "/nowhere/forge", version: "1.2.3")
    let toolbox = Toolbox(entries: [Toolbox.Entry(converter: fake.converter, state: .installed(tool))])
    return try await body(Workbench(store, toolbox, Launcher(sandbox: nil, niceness: 0), limits))
}
