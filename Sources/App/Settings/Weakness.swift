import ArgumentParser
import Glibc
import Pipeline
import SystemPackage

/// A setting with which nobody should run a server for others. Production refuses it, unless `ACCEPT_WEAK` names it.
enum Weakness: String, CaseIterable, Sendable {
    case sandbox = "SANDBOX"
    case allowedOrigins = "ALLOWED_ORIGINS"
    case rateLimitGeneral = "RATE_LIMIT_GENERAL"
    case rateLimitStrict = "RATE_LIMIT_STRICT"
    case dataDir = "DATA_DIR"

    /// What is weak about the settings, each with a sentence; nothing in development.
    static func all(of settings: Settings) -> [(weakness: Weakness, sentence: String)] {
        guard settings.environment == .production else { return [] }
        return allCases.compactMap { weakness in weakness.sentence(settings).map { (weakness, $0) } }
    }

    /// Says on standard error which ones are not accepted, and throws the exit code for it.
    static func refuse(_ settings: Settings) throws(ExitCode) {
        let refused = all(of: settings).filter { !settings.acceptWeak.contains($0.weakness) }
        guard !refused.isEmpty else { return }
        let names = refused.map(\.weakness.rawValue).joined(separator: ",")
        Terminal.complain(
            """
            kiln does not start in production with weak settings:
            \(refused.map(\.sentence).joined(separator: "\n"))
            Change them, or accept them by name: ACCEPT_WEAK=\(names)
            """)
        throw ExitCode(EX_CONFIG)
    }

    private func sentence(_ settings: Settings) -> String? {
        switch self {
        case .sandbox:
            settings.sandbox == .off
                ? "SANDBOX=off: a file that takes over a tool has the whole account of the server" : nil
        case .allowedOrigins:
            settings.allowedOrigins.hasAny ? "ALLOWED_ORIGINS=*: the pages of every site may use the API" : nil
        case .rateLimitGeneral:
            settings.generalLimit == nil ? "RATE_LIMIT_GENERAL=off: one client can keep the server busy" : nil
        case .rateLimitStrict:
            settings.strictLimit == nil ? "RATE_LIMIT_STRICT=off: one client can fill the queue" : nil
        case .dataDir: Self.openFolder(settings)
        }
    }

    /// One that is not there yet will be ours alone.
    private static func openFolder(_ settings: Settings) -> String? {
        var status = stat()
        guard stat(settings.dataDir.string, &status) == 0, status.st_mode & 0o077 != 0 else { return nil }
        let mode = String(status.st_mode & 0o777, radix: 8)
        return "DATA_DIR=\(settings.dataDir): others can read it (mode \(mode)); chmod 700 closes it"
    }
}
