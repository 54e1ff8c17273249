import Glibc
import Logging
import Persistence
import ServiceLifecycle
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// The running part of the pipeline over one store, all of it real but the tools.
struct Workbench: Sendable {
    let store: Store
    let catalogue: Catalogue
    let permits: Permits
    let doorbell = Doorbell()
    let intake: Intake
    let control: Control
    let scheduler: Scheduler
    let selfTests: SelfTests?
    let circuits: Circuits?

    /// How much of everything there is.
    struct Limits {
        /// Permits for all tools together.
        var most = 4
        /// By the tool's name, instead of its own limit.
        var permits: [String: Int] = [:]
        var timeout = Duration.seconds(300)
        var queue = 1000
        var fileSize: Int64 = 1 << 20
        /// Of the disk, in bytes.
        var reserve: Int64 = 0
        /// Instead of the disk's.
        var space: DiskSpace?
        var retries = RetryPolicy.never
        /// Whether tools must show what they can before their jobs run.
        var selfTest = false
        /// Whether tools that fail job after job are looked at.
        var circuits = false
        var headroom = Headroom { nil }
    }

    init(_ store: Store, _ toolbox: Toolbox, _ launcher: Launcher, _ limits: Limits) {
        self.store = store
        let catalogue = Catalogue(toolbox)
        self.catalogue = catalogue
        let own = toolbox.tools.map { ($0.tool.name, $0.tool.limit) }
        permits = Permits(
            most: limits.most, limits: Dictionary(own) { one, _ in one }.merging(limits.permits) { _, given in given })
        let telemetry = Telemetry(Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let space = limits.space ?? DiskSpace(folder: store.folder.root, reserve: limits.reserve)
        intake = Intake(
            store: store, catalogue: catalogue, space: space,
            limits: Intake.Limits(fileSize: limits.fileSize, queue: limits.queue), doorbell: doorbell,
            telemetry: telemetry)
        control = Control(
            store: store, catalogue: catalogue, permits: permits, mostQueued: limits.queue, doorbell: doorbell,
            telemetry: telemetry)
        let conversion = Conversion(
            catalogue: catalogue, launcher: launcher, blobs: store.blobs, work: store.folder.work,
            spares: store.folder.spares, space: space, timeout: limits.timeout, retries: limits.retries, readers: 2)
        selfTests = limits.selfTest ? SelfTests(conversion, store, telemetry) : nil
        circuits = limits.circuits ? Circuits(conversion, telemetry, firstWait: .milliseconds(20)) : nil
        scheduler = Scheduler(
            store: store, conversion: conversion, selfTests: selfTests, circuits: circuits, permits: permits,
            headroom: limits.headroom, doorbell: doorbell, telemetry: telemetry)
    }

    /// With fake tools, and real ones beside them.
    init(
        _ store: Store, _ fakes: [FakeTool] = [], converters: [Converter] = [], _ limits: Limits = Limits(),
        programs: FilePath? = nil, paths: [String: String] = [:]
    ) async throws {
        let programs = programs ?? store.folder.root.appending("programs")
        var paths = paths
        for fake in fakes { paths[fake.name] = try fake.install(in: programs).string }
        let launcher = Launcher(sandbox: Sandbox.find(searchPath: Machine.searchPath), niceness: 0)
        let search = ToolSearch(
            paths: paths, searchPath: Machine.searchPath, launcher: launcher, scratch: store.folder.work)
        let toolbox = await search.find(fakes.map(\.converter) + converters)
        self.init(store, toolbox, launcher, limits)
        selfTests?.prepare(try await store.selfTests.all())
    }

    /// Runs the scheduler while `body` runs, and cancels it then.
    func working<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        let run = Task { try await scheduler.run() }
        let outcome: Result<Value, any Error>
        do {
            outcome = .success(try await body())
        } catch {
            outcome = .failure(error)
        }
        run.cancel()
        try await run.value
        return try outcome.get()
    }
}

/// Lends a workbench over a new store while its scheduler runs.
func withWorkbench<Value: Sendable>(
    _ fakes: FakeTool..., limits: Workbench.Limits = Workbench.Limits(), _ body: (Workbench) async throws -> Value
) async throws -> Value {
    try await withTemporaryStore { store in
        let bench = try await Workbench(store, fakes, limits)
        return try await bench.working { try await body(bench) }
    }
}

/// What a client does.
extension Workbench {
    /// Uploads a file to be converted.
    @discardableResult func upload(
        _ bytes: [UInt8] = Samples.obj(), named filename: String? = "box.obj", to target: Format = .stl
    ) async throws -> Job.ID {
        let arrival = Arrival(client: "local", requestId: "request-1", targetFormat: target.name)
        return try await intake.take(arrival, declaredSize: Int64(bytes.count)) { upload in
            if let filename { try upload.begin(filename) }
            try await upload.takeAll(bytes)
            return try await upload.accept(target: target).job
        }.id
    }

    /// Waits until the job has ended.
    func end(of job: Job.ID) async throws -> Dossier {
        var dossier: Dossier?
        try await eventually(within: Machine.patience) {
            dossier = try await store.jobs.dossier(of: job)
            return dossier?.job.status.isFinal == true
        }
        return try #require(dossier)
    }

    /// Uploads, and waits for the end.
    func convert(
        _ bytes: [UInt8] = Samples.obj(), named filename: String? = "box.obj", to target: Format = .stl
    ) async throws -> Dossier {
        try await end(of: upload(bytes, named: filename, to: target))
    }

    func content(of artifact: Artifact?) async throws -> [UInt8] {
        let key = try #require(artifact?.blobKey)
        return try await store.blobs.open(key).readAll()
    }

    func log(of dossier: Dossier) async throws -> String {
        String(decoding: try await content(of: dossier.artifact(.log)), as: UTF8.self)
    }
}

/// What a tool that waits is told through its scratch folder.
extension Workbench {
    func workspace(of job: Job.ID, attempt: Int = 1) -> Workspace {
        Workspace(of: job, attempt: attempt, in: store.folder.work)
    }

    /// Waits until the tool of the attempt runs.
    func start(of job: Job.ID, attempt: Int = 1) async throws {
        let sign = workspace(of: job, attempt: attempt).scratch.appending("started")
        try await eventually(within: Machine.patience) { access(sign.string, F_OK) == 0 }
    }

    func letGo(_ job: Job.ID, attempt: Int = 1) throws {
        let sign = workspace(of: job, attempt: attempt).scratch.appending("leave")
        try FileDescriptor.open(sign, .writeOnly, options: .create, permissions: .ownerReadWrite).close()
    }
}

extension Upload {
    func takeAll(_ bytes: [UInt8]) async throws {
        let isFull = try bytes.withUnsafeBytes { bytes in
            Result { () throws(Refusal) in try take(bytes) }
        }.get()
        if isFull { try await drain() }
    }
}
