/// One setting: what it is called in each place, what it means, and where its value goes.
struct Setting: Sendable {
    /// As in the environment: `MAX_FILE_SIZE`.
    let name: String
    /// Older names that keep working; within one source, ``name`` wins over them.
    let aliases: [String]
    let help: String
    /// As the documentation shows it; empty when there is none.
    let defaultText: String
    /// What a plain number counts.
    let unit: String?
    /// Completes the sentence `"abc" is not …`.
    let allowed: String
    /// Whether nobody may read it, also not in complaints.
    let isSecret: Bool
    /// The value as text that ``assign`` would take, but for secrets.
    let show: @Sendable (_ settings: Settings) -> String
    /// Puts what the text says into the settings; false, and nothing changed, when it is not allowed.
    let assign: @Sendable (_ text: String, _ settings: inout Settings) -> Bool

    /// - Parameter defaultText: shown instead of the property's default, where words or a suffix say it better.
    init<Value>(
        _ name: String, aliases: [String] = [], _ property: any WritableKeyPath<Settings, Value> & Sendable,
        _ allowed: Allowed<Value>, default defaultText: String? = nil, isSecret: Bool = false,
        _ help: String
    ) {
        self.name = name
        self.aliases = aliases
        self.help = help
        self.isSecret = isSecret
        self.defaultText = defaultText ?? allowed.format(Settings()[keyPath: property])
        self.unit = allowed.unit
        self.allowed = allowed.text
        self.show = { allowed.format($0[keyPath: property]) }
        self.assign = { text, settings in
            guard let value = allowed.parse(text) else { return false }
            settings[keyPath: property] = value
            return true
        }
    }

    var names: [String] { [name] + aliases }
    var flags: [String] { names.map(Self.flag) }

    /// `--max-file-size` for `MAX_FILE_SIZE`.
    static func flag(for name: String) -> String {
        "--" + String(name.lowercased().map { $0 == "_" ? "-" : $0 })
    }
}
