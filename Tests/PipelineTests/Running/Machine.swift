import Glibc
import SystemPackage

@testable import Pipeline

/// What this machine has that tests need.
enum Machine {
    static let searchPath = "/usr/local/bin:/usr/bin:/bin"

    /// How long anything may take on a machine that has much else to do.
    static let patience = Duration.seconds(180)

    /// Also inside a container, where bubblewrap may be there and yet not allowed.
    static let hasSandbox = system("bwrap --unshare-all --ro-bind / / true 2> /dev/null") == 0
    static let withoutSandbox = "bubblewrap is missing or not allowed here"

    static let hasLandlock = Confinement.isPossible

    /// Those that work here.
    static let levels: [Sandbox.Level] = (hasSandbox ? [.bubblewrap] : []) + (hasLandlock ? [.landlock] : [])

    /// Where runs can have control groups; often nowhere.
    static let groups = ControlGroups.find()
    static let hasGroups = !groups.isEmpty
    static let withoutGroups = "control groups cannot be made here"

    static func sandbox(_ level: Sandbox.Level, groups: [FilePath] = []) -> Sandbox? {
        switch level {
        case .bubblewrap: Sandbox.find(searchPath: searchPath, groups: groups)
        case .landlock: .landlock(groups: groups)
        case .off: .off(groups: groups)
        }
    }

    static let hasAssimp = hasSandbox && access("/usr/bin/assimp", X_OK) == 0
    static let withoutAssimp = "assimp or bubblewrap is missing"

    /// Whether tools with windows can be run.
    static let hasDisplay = access("/usr/bin/xvfb-run", X_OK) == 0 && access("/usr/bin/xauth", X_OK) == 0
}
