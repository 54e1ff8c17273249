import Foundation
import Glibc
import Hummingbird
import Logging
import NIOCore
import Persistence
import Pipeline
import SystemPackage

/// All wiring: what is built from what.
extension Server {
    /// Opens the data folder, finds the tools, and puts in order what the last life of the server left.
    static func open(
        _ settings: Settings, converters: [Converter] = Converter.all, logger: Logger,
        searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    ) async throws -> Server {
        let startedAt = ContinuousClock.now
        warn(ofReadersOf: DataFolder(settings.dataDir).root, logger)
        let metrics = Metrics()
        let options = Store.Options(
            readers: settings.dbReaders, busyTimeout: settings.dbBusyTimeout, smallFile: settings.dbFileSize,
            version: Version.current, onCommit: metrics.note)
        let store = try await Store.open(DataFolder(settings.dataDir), options)
        let telemetry = Telemetry(logger, onMilestone: metrics.note)
        let clock = try await ClockWatch.begin(store.clock, telemetry)
        try await Recovery(store, telemetry).run()

        let sandbox = await Sandbox.choose(settings.sandbox, searchPath: searchPath, scratch: store.folder.work)
        try await store.jobs.note(sandbox: sandbox.level, of: store.boot)
        if let complaint = sandbox.complaint { logger.warning("\(complaint)") }
        let launcher = Launcher(
            sandbox: sandbox.sandbox, niceness: settings.toolNice, inputOutput: settings.toolIOPriority)
        let remembered = try await store.selfTests.all()
        let search = ToolSearch(
            paths: settings.toolPaths.mapValues(\.string), libraries: ["OPENSCADPATH": settings.openSCADPath],
            searchPath: searchPath, launcher: launcher, scratch: store.folder.work,
            known: remembered, version: store.version)
        let catalogue = Catalogue(await search.find(converters.filter { settings.uses($0.tool.name) }))
        let space = DiskSpace(folder: store.folder.root, reserve: Int64(settings.diskReserve))
        let conversion = Conversion(
            catalogue: catalogue, launcher: launcher, blobs: store.blobs, work: store.folder.work,
            spares: store.folder.spares, space: space,
            timeout: settings.conversionTimeout, retries: settings.retries, readers: settings.maxConcurrent)
        let selfTests = settings.selfTest ? SelfTests(conversion, store, telemetry) : nil
        selfTests?.prepare(remembered)
        let circuits = settings.selfTest ? Circuits(conversion, telemetry) : nil
        let permits = Permits(
            most: settings.maxConcurrent, limits: settings.toolLimits, paused: Set(try await store.pauses.all().keys))
        let headroom = Headroom(mostLoad: settings.mostLoad, histories: try await store.jobs.peaks())
        let (doorbell, draining) = (Doorbell(), Draining())
        return Server(
            settings: settings, store: store, catalogue: catalogue,
            intake: Intake(
                store: store, catalogue: catalogue, space: space,
                limits: Intake.Limits(fileSize: Int64(settings.maxFileSize), queue: settings.maxQueue),
                reusesResults: settings.reusesResults, libraries: settings.openSCADPath, doorbell: doorbell,
                draining: draining, telemetry: telemetry),
            control: Control(
                store: store, catalogue: catalogue, permits: permits, mostQueued: settings.maxQueue, doorbell: doorbell,
                draining: draining, telemetry: telemetry),
            scheduler: Scheduler(
                store: store, conversion: conversion, selfTests: selfTests, circuits: circuits, permits: permits,
                headroom: headroom, doorbell: doorbell, telemetry: telemetry),
            janitor: Janitor(
                store: store, policy: settings.retention, space: space, clock: clock, doorbell: doorbell,
                telemetry: telemetry),
            clock: clock, selfTests: selfTests, circuits: circuits, sandbox: sandbox, permits: permits, space: space,
            metrics: metrics, watch: Watch(store, space), logger: logger, startedAt: startedAt)
    }

    /// A folder that was there before us keeps its permissions; one of ours is for us alone.
    private static func warn(ofReadersOf folder: FilePath, _ logger: Logger) {
        var status = stat()
        guard stat(folder.string, &status) == 0, status.st_mode & 0o077 != 0 else { return }
        let mode = String(status.st_mode & 0o777, radix: 8)
        logger.warning("The data folder \(folder) is open to others (mode \(mode)). Close it: chmod 700 '\(folder)'")
    }

    func application(
        on group: any EventLoopGroup, onRunning: @escaping @Sendable (Int) async -> Void
    ) -> some ApplicationProtocol {
        application(
            router(.network(token: settings.adminToken)), at: .hostname(settings.host, port: settings.port), on: group
        ) { await onRunning($0 ?? settings.port) }
    }

