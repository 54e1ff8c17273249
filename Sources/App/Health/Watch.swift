import Persistence
import Pipeline

/// The questions that probes and scrapes share.
struct Watch: Sendable {
    /// Whether a row can be changed; `nil` when it can.
    let write: Inquiry<(any Error)?>
    /// `nil` when the database cannot be read.
    let figures: Inquiry<Figures?>
    /// The same; looks at every job that waits.
    let lines: Inquiry<[String: Line]?>
    let disk: Inquiry<DiskFigures>

    /// What is asked again at most so often, because the answer costs something.
    private static let rest = Duration.seconds(1)

    init(_ store: Store, _ space: DiskSpace) {
        write = Inquiry(freshness: Self.rest) { [writer = store.writer] tell in
            writer.probe { result in
                if case .failure(let error) = result { tell(error) } else { tell(nil) }
            }
        }
        figures = Inquiry(freshness: .zero) { [jobs = store.jobs] tell in
            // Why it fails is in the log of whoever needs it.
            jobs.figures { tell(try? $0.get()) }
        }
        lines = Inquiry(freshness: Self.rest) { [jobs = store.jobs] tell in
            jobs.lines { tell(try? $0.get()) }
        }
        // A thread of its own, and no more than one: a disk that hangs keeps it.
        let thread = BlockingPool(threads: 1)
        disk = Inquiry(freshness: Self.rest) { [folder = store.folder] tell in
            _ = thread.begin { tell(DiskFigures(folder, space)) }
        }
    }
}

/// What the disk says of itself and of what we have there, in bytes; `nil` where it does not say.
struct DiskFigures: Sendable {
    let free: Int64?
    let size: Int64?
    let database: Int64?
    let wal: Int64?
    /// Whether a file can be made in the data folder.
    let isWritable: Bool

    init(_ folder: DataFolder, _ space: DiskSpace) {
        (free, size) = (space.free, space.size)
        (database, wal) = (folder.databaseSize, folder.walSize)
        isWritable = (try? folder.tryWriting()) != nil
    }
}
