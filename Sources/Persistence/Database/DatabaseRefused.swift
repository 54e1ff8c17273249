/// Why a database is not opened, and what to do.
package enum DatabaseRefused: Error, Equatable, CustomStringConvertible {
    case newer(version: Int, known: Int)
    /// Only for those who look at it without bringing it up to date.
    case older(version: Int, known: Int)
    case foreign
    /// With what SQLite says.
    case corrupt(String)
    /// There are files but no database, or an empty one.
    case lost
    /// The newest transactions were in a file that is not there any more.
    case walLost
    /// So many transactions in it are behind a damage.
    case walDamaged(hidden: Int)
    case missing

    package var description: String {
        switch self {
        case .newer(let version, let known):
            "The database has schema \(version), but this kiln knows only up to \(known). "
                + "Start the newer kiln that wrote it, or restore a backup made before the upgrade."
        case .older(let version, let known):
            "The database has schema \(version), and this kiln's is \(known). Start the server once: it brings it up to date."
        case .foreign:
            "kiln.db in the data folder is not a Kiln database. Choose another DATA_DIR, or move the file away."
        case .corrupt(let finding):
            "kiln.db in the data folder is damaged (\(finding)). Nothing was changed. Look at it with 'kiln verify', or move "
                + "the data folder away and bring back a backup with 'kiln restore'."
        case .lost:
            "kiln.db is missing or empty, though files of jobs or a kiln.db-wal are in the data folder. No new database is made "
                + "over them. Put kiln.db back, or move the data folder away and bring back a backup with 'kiln restore'."
        case .walLost:
            "kiln.db-wal is missing, though the last server did not close the database: its newest jobs were in that file. Put it "
                + "back, or bring back a backup with 'kiln restore', or go on without them by 'kiln verify --accept-loss'."
        case .walDamaged(let hidden):
            "kiln.db-wal is damaged, and \(hidden) transactions behind the damage cannot be read. Nothing was changed. Bring back "
                + "a backup with 'kiln restore', or go on without them by 'kiln verify --accept-loss'."
        case .missing:
            "There is no kiln.db in the data folder."
        }
    }
}
