import FoundationEssentials
import Testing

/// What tests need of the machine, and what they say when it is not there.
enum Installed {
    static let sandbox = has("bwrap")
    static let assimp = sandbox && has("assimp")
    static let curl = has("curl")
    static let python = has("python3")
    static let compiler = has("cc")

    static let noSandbox: Comment = "bubblewrap is not installed"
    static let noAssimp: Comment = "assimp or bubblewrap is not installed"
    static let noCompiler: Comment = "no C compiler is installed"
    static let noCurl: Comment = "curl is not installed"

    private static func has(_ program: String) -> Bool {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return path.split(separator: ":").contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
    }
}
