/// One numbered SQL file of this folder, as embedded in the binary.
package struct Migration: Sendable {
    /// Rises by one; equals the file name's leading number and, once applied, `PRAGMA user_version`.
    package let version: Int
    package let sql: String
}

extension Migration {
    /// Every migration, in order. A new one is a new file, named here; landed files are never edited.
    package static let all: [Migration] = [
        Migration(version: 1, PackageResources._001_jobs_sql),
        Migration(version: 2, PackageResources._002_events_sql),
        Migration(version: 3, PackageResources._003_dead_letters_sql),
        Migration(version: 4, PackageResources._004_deletion_sql),
        Migration(version: 5, PackageResources._005_shares_sql),
        Migration(version: 6, PackageResources._006_pauses_sql),
        Migration(version: 7, PackageResources._007_cache_sql),
        Migration(version: 8, PackageResources._008_retention_sql),
        Migration(version: 9, PackageResources._009_audit_sql),
        Migration(version: 10, PackageResources._010_small_files_sql),
    ]
}

extension Migration {
    private init(version: Int, _ resource: [UInt8]) {
        self.init(version: version, sql: String(decoding: resource, as: UTF8.self))
    }
}
