import GRDB

/// What a converter was once seen to do on this machine: a row of `selfTest`.
package struct SelfTest: Hashable, Sendable {
    package let converter: String
    package let fromFormat: String
    package let toFormat: String
    package let circumstances: Circumstances
    /// Why it failed, in a sentence; `nil`: it passed.
    package let failure: String?

    /// What a result is good for: another version of anything may behave otherwise.
    package struct Circumstances: Hashable, Sendable {
        package let toolVersion: String
        /// When the program was last modified.
        package let programTime: Instant
        package let sandbox: String
        package let kilnVersion: String

        package init(toolVersion: String, programTime: Instant, sandbox: String, kilnVersion: String) {
            self.toolVersion = toolVersion
            self.programTime = programTime
            self.sandbox = sandbox
            self.kilnVersion = kilnVersion
        }
    }

    package init(
        converter: String, fromFormat: String, toFormat: String, circumstances: Circumstances, failure: String?
    ) {
        self.converter = converter
        self.fromFormat = fromFormat
        self.toFormat = toFormat
        self.circumstances = circumstances
        self.failure = failure
    }
}

extension SelfTest: FetchableRecord {
    init(row: Row) throws {
        converter = try row.decode(forColumn: "converter")
        fromFormat = try row.decode(forColumn: "fromFormat")
        toFormat = try row.decode(forColumn: "toFormat")
        circumstances = Circumstances(
            toolVersion: try row.decode(forColumn: "toolVersion"),
            programTime: try row.decode(forColumn: "programTime"),
            sandbox: try row.decode(forColumn: "sandbox"), kilnVersion: try row.decode(forColumn: "kilnVersion"))
        failure = try row.decode(forColumn: "failure")
    }
}
