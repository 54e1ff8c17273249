package import Persistence

/// A zip archive written from front to back, in constant memory but for about 100 bytes per file.
///
/// The same files, names and time give the same bytes. Formats compressed already are stored, others deflated at
/// level 6 (about 16 MB/s on one core). Archives and files over 4 GiB and more than 65,534 files take ZIP64.
/// All calls block: keep them off the cooperative pool. Nothing is synced or closed.
package struct ZipWriter: ~Copyable {
    /// 1980-01-01, the earliest time a zip can tell.
    package static let earliest = Instant(rawValue: 315_532_800_000)

    private var output: ZipOutput
    private let modified: ZipTime
    private let limits: ZipLimits
    private var directory = ZipDirectory()
    private var names: Set<String> = []
    private var isBroken = false

    /// Writes to `descriptor`, which may be a pipe. `modified` is the time of every file.
    package init(to descriptor: Int32, modified: Instant = earliest) {
        self.init(output: ZipOutput(descriptor: descriptor), modified: modified)
    }

    /// Hands the archive to `write` in order, files at most 256 KB at a time. What it throws ends the call in progress
    /// with `ZipError.stopped`, also to cancel a long one.
    package init(modified: Instant = earliest, write: @escaping (UnsafeRawBufferPointer) throws -> Void) {
        self.init(output: ZipOutput(write), modified: modified)
    }

    init(output: ZipOutput, modified: Instant, limits: ZipLimits = ZipLimits()) {
        self.output = output
        self.modified = ZipTime(modified)
        self.limits = limits
    }

    /// Adds the file at `path` as `name` (relative, with `/`). A symbolic link is refused, but followed where it is a
    /// folder on the way: open files of a folder that is not trusted yourself.
    package mutating func add(_ name: String, from path: String) throws(ZipError) {
        try check(name)
        try add(name, ZipSource(path: path, name: name))
    }

    /// Adds an open file from its first byte to its last. The descriptor stays open, its position unchanged.
    package mutating func add(_ name: String, from descriptor: Int32) throws(ZipError) {
        try check(name)
        try add(name, ZipSource(descriptor: descriptor, closes: false, name: name))
    }

    /// Adds a stretch of an open file without compressing it.
    mutating func store(_ name: String, from descriptor: Int32, range: Range<Int64>) throws(ZipError) {
        try check(name)
        try add(name, ZipSource(descriptor: descriptor, range: range, name: name), isStored: true)
    }

    /// Writes the central directory: without it there is no archive.
    package consuming func finish() throws(ZipError) {
        if isBroken { throw .broken }
        let start = output.offset
        try output.put(directory.headers)
        try output.put(directory.end(at: start, limits: limits))
    }

    private func check(_ name: String) throws(ZipError) {
        if isBroken { throw .broken }
        try ZipName.check(name)
        if names.contains(name) { throw .nameTwice(name) }
    }

    private mutating func add(
        _ name: String, _ source: consuming ZipSource, isStored: Bool = false
    ) throws(ZipError) {
        let isStored = isStored || ZipName.isCompressed(name) || source.size == 0
        var entry = ZipEntry(
            name: Array(name.utf8), modified: modified, isStored: isStored, size: source.size, offset: output.offset,
            isLarge: limits.areExceeded(by: source.size, isStored: isStored), isFar: output.offset >= limits.bytes)
        if isStored {
            entry.checksum = try source.checksum()
            entry.compressedSize = source.size
        }
        isBroken = true
        try output.put(entry.localHeader)
        if isStored {
            try store(&source, as: entry, name)
        } else {
            try deflate(&source, into: &entry)
        }
        isBroken = false
        names.insert(name)
        directory.add(entry)
    }

    private mutating func store(_ source: inout ZipSource, as entry: ZipEntry, _ name: String) throws(ZipError) {
        var checksum = ZipChecksum()
        while !source.isAtEnd {
            let chunk = try source.next()
            checksum.add(chunk)
            try output.put(chunk)
        }
        guard checksum.value == entry.checksum else { throw .changed(name) }
    }

    private mutating func deflate(_ source: inout ZipSource, into entry: inout ZipEntry) throws(ZipError) {
        var deflater = try Deflater(), checksum = ZipChecksum()
        while !source.isAtEnd {
            let chunk = try source.next()
            checksum.add(chunk)
            deflater.push(chunk, isLast: source.isAtEnd)
            while let compressed = deflater.pull() {
                entry.compressedSize += UInt64(compressed.count)
                try output.put(compressed)
            }
        }
        entry.checksum = checksum.value
        try output.put(entry.dataDescriptor)
    }
}
