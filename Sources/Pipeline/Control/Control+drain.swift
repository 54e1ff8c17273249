package import Persistence

/// How far a server is that takes no new jobs.
package struct DrainState: Sendable {
    /// `nil`: it takes jobs.
    package let since: Instant?
    package let uploading: Int
    package let pending: Int
    package let running: Int

    /// Nothing is left to wait for.
    package var isDone: Bool { since != nil && uploading + pending + running == 0 }
}

extension Control {
    package func drainState() async throws -> DrainState {
        let census = try await store.jobs.census()
        return DrainState(
            since: draining.since, uploading: census[.uploading] ?? 0, pending: census[.pending] ?? 0,
            running: census[.running] ?? 0)
    }

    /// Takes no new jobs from now on; those that are there are worked off. Asking twice changes nothing more.
    package func drain(requestId: String?, now: Instant = .now) async throws -> DrainState {
        if draining.begin(now: now) { try await store.noteDrain(isOn: true, requestId: requestId, now: now) }
        return try await drainState()
    }

    /// Takes jobs again.
    package func endDrain(requestId: String?) async throws -> DrainState {
        if draining.end() { try await store.noteDrain(isOn: false, requestId: requestId) }
        return try await drainState()
    }
}
