package import Persistence

extension Instant {
    /// 2026-06-15T12:00:00.000Z.
    package static let noon = Instant(rawValue: 1_781_524_800_000)
}

extension Arrival {
    /// An OBJ from client `local` that shall become GLB.
    package static func sample(requestId: String? = "request-1") -> Arrival {
        Arrival(client: "local", requestId: requestId, filename: "box.obj", targetFormat: "glb")
    }
}

extension RouteStep {
    /// OBJ to GLB at once, by Assimp or else by Blender.
    package static let direct = [RouteStep(from: "obj", to: "glb", converters: ["assimp", "blender"])]
    /// SCAD to STL by OpenSCAD, then STL to GLB by Assimp or else by Blender.
    package static let staged = [
        RouteStep(from: "scad", to: "stl", converters: ["openscad"]),
        RouteStep(from: "stl", to: "glb", converters: ["assimp", "blender"]),
    ]
}

extension Acceptance {
    /// By default what `Arrival.sample` asked for.
    package static func sample(
        _ source: StoredBlob, route: [RouteStep] = RouteStep.direct, tool: String = "assimp", options: String? = nil,
        reuse: Reuse? = nil
    ) -> Acceptance {
        Acceptance(
            source: NewArtifact(role: .source, blob: source, filename: "box.obj", format: route.first?.from),
            targetFormat: "glb", options: options, route: route, tool: tool, reuse: reuse)
    }
}

extension Store {
    /// Makes the text durable under `key`.
    package func keep(_ text: String, for job: Job.ID, as key: BlobKey) async throws -> StoredBlob {
        let staged = blobs.stage(for: job)
        var text = text
        text.withUTF8 { bytes in _ = staged.take(UnsafeRawBufferPointer(bytes)) }
        return try await staged.commit(as: key)
    }

    /// A job that waits to be claimed, its small source kept.
    package func enqueueSample(
        _ arrival: Arrival = .sample(), route: [RouteStep] = RouteStep.direct, tool: String = "assimp",
        now: Instant = .noon
    ) async throws -> Job.ID {
        let (job, _) = try await jobs.receive(arrival, now: now)
        let source = try await keep("o box\n", for: job, as: .source(of: job))
        guard try await jobs.enqueue(job, .sample(source, route: route, tool: tool), now: now) != nil else {
            throw NotTaken()
        }
        return job
    }

    /// A sample job and the claim on its first step, held by this store's boot.
    package func claimSample(
        route: [RouteStep] = RouteStep.direct, tool: String = "assimp", now: Instant = .noon
    ) async throws -> Claim {
        _ = try await enqueueSample(route: route, tool: tool, now: now)
        guard let claim = try await jobs.claim(tool, boot: boot, now: now) else { throw NotTaken() }
        return claim
    }

    /// A kept output of the claim's attempt, ready for `finish`.
    package func output(
        of claim: Claim, role: Artifact.Role = .result, format: String = "glb"
    ) async throws -> NewArtifact {
        let key = BlobKey.output(of: claim.job.id, attempt: claim.number)
        let blob = try await keep("made by \(key.rawValue)\n", for: claim.job.id, as: key)
        return NewArtifact(role: role, blob: blob, filename: "box.\(format)", format: format, verifiedBy: "kiln")
    }
}

/// The store did not take what it must take in a test's preparation.
package struct NotTaken: Error {}
