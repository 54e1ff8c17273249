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

extension Attempt: RowRecord {
    init(_ row: inout RowReader) throws {
        jobId = try row.next("jobId")
        number = try row.next("number")
        step = try row.next("step")
        converter = try row.next("converter")
        tool = try row.next("tool")
        toolVersion = try row.next("toolVersion")
        arguments = try row.json("arguments")
        boot = try row.next("boot")
        outcome = try row.next("outcome")
        failureCode = try row.next("failureCode")
        failureMessage = try row.next("failureMessage")
        exitCode = try row.next("exitCode")
        signal = try row.next("signal")
        cpuSeconds = try row.next("cpuSeconds")
        peakMemoryBytes = try row.next("peakMemoryBytes")
        startedAt = try row.next("startedAt")
        finishedAt = try row.next("finishedAt")
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
