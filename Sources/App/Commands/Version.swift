/// The version of this program, as `--version`, `/health` and the logs tell it.
enum Version {
    static let current = "0.1.0"
}
