import ArgumentParser
import Glibc
import Hummingbird
import Logging
import NIOCore
import Persistence
import Pipeline
import ServiceLifecycle
import SystemPackage
import UnixSignals

/// The server from its settings to its exit: the wiring is in Server+build.swift.
struct Server: Sendable {
    let settings: Settings
    let store: Store
    let catalogue: Catalogue
    let intake: Intake
    let control: Control
    let scheduler: Scheduler
    let janitor: Janitor
    let clock: ClockWatch
    let selfTests: SelfTests?
    let circuits: Circuits?
    let sandbox: Sandbox.Finding
    let permits: Permits
    let space: DiskSpace
    let metrics: Metrics
    let watch: Watch
    let logger: Logger
    let startedAt: ContinuousClock.Instant
    /// Nil when nobody asked to be told.
    var manager: ServiceManager?

    var uptime: Duration { ContinuousClock.now - startedAt }

    /// Every tool that has settings.
    static let tools: [ToolSetting] = {
        var seen: Set<String> = []
        return Converter.all.map(\.tool).filter { seen.insert($0.name).inserted }
            .map { ToolSetting(name: $0.name, limit: $0.limit) }
    }()

    /// Serves until a signal says stop. A second signal ends the process at once, with exit code 1: the rows can take
    /// it.
    static func run(_ settings: Settings) async throws {
        umask(0o077)
        let log: Log
        do {
            log = try Log(settings)
        } catch {
            Terminal.complain("The log files cannot be written: \(error). See LOG_DIR.")
            throw ExitCode.failure
        }
        log.watchForCrashes()
        defer { log.close() }
        for (weakness, sentence) in Weakness.all(of: settings) {
            log.logger.warning(
                "weak setting", metadata: ["setting": .string(weakness.rawValue), "why": .string(sentence)])
        }
        do {
            var server = try await open(settings, logger: log.logger)
            server.manager = ServiceManager()
            try await server.serve(untilSignalled: log)
        } catch let error as any CustomStringConvertible & StartRefusal {
            log.logger.critical("\(error.description)")
            throw ExitCode.failure
        }
    }

    /// Serves until the task is cancelled or, where there is a log that is to have the last word, a signal arrives.
    /// What is acknowledged is kept.
    func serve(untilSignalled log: Log? = nil, onRunning: @escaping @Sendable (Int) async -> Void = { _ in })
        async throws
    {
        let executor = LoopExecutor(cores: System.coreCount)
        var configuration = ServiceGroupConfiguration(
            services: [.init(service: Together(services: services(on: executor.group, onRunning)))],
            logger: logger.libraries)
        configuration.maximumGracefulShutdownDuration = max(settings.shutdownTimeout, .milliseconds(1))
        let group = ServiceGroup(configuration: configuration)
        let signals = log.map { log in [Task { await listen(group, log) }, Task { await log.reopenOnHangup() }] } ?? []
        let pulse = Task { await self.pulse(of: executor.group).run() }
        let outcome = await withTaskExecutorPreference(executor) { await Result { try await group.run() } }
        for task in signals { task.cancel() }
        await close()
        pulse.cancel()
        await pulse.value
        await executor.stop()
        if case .failure(let error) = outcome, !(error is CancellationError) {
            let place = "\(settings.host):\(settings.port)"
            throw error as? Refused ?? Refused(starting: error, at: place, setting: "PORT")
        }
    }

    /// The scheduler, the janitor, the network, and the socket of the command line. What listens is announced when both do.
    private func services(
        on group: any EventLoopGroup, _ onRunning: @escaping @Sendable (Int) async -> Void
    ) -> [any Service] {
        let (socketListens, told) = AsyncStream.makeStream(of: Never.self)
        let network = application(on: group) { port in
            for await _ in socketListens {}
            announce(port)
            tell(.ready("Listens on http://\(settings.host):\(port)"))
            await onRunning(port)
        }
        let socket = LocalSocket(in: store.folder.root)
        let local = localApplication(socket, on: group) { told.finish() }
        let door = Dispensable(service: local) { error in
            logger.warning("There is no socket at \(socket.path), so kiln tools cannot reach this server: \(error)")
            told.finish()
        }
        let keeping = AuditKeeping(
            audit: store.audit, blobs: store.blobs, age: settings.auditTTL, clock: clock, logger: logger)
        return [scheduler, janitor, network, door, keeping, MemoryWatch(logger: logger)] + metricsServices(on: group)
    }

