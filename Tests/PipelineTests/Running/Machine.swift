import Glibc

/// What this machine has that tests need.
enum Machine {
    static let searchPath = "/usr/local/bin:/usr/bin:/bin"

    /// How long anything may take on a machine that has much else to do.
    static let patience = Duration.seconds(180)

    /// Also inside a container, where bubblewrap may be there and yet not allowed.
    static let hasSandbox = system("bwrap --unshare-all --ro-bind / / true 2> /dev/null") == 0
    static let withoutSandbox = "bubblewrap is missing or not allowed here"

    static let hasAssimp = hasSandbox && access("/usr/bin/assimp", X_OK) == 0
    static let withoutAssimp = "assimp or bubblewrap is missing"

    /// Whether tools with windows can be run.
    static let hasDisplay = access("/usr/bin/xvfb-run", X_OK) == 0 && access("/usr/bin/xauth", X_OK) == 0
}
