import GRDB

// The way of our own words out of a row. Without it GRDB makes a `DatabaseValue` of each column first, which costs more
// than all the rest of reading a row.

/// A word whose raw value SQLite keeps as it is.
protocol ColumnWord: RawRepresentable, DatabaseValueConvertible, StatementColumnConvertible
where RawValue: StatementColumnConvertible {}

extension ColumnWord {
    package init?(sqliteStatement: SQLiteStatement, index: CInt) {
        guard let raw = RawValue(sqliteStatement: sqliteStatement, index: index) else { return nil }
        self.init(rawValue: raw)
    }
}

extension Identifier: ColumnWord {}
extension Instant: ColumnWord {}
extension Status: ColumnWord {}
extension Outcome: ColumnWord {}
extension BlobKey: ColumnWord {}
extension Job.Kind: ColumnWord {}
extension Job.Priority: ColumnWord {}
extension Failure.Code: ColumnWord {}
extension Artifact.Role: ColumnWord {}
extension Artifact.Packaging: ColumnWord {}
