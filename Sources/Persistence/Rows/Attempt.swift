import GRDB

/// One run of one step: a row of `attempt`, inserted by the claim.
package struct Attempt: Sendable {
    package let jobId: Job.ID
    package let number: Int
    package let step: Int
    package let converter: String
    package let tool: String
    package let toolVersion: String?
    package let arguments: [String]?
    package let boot: Boot.ID
    package let outcome: Outcome
    package let failureCode: Failure.Code?
    package let failureMessage: String?
    package let exitCode: Int?
    package let signal: Int?
    package let cpuSeconds: Double?
    package let peakMemoryBytes: Int64?
    package let startedAt: Instant
    package let finishedAt: Instant?

    package var failure: Failure? {
        failureCode.map { Failure($0, failureMessage ?? "") }
    }
}

extension Attempt: FetchableRecord {
    /// By hand: the synthesized decoder costs several times as much, for every row that is read.
    init(row: Row) throws {
        jobId = try row.decode(forColumn: "jobId")
        number = try row.decode(forColumn: "number")
        step = try row.decode(forColumn: "step")
        converter = try row.decode(forColumn: "converter")
        tool = try row.decode(forColumn: "tool")
        toolVersion = try row.decode(forColumn: "toolVersion")
        arguments = try row.json("arguments")
        boot = try row.decode(forColumn: "boot")
        outcome = try row.decode(forColumn: "outcome")
        failureCode = try row.decode(forColumn: "failureCode")
        failureMessage = try row.decode(forColumn: "failureMessage")
        exitCode = try row.decode(forColumn: "exitCode")
        signal = try row.decode(forColumn: "signal")
        cpuSeconds = try row.decode(forColumn: "cpuSeconds")
        peakMemoryBytes = try row.decode(forColumn: "peakMemoryBytes")
        startedAt = try row.decode(forColumn: "startedAt")
        finishedAt = try row.decode(forColumn: "finishedAt")
    }
}

/// What a run of a tool is remembered by, whatever its outcome.
package struct RunRecord: Sendable {
    package var toolVersion: String?
    package var arguments: [String]?
    package var exitCode: Int?
    package var signal: Int?
    /// User and system time of the tool and its children, in seconds.
    package var cpuSeconds: Double?
    package var peakMemoryBytes: Int64?
    /// What the tool said.
    package var log: NewArtifact?
    /// What the attempt found in the upload.
    package var sourceGeometry: Geometry?

    package init() {}
}
