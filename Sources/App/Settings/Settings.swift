import FoundationEssentials
import Logging
import Pipeline
import SystemPackage

/// Everything an operator can decide about a server; what is written here is what holds when nothing is said.
///
/// A new setting is one property here and one entry in ``table(tools:)``: flag, variable, help and checks follow from
/// them.
struct Settings: Sendable, Equatable {
    enum Environment: String, CaseIterable, Sendable { case development, production }
    typealias LogLevel = Logger.Level
    enum LogFormatChoice: String, CaseIterable, Sendable { case auto, json, text }

    /// 0 asks the system for any free port.
    var port = 3001
    var host = "127.0.0.1"
    /// As it was given: when relative, relative to the working directory.
    var dataDir = FilePath("./data")
    var environment = Environment.development
    var logLevel = LogLevel.info
    var logFormat = LogFormatChoice.auto
    /// None: messages go to standard error alone.
    var logDir: FilePath?
    /// In bytes.
    var logMaxSize = 20 << 20
    var logMaxAge = Duration.seconds(86_400)
    /// Rotated files of each log.
    var logKeep = 14
    var shutdownTimeout = Duration.seconds(30)
    /// `nil`: metrics are on the port of everything else.
    var metricsPort: Int?
    /// `nil`: the same as `host`.
    var metricsHost: String?
    /// By name; none: any one that works will do.
    var requiredTools: [String] = []
    var adminToken: Secret?
    var trustedProxies = TrustedProxies(ranges: [])
    var rateLimitGeneral = RateLimit.Choice.auto
    var rateLimitStrict = RateLimit.Choice.auto
    /// Of pages other than our own.
    var allowedOrigins = AllowedOrigins(rules: [])
    /// Known to be weak, and meant to be.
    var acceptWeak: [Weakness] = []
    /// In bytes.
    var maxFileSize = 104_857_600
    var requestTimeout = Duration.seconds(10)
    var uploadTimeout = Duration.seconds(30)
    var maxConnections = 500
    var maxQueue = 10_000
    /// In bytes.
    var diskReserve = 1 << 30
    var diskWait = Duration.seconds(3600)
    /// After the end of the job; nil: for ever, or as long as there is space.
    var resultTTL: Duration?
    var sourceTTL: Duration?
    var historyTTL: Duration?
    var retentionMin = Duration.seconds(3600)
    var conversionTimeout = Duration.milliseconds(300_000)
    /// Of one step with one tool, where what failed may pass by itself.
    var retryLimit = 5
    var retryDelay = Duration.seconds(5)
    var retryDelayMax = Duration.seconds(600)
    var toolNice = 5
    var toolIOPriority = Launcher.IOPriority.low
    /// In percent of one process for each core; 0: whatever the load is.
    var maxLoad = 0
    /// Processes of all tools together.
    var maxConcurrent = ProcessInfo.processInfo.activeProcessorCount
    /// Processes of one tool at a time, by the tool's name; has every tool the settings were read for.
    var toolLimits: [String: Int]
    /// Absolute paths by the tool's name; a tool that is missing here is looked for on `PATH`.
    var toolPaths: [String: FilePath] = [:]
    /// By name; none: all that are found.
    var tools: [String] = []
    var openSCADPath: [FilePath] = []
    var reusesResults = true
    var sandbox = Sandbox.Choice.auto
    var selfTest = true
    /// Nil: for ever.
    var auditTTL: Duration?
    var dbReaders = 4
    /// In bytes.
    var dbFileSize = 16 << 10
    var dbBusyTimeout = Duration.milliseconds(5000)

