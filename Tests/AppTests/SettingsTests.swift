import ArgumentParser
import FoundationEssentials
import Logging
import SystemPackage
import Testing

@testable import App

private let tools = [ToolSetting(name: "assimp", limit: 5), ToolSetting(name: "oda-file-converter", limit: 2)]

/// The settings as they are read in a new empty folder that holds nothing but the `.env` given.
private func read(
    flags: [String] = [], environment: [String: String] = [:], dotEnv: String? = nil, file: FilePath? = nil
) async throws -> Settings {
    try await inTemporaryFolder { folder in
        if let dotEnv { try write(dotEnv, to: folder.appending(".env")) }
        return try await Settings.read(
            tools: tools, flags: flags, environment: environment, file: file, folder: folder)
    }
}

/// The lines of the error that reading throws; empty when it throws none.
private func mistakes(
    flags: [String] = [], environment: [String: String] = [:], dotEnv: String? = nil, file: FilePath? = nil
) async throws -> [String] {
    do {
        _ = try await read(flags: flags, environment: environment, dotEnv: dotEnv, file: file)
        return []
    } catch let error as SettingsError {
        return error.description.split(separator: "\n").map(String.init)
    }
}

private func inTemporaryFolder<Result>(_ body: (FilePath) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.path + "/kiln-settings-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: folder) } }
    return try await body(FilePath(folder))
}

private func write(_ text: String, to path: FilePath) throws {
    try text.write(toFile: path.string, atomically: false, encoding: .utf8)
}

@Suite struct `Where settings come from` {
    @Test func `what is not said has its default`() async throws {
        let settings = try await read()
        #expect(settings == Settings(tools: tools))
        #expect(settings.port == 3001)
        #expect(settings.maxConcurrent == ProcessInfo.processInfo.activeProcessorCount)
    }

    @Test func `a line of .env is a setting`() async throws {
        #expect(try await read(dotEnv: "# the port\nPORT = 4000\n").port == 4000)
    }

    @Test func `quotes around a value in .env are taken off`() async throws {
        #expect(try await read(dotEnv: "HOST=\"0.0.0.0\"\nDATA_DIR='/srv/my data'").dataDir == "/srv/my data")
    }

    @Test func `the environment is stronger than .env`() async throws {
        #expect(try await read(environment: ["PORT": "5000"], dotEnv: "PORT=4000").port == 5000)
    }

    @Test func `a flag is stronger than the environment`() async throws {
        #expect(try await read(flags: ["--port", "6000"], environment: ["PORT": "5000"]).port == 6000)
    }

    @Test func `a flag takes its value after a space or an equals sign`() async throws {
        #expect(try await read(flags: ["--port=1"]).port == 1)
        #expect(try await read(flags: ["--port", "1"]).port == 1)
    }

    @Test func `a file that is named is read instead of .env`() async throws {
        try await inTemporaryFolder { folder in
            let file = folder.appending("kiln.conf")
            try write("PORT=7000", to: file)

            let settings = try await read(dotEnv: "PORT=4000\nHOST=0.0.0.0", file: file)

            #expect(settings.port == 7000)
            #expect(settings.host == "127.0.0.1")
        }
    }

    @Test func `an empty value counts as not said`() async throws {
        let settings = try await read(
            flags: ["--port", ""], environment: ["PORT": "  ", "HOST": ""], dotEnv: "PORT=4000\nHOST=\"\"")

        #expect(settings.port == 4000)
        #expect(settings.host == "127.0.0.1")
    }

    @Test func `an alias works in every place`() async throws {
        #expect(try await read(flags: ["--upload-dir", "/a"]).dataDir == "/a")
        #expect(try await read(environment: ["NODE_ENV": "production"]).environment == .production)
        #expect(try await read(dotEnv: "MAX_UPLOAD_SIZE=7").maxFileSize == 7)
    }

    @Test func `a name wins over its alias in the same place`() async throws {
        #expect(try await read(environment: ["DATA_DIR": "/a", "UPLOAD_DIR": "/b"]).dataDir == "/a")
    }

    @Test func `an alias in a stronger place wins over the name in a weaker one`() async throws {
        #expect(try await read(environment: ["UPLOAD_DIR": "/b"], dotEnv: "DATA_DIR=/a").dataDir == "/b")
    }
}

