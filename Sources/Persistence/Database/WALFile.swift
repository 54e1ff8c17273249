import GRDB
import GRDBSQLite

extension Database {
    /// Has SQLite leave the WAL, empty, where it is when the last connection closes: when it is missing later, somebody
    /// has taken it away (sqlite.org/c3ref/c_fcntl_begin_atomic_write.html, `SQLITE_FCNTL_PERSIST_WAL`).
    func keepWALFile() {
        var isOn: CInt = 1
        sqlite3_file_control(sqliteConnection, nil, SQLITE_FCNTL_PERSIST_WAL, &isOn)
    }
}
