package import Persistence

/// A tool as operators see it.
package struct ToolState: Sendable {
    package let name: String
    /// `nil`: it is not installed, or does not work.
    package let version: String?
    /// Processes at a time.
    package let limit: Int
    package let running: Int
    package let line: Line
    /// Since when it stands still; `nil`: it does not.
    package let pausedAt: Instant?
}

extension Control {
    /// Every tool there is a converter for, in their order.
    package func tools() async throws -> [ToolState] {
        let (lines, pauses) = try await (store.jobs.lines(), store.pauses.all())
        var seen: Set<String> = []
        return catalogue.toolbox.entries.filter { seen.insert($0.converter.tool.name).inserted }.map { entry in
            let name = entry.converter.tool.name
            return ToolState(
                name: name, version: entry.tool?.version, limit: permits.limit(of: name),
                running: permits.inUse[name] ?? 0, line: lines[name] ?? Line(), pausedAt: pauses[name])
        }
    }

    /// Lets what runs end, and starts nothing more, also after a restart. `nil`: there is no such tool.
    package func pause(_ tool: String, requestId: String?) async throws -> ToolState? {
        guard isKnown(tool) else { return nil }
        try await store.pauses.pause(tool, requestId: requestId)
        permits.pause(tool)
        return try await state(of: tool)
    }

    /// `nil`: there is no such tool.
    package func resume(_ tool: String, requestId: String?) async throws -> ToolState? {
        guard isKnown(tool) else { return nil }
        try await store.pauses.resume(tool, requestId: requestId)
        permits.resume(tool)
        doorbell.ring()
        return try await state(of: tool)
    }

    private func isKnown(_ tool: String) -> Bool {
        catalogue.toolbox.entries.contains { $0.converter.tool.name == tool }
    }

    private func state(of tool: String) async throws -> ToolState? {
        try await tools().first { $0.name == tool }
    }
}