@Suite struct `What settings may say` {
    @Test func `a secret is taken, and never repeated in a complaint`() async throws {
        #expect(
            try await read(environment: ["ADMIN_TOKEN": "0123456789abcdef"]).adminToken?.revealed == "0123456789abcdef")
        for secret in ["tooshort", "with spaces in it, long enough", "0123456789abcdeé"] {
            let error = await #expect(throws: SettingsError.self) {
                try await read(environment: ["ADMIN_TOKEN": secret])
            }
            #expect(error?.description.hasPrefix("ADMIN_TOKEN (environment): what is said is not 16 to 256") == true)
            #expect(error?.description.contains(secret) == false)
        }
    }

    @Test(arguments: [
        ("104857600", 104_857_600), ("100MB", 100_000_000), ("100MiB", 104_857_600), ("1gib", 1 << 30), ("2 KB", 2000),
        ("1PiB", 1 << 50),
    ])
    func `a size is bytes or has a suffix`(text: String, bytes: Int) async throws {
        #expect(try await read(environment: ["MAX_FILE_SIZE": text]).maxFileSize == bytes)
    }

    @Test(arguments: [("30", 30_000), ("30s", 30_000), ("500ms", 500), ("2m", 120_000), ("1h", 3_600_000), ("0", 0)])
    func `a plain number of the shutdown timeout is seconds`(text: String, milliseconds: Int) async throws {
        #expect(
            try await read(environment: ["SHUTDOWN_TIMEOUT": text]).shutdownTimeout == .milliseconds(milliseconds))
    }

    @Test(arguments: [("1500", 1500), ("2s", 2000), ("7d", 604_800_000)])
    func `a plain number of the conversion timeout is milliseconds`(text: String, milliseconds: Int) async throws {
        #expect(
            try await read(environment: ["CONVERSION_TIMEOUT": text]).conversionTimeout == .milliseconds(milliseconds))
    }

    @Test(arguments: [
        ("PORT", "65536", "a whole number from 0 to 65535"),
        ("MAX_CONCURRENT_ASSIMP", "0", "a whole number from 1 to 1024"),
        ("LOG_LEVEL", "loud", "one of trace, debug, info, notice, warning, error, critical"),
        ("CONVERSION_TIMEOUT", "8d", "a time from 1ms to 7d, in ms or such as 500ms, 30s, 5m, 1h"),
        ("HOST", "http://0.0.0.0", "a host name or an IP address"), ("ASSIMP_PATH", "bin/x", "an absolute path"),
    ])
    func `a value that is not allowed is told together with what is`(
        name: String, text: String, allowed: String
    ) async throws {
        #expect(
            try await mistakes(environment: [name: text]) == ["\(name) (environment): \"\(text)\" is not \(allowed)"])
    }

    @Test(arguments: ["0", "-1", "1.5GB", "MB", "10XB", "0x10", "2PiB", "99999999999999TiB", "99999999999999999999"])
    func `anything else is no size`(text: String) async throws {
        let allowed = "a size from 1B to 1PiB, in bytes or such as 100MB, 1GiB"
        #expect(
            try await mistakes(flags: ["--max-file-size", text]) == ["--max-file-size: \"\(text)\" is not \(allowed)"])
    }

    @Test func `a word of a closed set may be in upper case`() async throws {
        #expect(try await read(environment: ["LOG_LEVEL": "WARNING"]).logLevel == .warning)
    }

    @Test func `a tool has the limit it came with until one is set`() async throws {
        #expect(
            try await read(flags: ["--max-concurrent-assimp=9"]).toolLimits == ["assimp": 9, "oda-file-converter": 2])
    }

    @Test func `a tool whose name has dashes has flags and variables too`() async throws {
        let settings = try await read(
            flags: ["--max-concurrent-oda-file-converter", "3"], environment: ["ODA_FILE_CONVERTER_PATH": "/opt/oda"])

        #expect(settings[limitOf: "oda-file-converter"] == 3)
        #expect(settings.toolPaths == ["oda-file-converter": "/opt/oda"])
    }
}

@Suite struct `What is wrong with settings` {
    @Test func `all mistakes are told at once, each with its place, its value and what is allowed`() async throws {
        let mistakes = try await mistakes(
            flags: ["--db-readers", "65", "--prot", "80"], environment: ["PORT": "abc", "NODE_ENV": "staging"],
            dotEnv: "TOOL_NICE=-1")

        #expect(
            mistakes == [
                "unknown option --prot, did you mean --port?",
                "PORT (environment): \"abc\" is not a whole number from 0 to 65535",
                "NODE_ENV (environment): \"staging\" is not one of development, production",
                "TOOL_NICE (.env): \"-1\" is not a whole number from 0 to 19",
                "--db-readers: \"65\" is not a whole number from 1 to 64",
            ])
    }

    @Test(arguments: [
        ("--prot", "--port"), ("--PORT", "--port"), ("-port", "--port"), ("--max_file_size", "--max-file-size"),
        ("--max-concurent-assimp", "--max-concurrent-assimp"), ("--setting", "--settings"),
    ])
    func `an unknown flag is answered with the nearest one`(flag: String, nearest: String) async throws {
        #expect(try await mistakes(flags: [flag, "80"]) == ["unknown option \(flag), did you mean \(nearest)?"])
    }

    @Test func `an unknown flag that resembles none is answered without advice`() async throws {
        #expect(try await mistakes(flags: ["--colour=red"]) == ["unknown option --colour"])
    }

    @Test func `a flag without its value is told, and does not swallow the next flag`() async throws {
        #expect(
            try await mistakes(flags: ["--host", "--port", "x", "y"]) == [
                "--host needs a value", "unexpected argument \"y\"",
                "--port: \"x\" is not a whole number from 0 to 65535",
            ])
    }

    @Test func `a value of two lines is told in one`() async throws {
        let mistakes = try await mistakes(flags: ["--port=1\n2"])
        #expect(mistakes == [#"--port: "1\n2" is not a whole number from 0 to 65535"#])
    }

    @Test func `a named file that cannot be read is told together with the rest`() async throws {
        #expect(
            try await mistakes(flags: ["--port", "x"], file: "/nowhere/kiln.conf") == [
                "/nowhere/kiln.conf cannot be read: No such file or directory",
                "--port: \"x\" is not a whole number from 0 to 65535",
            ])
        #expect(try await mistakes(file: "/") == ["/ cannot be read: Is a directory"])
    }

    @Test(arguments: [
        ("# settings\r\nPORT=80\r\n", ".env line 1 ends with CR LF, lines must end with LF"),
        ("HOST=::1\nexport PORT=80", ".env line 2 begins with \"export\", lines must be NAME=value"),
    ])
    func `a file that would be misread is refused`(text: String, mistake: String) async throws {
        #expect(try await mistakes(dotEnv: text) == [mistake])
    }
}

