import SystemPackage

/// What is logged, how, and where to.
extension Settings {
    static let logging = [
        Setting("LOG_LEVEL", \.logLevel, .oneOf, "The least important messages that are logged."),
        Setting(
            "LOG_FORMAT", \.logFormat, .oneOf,
            "How messages are written; auto is json in production and text otherwise."),
        Setting(
            "LOG_DIR", \.logDir, .optionalPath,
            "Folder for combined.log, error.log and crash.log, besides standard error."),
        Setting(
            "LOG_MAX_SIZE", \.logMaxSize, .size(from: 1024), default: "20MiB", "Size at which a log file is rotated."),
        Setting(
            "LOG_MAX_AGE", \.logMaxAge, .time(.seconds(1) ... .seconds(31_536_000), in: .seconds),
            "Age at which a log file is rotated."),
        Setting("LOG_KEEP", \.logKeep, .wholeNumber(1...1000), "Rotated files of each log that are kept."),
    ]

    /// What `auto` comes to.
    var effectiveLogFormat: LogFormatChoice {
        guard logFormat == .auto else { return logFormat }
        return environment == .production ? .json : .text
    }
}