    /// The same for the command line on this machine, where operators need no token.
    func localApplication(
        _ socket: LocalSocket, on group: any EventLoopGroup, onRunning: @escaping @Sendable () -> Void
    ) -> some ApplicationProtocol {
        application(router(.socket), at: .unixDomainSocket(path: socket.path), on: group) { _ in onRunning() }
    }

    /// `/metrics` alone, where `METRICS_PORT` has it on an address of its own.
    func metricsApplication(at address: BindAddress, on group: any EventLoopGroup) -> some ApplicationProtocol {
        let router = emptyRouter()
        MetricsRoutes(server: self).add(to: router.group())
        router.add(middleware: RouteFallback(after: router))
        return application(router, at: address, on: group) { port in
            logger.notice("metrics are on port \(port ?? 0)")
        }
    }

    private func application(
        _ router: Router<HTTPContext>, at address: BindAddress, on group: any EventLoopGroup,
        _ onRunning: @escaping @Sendable (Int?) async -> Void
    ) -> some ApplicationProtocol {
        let pace = BodyPace.Minimum(period: .nanoseconds(settings.uploadTimeout.nanoseconds))
        // An upload is cut by its pace; what is idle for longer than that is a connection nobody uses.
        let idle = settings.uploadTimeout + .seconds(45)
        return Application(
            router: router,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [
                        HeadWatch(
                            time: .nanoseconds(settings.requestTimeout.nanoseconds),
                            idle: .nanoseconds(idle.nanoseconds)),
                        Conversation(limits: .init(pace: pace)),
                    ],
                    idleTimeout: .nanoseconds(idle.nanoseconds),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: HeadWatch.fieldSize, maxHeaderListSize: HeadWatch.headSize,
                        maxHeaderFieldCount: HeadWatch.fields))),
            configuration: ApplicationConfiguration(
                address: address, serverName: "kiln",
                availableConnectionsDelegate: .maximum(settings.maxConnections, logger: logger.libraries)),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port) },
            eventLoopGroupProvider: .shared(group),
            logger: logger.libraries)
    }

    func router(_ door: OperatorGate.Door) -> Router<HTTPContext> {
        let router = emptyRouter()
        PageRoutes().add(to: router.group())
        HealthRoutes(server: self).add(to: router.group())
        if door.isSocket || settings.metricsPort == nil { MetricsRoutes(server: self).add(to: router.group()) }
        ConvertRoutes(intake: intake, limit: Int64(settings.maxFileSize))
            .add(to: router.group("api/convert"))
        PlanRoutes(catalogue: catalogue).add(to: router.group("api/plan"))
        let jobs = JobRoutes(jobs: store.jobs, blobs: store.blobs)
        jobs.add(to: router.group("api/jobs"))
        ProvenanceRoutes(jobs: jobs).add(to: router.group("api/jobs"))
        ControlRoutes(jobs: jobs, control: control).add(to: router.group("api/jobs"))
        PreviewRoutes(jobs: jobs, catalogue: catalogue, doorbell: intake.doorbell).add(to: router.group("api/jobs"))
        let operators = router.group("api").add(middleware: OperatorGate(door: door))
        OperatorRoutes(control: control).add(to: operators)
        DrainRoutes(control: control).add(to: operators)
        ClockRoutes(clock: clock).add(to: operators)
        EventRoutes(trail: store.audit.trail).add(to: operators)
        BackupRoutes(backups: store.backups, blobs: store.blobs).add(to: operators)
        CatalogueRoutes(catalogue: catalogue, permits: permits, sandbox: sandbox.level).add(to: router.group("api"))
        router.add(middleware: RouteFallback(after: router))
        return router
    }

    /// With what every request passes through.
    private func emptyRouter() -> Router<HTTPContext> {
        let router = Router(context: HTTPContext.self, options: .autoGenerateHeadEndpoints)
        router.addMiddleware {
            RequestIdentity(logger: logger, proxies: settings.trustedProxies)
            RequestMetrics(metrics: metrics)
            AccessLog()
            SecurityHeaders(isProduction: settings.environment == .production)
            Compression()
            CrossOrigin(allowed: settings.allowedOrigins)
            RateLimiting(general: settings.generalLimit, strict: settings.strictLimit)
            ProblemMiddleware()
            Deadline(time: settings.requestTimeout)
            Expectations()
        }
        return router
    }
}

extension Settings {
    fileprivate var retries: RetryPolicy {
        RetryPolicy(limit: retryLimit, delay: retryDelay, longest: retryDelayMax, diskWait: diskWait)
    }

    /// Per processor; nil: none is too much.
    fileprivate var mostLoad: Double? { maxLoad > 0 ? Double(maxLoad) / 100 : nil }

    fileprivate var retention: RetentionPolicy {
        RetentionPolicy(results: resultTTL, sources: sourceTTL, history: historyTTL, least: retentionMin)
    }
}
