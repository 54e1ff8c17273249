import Foundation
import Hummingbird
import Logging
import Persistence
import Pipeline
import SystemPackage
import TestSupport

@testable import App

/// A whole server in a folder of its own, for the time of one test.
struct KilnServer: Served {
    let server: Server
    let live: LiveServer

    var port: Int { live.port }

    /// The name of the tool that stands in for the real ones. It turns OBJ into OBJ.
    static let fake = "fake"

    /// - Parameters:
    ///   - behaviour: of the only tool; nil for the real ones.
    ///   - folder: for the data; nil for a new one that is removed afterwards.
    static func run<Value>(
        _ behaviour: FakeBehaviour? = nil, and other: FakeTool? = nil, in folder: FilePath? = nil,
        logger: Logger = .quiet,
        _ change: (inout Settings) -> Void = { _ in }, test: (KilnServer) async throws -> Value
    ) async throws -> Value {
        guard let folder else {
            return try await withTemporaryFolder { folder in
                try await run(behaviour, and: other, in: folder, logger: logger, change, test: test)
            }
        }
        let tool = behaviour.map { FakeTool(fake, reads: [.obj], writes: [.obj], does: $0) }
        var settings = Settings(
            tools: Server.tools + [fake, other?.name].compactMap(\.self).map { ToolSetting(name: $0, limit: 2) })
        settings.port = 0
        settings.dataDir = folder.appending("data")
        settings.diskReserve = 0
        settings.selfTest = false
        settings.reusesResults = false
        settings.retryLimit = 0
        settings.maxConcurrent = 2
        settings.toolPaths[fake] = try tool?.install(in: folder)
        if let other { settings.toolPaths[other.name] = try other.install(in: folder) }
        change(&settings)
        let server = try await Server.open(
            settings, converters: (tool.map { [$0.converter] } ?? [.assimp]) + (other.map { [$0.converter] } ?? []),
            logger: logger)
        return try await LiveServer.run { onRunning in
            try await server.serve(onRunning: onRunning)
        } _: { live in
            try await test(KilnServer(server: server, live: live))
        }
    }

    /// Lets the first attempt of a job go on whose tool `waits`.
    func letGo(_ job: String) async throws {
        let scratch = server.store.folder.work.appending("\(job).1").appending("tmp")
        try await eventually { FileManager.default.fileExists(atPath: scratch.appending("started").string) }
        try Data().write(to: URL(filePath: scratch.appending("leave").string))
    }
}