@Suite struct `The command line` {
    @Test(arguments: [
        (["serve", "--port", "abc"], 78), (["serve", "--settings", "/nowhere"], 78), (["serve", "--prot", "80"], 64),
        (["serve", "--prot", "80", "--port", "abc"], 64), (["serve", "--settings"], 64), (["bake"], 64),
    ])
    func `a wrong value exits with 78, a command line that is not understood with 64`(
        arguments: [String], code: Int
    ) async throws {
        let error = await #expect(throws: (any Error).self) {
            var command = try Kiln.parseAsRoot(arguments) as? any AsyncParsableCommand
            try await command?.run()
        }

        #expect(error.map { Int(Kiln.exitCode(for: $0).rawValue) } == code)
    }

    @Test func `kiln alone prints its help and the version is the program's`() throws {
        var command = try Kiln.parseAsRoot([])
        let error = #expect(throws: (any Error).self) { try command.run() }

        #expect(error.map { Kiln.exitCode(for: $0) } == .success)
        #expect(error.map { Kiln.fullMessage(for: $0) }?.contains("serve") == true)
        #expect(Kiln.configuration.version == Version.current)
    }

    @Test func `the help of serve has every setting with its default, in lines of a terminal`() {
        let help = ServeCommand.helpMessage(columns: 80)
        #expect(help.split(separator: "\n").allSatisfy { $0.count <= 80 })
        let words = Self.words(help)

        for setting in Settings.table(tools: Server.tools) {
            #expect(help.contains("  \(setting.flags[0])"))
            #expect(words.contains(Self.words("\(setting.help) Allowed: \(setting.allowed).")))
            #expect(help.contains("(default: \(setting.defaultText)") || setting.defaultText.isEmpty)
        }
    }

    /// Without regard to where lines end.
    private static func words(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

@Suite struct `What is written about settings` {
    private let table = Settings.table(tools: Server.tools)
    private let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()

    @Test func `a default that is shown is the default that holds`() {
        for setting in table where !["", "cores"].contains(setting.defaultText) {
            var settings = Settings(tools: Server.tools)
            #expect(setting.assign(setting.defaultText, &settings), "\(setting.name)")
            #expect(settings == Settings(tools: Server.tools), "\(setting.name)")
        }
    }

    @Test func `.env.example has every setting in the table's order, as a comment with help and default`() throws {
        let example = try String(contentsOfFile: root.appending(".env.example").string, encoding: .utf8)

        let entries = table.map { setting in
            let defaultText = setting.defaultText == "cores" ? "" : setting.defaultText
            let aliases = setting.aliases.map { " Also \($0)." }.joined()
            return "# \(setting.help)\(aliases)\n# Allowed: \(setting.allowed).\n#\(setting.name)=\(defaultText)"
        }
        let paragraphs = (example + "\n").split(separator: "\n\n").map(String.init)
        #expect(Array(paragraphs.dropFirst()) == entries)
    }

    @Test func `the README's table has every setting with its default, and no other`() throws {
        let readme = try String(contentsOfFile: root.appending("README.md").string, encoding: .utf8)

        let lines = readme.split(separator: "\n", omittingEmptySubsequences: false)
        let rows = lines.drop { !$0.hasPrefix("| `PORT`") }.prefix { $0.hasPrefix("|") }.map { row in
            let cells = row.split(separator: "|", omittingEmptySubsequences: false)
            return cells.dropFirst().prefix(2).map { cell in
                cell.split(separator: "`", omittingEmptySubsequences: false).dropFirst().first.map(String.init) ?? ""
            }
        }
        #expect(rows == table.map { [$0.name, $0.defaultText] })
    }
}