    private func metricsServices(on group: any EventLoopGroup) -> [any Service] {
        guard let port = settings.metricsPort else { return [] }
        let host = settings.metricsHost ?? settings.host
        return [
            Explained(service: metricsApplication(at: .hostname(host, port: port), on: group)) { error in
                Refused(starting: error, at: "\(host):\(port)", setting: "METRICS_PORT")
            }
        ]
    }

    private func listen(_ group: ServiceGroup, _ log: Log) async {
        var isStopping = false
        for await signal in await UnixSignalsSequence(trapping: .sigterm, .sigint) {
            if isStopping {
                log.flush()
                _exit(1)
            }
            isStopping = true
            logger.notice("stopping", metadata: ["signal": .stringConvertible(signal)])
            tell(.stopping("Requests and tools may end"))
            await group.triggerGracefulShutdown()
        }
    }

    private func pulse(of group: any EventLoopGroup) -> Pulse {
        Pulse(
            period: manager?.patience.map { $0 / 2 } ?? .seconds(15), loops: group, scheduler: scheduler.heartbeat,
            logger: logger
        ) {
            tell(.alive)
        }
    }

    private func tell(_ news: ServiceManager.News) {
        do {
            try manager?.tell(news)
        } catch {
            logger.warning("The service manager is not told \(news): \(error)")
        }
    }

    /// Nothing runs any more: the boot ends politely, and the writer with everything it was given.
    func close() async {
        do {
            try await store.jobs.end(store.boot)
            FailPoint.stopped.pass()
            try await store.blobs.discardHeld()
            // What is left is sealed after the next start.
            try await store.audit.seal(atMost: 200)
        } catch {
            logger.error(
                "trouble",
                metadata: [
                    "doing": "end the boot and seal its events", "error": .string(String(reflecting: error)),
                ])
        }
        await store.writer.close()
        logger.notice("stopped")
    }

    private func announce(_ port: Int) {
        var tools = catalogue.toolbox.tools.map { tool in
            "\(tool.tool.name) \(tool.version) (\(permits.limit(of: tool.tool.name)) at a time)"
        }
        for entry in catalogue.toolbox.entries where entry.isBroken {
            tools.append("\(entry.converter.tool.name) missing: \(entry.reason ?? "")")
        }
        if catalogue.toolbox.tools.isEmpty { tools.append("none, see kiln doctor") }
        logger.notice(
            """
            kiln \(Version.current) listens on http://\(settings.host):\(port), \
            sandbox: \(sandbox.level), tools: \(tools.joined(separator: ", ")), at most \(settings.maxConcurrent) in all, \
            files up to \(settings.maxFileSize) bytes, \(settings.conversionTimeout.milliseconds) ms a run, \
            queue of \(settings.maxQueue), data in \(store.folder.root)
            """)
    }
}

/// A service without which the others go on.
private struct Dispensable<Inner: Service>: Service {
    let service: Inner
    let onFailure: @Sendable (any Error) -> Void

    func run() async throws {
        do {
            try await service.run()
        } catch let error where !(error is CancellationError) {
            onFailure(error)
        }
    }
}

/// A service whose failure is told in our words.
private struct Explained<Inner: Service>: Service {
    let service: Inner
    let explain: @Sendable (any Error) -> Refused

    func run() async throws {
        do {
            try await service.run()
        } catch let error where !(error is CancellationError) {
            throw explain(error)
        }
    }
}

/// Services that run, and are told to stop, together.
private struct Together: Service {
    let services: [any Service]

    func run() async throws {
        try await withThrowingTaskGroup { group in
            for service in services { group.addTask { try await service.run() } }
            // The first error ends the others too: thrown here, it cancels the group.
            while try await group.next() != nil {}
        }
    }
}

extension Result where Failure == any Error, Success == Void {
    fileprivate init(_ body: () async throws -> Void) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
