package import Persistence
import ServiceLifecycle
package import SystemPackage

/// Takes uploads in: a row as soon as the request is understood, `pending` once the file is kept, `failed` when it is not.
package struct Intake: Sendable {
    let store: Store
    let catalogue: Catalogue
    let space: DiskSpace
    let limits: Limits
    /// Whether equal wishes for equal content share their result (`CACHE`).
    let reusesResults: Bool
    /// Folders where OpenSCAD programs may find what they include, besides their own.
    let libraries: [FilePath]
    package let doorbell: Doorbell
    let draining: Draining
    let telemetry: Telemetry

    package struct Limits: Sendable {
        /// Of one upload, in bytes.
        package let fileSize: Int64
        /// Of jobs that are uploading or pending.
        package let queue: Int

        package init(fileSize: Int64, queue: Int) {
            self.fileSize = fileSize
            self.queue = queue
        }

        /// What a zip may unpack to: text packs to a tenth.
        var archive: ZipCaps {
            var caps = ZipCaps()
            caps.bytes = min(caps.bytes, fileSize > .max / 10 ? .max : fileSize * 10)
            return caps
        }
    }

    package init(
        store: Store, catalogue: Catalogue, space: DiskSpace, limits: Limits, reusesResults: Bool = false,
        libraries: [FilePath] = [], doorbell: Doorbell, draining: Draining = Draining(), telemetry: Telemetry
    ) {
        self.store = store
        self.catalogue = catalogue
        self.space = space
        self.limits = limits
        self.reusesResults = reusesResults
        self.libraries = libraries
        self.doorbell = doorbell
        self.draining = draining
        self.telemetry = telemetry
    }

    /// Makes the row of an upload and lets `receive` fill it. Whatever `receive` throws ends the row as `failed`: a refusal
    /// as `rejected` (or the failure of the same name), anything else as `uploadAborted`. The error goes on to the caller.
    ///
    /// - Parameter declaredSize: what the request says of its length, in bytes.
    package func take<Value>(
        _ arrival: Arrival, declaredSize: Int64?, receive: (Upload) async throws -> Value
    ) async throws -> Value {
        let account = space.account
        let (job, load) = try await store.jobs.receive(arrival)
        telemetry.received(job, arrival)
        let upload = Upload(job: job, arrival: arrival, intake: self)
        defer { telemetry.received(bytes: upload.size) }
        do {
            try admit(declaredSize, queued: load.queued)
            let promise = try space.promise(declaredSize ?? limits.fileSize, queued: load.promised, since: account)
            defer { withExtendedLifetime(promise) {} }
            return try await receive(upload)
        } catch {
            await upload.end(with: error)
            throw error
        }
    }

    private func admit(_ declaredSize: Int64?, queued: Int) throws(Refusal) {
        // One that was admitted before is waited for.
        if Task.isShuttingDownGracefully {
            throw Refusal(.stopping, "The server is stopping. Send the file again when it is back.")
        }
        try draining.check()
        if queued > limits.queue {
            throw Refusal(.queueFull, "The queue is full: \(limits.queue) jobs are waiting already. Try again later.")
        }
        if let declaredSize { try checkSize(declaredSize) }
    }

    func checkSize(_ size: Int64) throws(Refusal) {
        guard size <= limits.fileSize else {
            throw Refusal(.tooLarge, "The file is larger than the limit of \(limits.fileSize) bytes.")
        }
    }
}