    /// The defaults.
    init(tools: [ToolSetting] = []) {
        toolLimits = Dictionary(tools.map { ($0.name, $0.limit) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether the tool may be used at all.
    func uses(_ tool: String) -> Bool {
        tools.isEmpty || tools.contains(tool)
    }

    /// Processes of one tool at a time; 1 for a tool the settings were not read for.
    subscript(limitOf tool: String) -> Int {
        get { toolLimits[tool] ?? 1 }
        set { toolLimits[tool] = newValue }
    }
}

/// A tool as the settings see it: its name gives `MAX_CONCURRENT_<TOOL>` and `<TOOL>_PATH`.
struct ToolSetting: Sendable {
    let name: String
    /// Processes at a time unless the operator says otherwise.
    let limit: Int
}

extension Settings {
    /// All settings, in the order in which help, `.env.example` and README show them.
    static func table(tools: [ToolSetting]) -> [Setting] {
        serving + logging + access + limits + use(of: tools) + tools.flatMap(entries) + keeping
    }

    private static let serving = [
        Setting("PORT", \.port, .wholeNumber(0...65535), "TCP port to listen on; 0 takes any free one."),
        Setting("HOST", \.host, .host, "Address to listen on; 0.0.0.0 listens on all."),
        Setting("DATA_DIR", aliases: ["UPLOAD_DIR"], \.dataDir, .path, "Folder for the database and all files."),
        Setting(
            "ENVIRONMENT", aliases: ["NODE_ENV"], \.environment, .oneOf,
            "What the server is for: development or production."),
        Setting(
            "SHUTDOWN_TIMEOUT", \.shutdownTimeout, .time(.zero ... .seconds(3600), in: .seconds),
            "How long requests and tools may take to end once a stop is asked for."),
        Setting(
            "METRICS_PORT", \.metricsPort, .optionalPort,
            "TCP port for /metrics alone, which PORT does not answer then; 0 takes any free one."),
        Setting("METRICS_HOST", \.metricsHost, .optionalHost, "Address for METRICS_PORT; without it that of HOST."),
    ]

    private static let limits = [
        Setting(
            "MAX_FILE_SIZE", aliases: ["MAX_UPLOAD_SIZE"], \.maxFileSize, .size(from: 1), "Largest upload accepted."),
        Setting(
            "REQUEST_TIMEOUT", \.requestTimeout, .time(.milliseconds(1) ... .seconds(3600), in: .seconds),
            "How long an ordinary request may take to be answered, and the head of any to arrive."),
        Setting(
            "UPLOAD_TIMEOUT", \.uploadTimeout, .time(.milliseconds(1) ... .seconds(3600), in: .seconds),
            "An upload that sends less than 30 KiB in this much waiting is broken off."),
        Setting(
            "MAX_CONNECTIONS", \.maxConnections, .wholeNumber(1...100_000),
            "Connections that are served at the same time; more wait to be accepted."),
        Setting(
            "MAX_QUEUE", \.maxQueue, .wholeNumber(0...10_000_000), "Jobs that may wait; more are refused with 429."),
        Setting(
            "DISK_RESERVE", \.diskReserve, .size(from: 0), default: "1GiB",
            "Disk space that uploads leave free; when there is less, the oldest results are given up."),
        Setting(
            "DISK_WAIT", \.diskWait, .time(.zero ... .seconds(604_800), in: .seconds),
            "How long a job waits for space on the disk before it fails."),
        Setting(
            "CONVERSION_TIMEOUT", \.conversionTimeout, .time(.milliseconds(1) ... .seconds(604_800), in: .milliseconds),
            "Longest run of a tool."),
        Setting(
            "RETRY_LIMIT", \.retryLimit, .wholeNumber(0...100),
            "How often a tool tries a step again that failed for a reason which may pass."),
        Setting(
            "RETRY_DELAY", \.retryDelay, .time(.milliseconds(1) ... .seconds(86_400), in: .seconds),
            "Longest wait before the first retry; it doubles for each further one."),
        Setting(
            "RETRY_DELAY_MAX", \.retryDelayMax, .time(.milliseconds(1) ... .seconds(86_400), in: .seconds),
            "Longest wait before any retry."),
        Setting("TOOL_NICE", \.toolNice, .wholeNumber(0...19), "How far tools stand back for the server."),
        Setting(
            "TOOL_IO_PRIORITY", \.toolIOPriority, .oneOf,
            "How tools share the disk with the server: as it does itself, behind it, or when nobody else wants it."),
        Setting(
            "MAX_LOAD", \.maxLoad, .wholeNumber(0...10_000),
            "Load of the machine above which no tool starts, in percent of its cores; 0 for any."),
        Setting(
            "MAX_CONCURRENT", \.maxConcurrent, .wholeNumber(1...1024), default: "cores",
            "Processes of all tools that run at the same time."),
    ]

    private static func use(of tools: [ToolSetting]) -> [Setting] {
        [
            Setting(
                "TOOLS", \.tools, .names(of: tools.map(\.name)), default: "all",
                "Tools that may be used, of those that are found."),
            Setting(
                "REQUIRED_TOOLS", \.requiredTools, .someNames(of: tools.map(\.name)),
                "Tools without which the server is not ready; without it, any one that works will do."),
            Setting(
                "SANDBOX", \.sandbox, .oneOf,
                "What keeps tools in: bubblewrap, landlock, the best that works (auto), or nothing at all (off)."),
            Setting(
                "SELF_TEST", \.selfTest, .truth,
                "Whether each tool must show on samples what it can, before its jobs run."),
            Setting(
                "CACHE", \.reusesResults, .truth,
                "Whether a client who sends the same file for the same target again gets the result that is there."),
            Setting(
                "OPENSCADPATH", \.openSCADPath, .absolutePaths, "Folders of libraries that OpenSCAD programs may use."),
        ]
    }

    private static let keeping = [
        Setting(
            "RESULT_TTL", \.resultTTL, .keeping, "How long results, logs and pictures are kept after the job's end."),
        Setting("SOURCE_TTL", \.sourceTTL, .keeping, "How long uploads are kept after the job's end."),
        Setting("HISTORY_TTL", \.historyTTL, .keeping, "How long the record of a job is kept after its end."),
        Setting(
            "RETENTION_MIN", \.retentionMin, .time(.zero ... .seconds(36_500 * 86_400), in: .seconds),
            "How long everything is kept after the job's end, however full the disk is."),
        Setting("AUDIT_TTL", \.auditTTL, .keeping, "How long the audit trail is kept, in whole sealed segments."),
        Setting("DB_READERS", \.dbReaders, .wholeNumber(1...64), "Connections that read the database."),
        Setting(
            "DB_FILE_SIZE", \.dbFileSize, .size(from: 0, to: 1 << 20), default: "16KiB",
            "Files up to this size are kept in the database, which is quicker; 0 for none."),
        Setting(
            "DB_BUSY_TIMEOUT", \.dbBusyTimeout, .time(.zero ... .seconds(600), in: .milliseconds),
            "Longest wait while another program has the database locked."),
    ]

    private static func entries(of tool: ToolSetting) -> [Setting] {
        let name = tool.variable
        return [
            Setting(
                "MAX_CONCURRENT_\(name)", \.[limitOf: tool.name], .wholeNumber(1...1024),
                default: "\(tool.limit)", "Processes of \(tool.name) that run at the same time."),
            Setting(
                "\(name)_PATH", \.toolPaths[tool.name], .absolutePath,
                "Where \(tool.name) is, when it is not to be looked for on PATH."),
        ]
    }
}

extension ToolSetting {
    /// The name as a part of a variable's name: `oda-file-converter` is `ODA_FILE_CONVERTER`.
    fileprivate var variable: String {
        String(name.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }
}
