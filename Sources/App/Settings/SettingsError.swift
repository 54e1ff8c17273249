/// All that is wrong with the settings at once, one line each: where it was said, what was said, what is allowed.
struct SettingsError: Error, Equatable, CustomStringConvertible {
    /// Flags that cannot be understood; the command line itself is wrong, whatever the values are.
    let usage: [String]
    /// Values that are not allowed, and files that cannot be read.
    let values: [String]

    var description: String { (usage + values).joined(separator: "\n") }
}
