import Persistence

/// The audit trail as a table: comma-separated values as in RFC 4180, in UTF-8.
///
/// Texts that a spreadsheet would take for a formula get an apostrophe before them (OWASP, "CSV Injection"): clients choose
/// some of them.
enum AuditTable {
    /// A column: its name, and its cell where there is one.
    private struct Column: Sendable {
        let name: String
        let cell: @Sendable (AuditRecord) -> Cell?

        init(_ name: String, _ cell: @escaping @Sendable (AuditRecord) -> Cell?) {
            self.name = name
            self.cell = cell
        }
    }

    private enum Cell {
        case text(String)
        case number(String)

        init?(_ text: String?) {
            guard let text else { return nil }
            self = .text(text)
        }

        init?(_ number: (some LosslessStringConvertible & Numeric)?) {
            guard let number else { return nil }
            self = .number(String(number))
        }
    }

    static var header: String { line(columns.map { .text($0.name) }) }

    static func line(_ record: AuditRecord) -> String { line(columns.map { $0.cell(record) }) }

    private static let columns = events + runs + files

    private static let events = [
        Column("id") { Cell($0.event.id) },
        Column("at") { Cell($0.event.at.description) },
        Column("subjectKind") { Cell($0.event.subjectKind) },
        Column("subjectId") { Cell($0.event.subjectId) },
        Column("from") { Cell($0.event.fromStatus?.rawValue) },
        Column("to") { Cell($0.event.toStatus?.rawValue) },
        Column("attempt") { Cell($0.event.attempt) },
        Column("client") { Cell($0.event.client) },
        Column("requestId") { Cell($0.event.requestId) },
        Column("reason") { Cell($0.event.reason) },
        Column("details") { Cell($0.event.details) },
    ]

    private static let runs = [
        Column("converter") { Cell($0.attempt?.converter) },
        Column("tool") { Cell($0.attempt?.tool) },
        Column("toolVersion") { Cell($0.attempt?.toolVersion) },
        Column("arguments") { record in
            Cell(record.attempt?.arguments.map { JSONValue.array($0.map(JSONValue.string)).text })
        },
        Column("outcome") { Cell($0.attempt?.outcome.rawValue) },
        Column("failure") { Cell($0.attempt?.failureCode?.rawValue) },
        Column("exitCode") { Cell($0.attempt?.exitCode) },
        Column("signal") { Cell($0.attempt?.signal) },
        Column("startedAt") { Cell($0.attempt?.startedAt.description) },
        Column("finishedAt") { Cell($0.attempt?.finishedAt?.description) },
        Column("cpuSeconds") { Cell($0.attempt?.cpuSeconds) },
        Column("peakMemoryBytes") { Cell($0.attempt?.peakMemoryBytes) },
    ]

    private static let files = [
        Column("sourceFormat") { Cell($0.source?.format) },
        Column("sourceSize") { Cell($0.source?.size) },
        Column("sourceSha256") { Cell($0.source?.sha256) },
        Column("resultFormat") { Cell($0.result?.format) },
        Column("resultSize") { Cell($0.result?.size) },
        Column("resultSha256") { Cell($0.result?.sha256) },
    ]

    private static func line(_ cells: [Cell?]) -> String {
        cells.map { cell in
            switch cell {
            case nil: ""
            case .number(let number): number
            case .text(let text): quoted(harmless(text))
            }
        }.joined(separator: ",") + "\r\n"
    }

    private static func harmless(_ text: String) -> String {
        switch text.utf8.first {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0A, 0x0D: "'" + text
        default: text
        }
    }

    private static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            byte != UInt8(ascii: ",") && byte != UInt8(ascii: "\"") && byte != 0x0A && byte != 0x0D
        }
        guard !isPlain else { return text }
        var cell = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { cell.unicodeScalars.append(scalar) }
            cell.unicodeScalars.append(scalar)
        }
        return cell + "\""
    }
}
