import Glibc
import SystemPackage

/// A look at the write-ahead log that a crash has left (sqlite.org/fileformat2.html, section 4).
///
/// SQLite reads it up to the first frame that does not fit, and passes over all that is behind it without a word: after a
/// crash that is a transaction which was never finished. But a transaction is begun only when the one before is on disk
/// (`synchronous = FULL`), so a crash leaves at most one ending behind such a frame. Two are transactions that somebody was
/// told of, behind a damage. One damaged ending, the last, cannot be told from a crash.
struct WALExamination {
    private let file: FileDescriptor
    private let header: Header?
    private var frame: [UInt8]

    private static let headerSize = 32
    private static let frameHeaderSize = 24
    /// Of a database whose log does not tell any more.
    private static let usualPage = 4096

    /// How many transactions SQLite would pass over though somebody was told of them; none where all is well. Blocks.
    ///
    /// - Parameter log: nobody may be writing to it.
    static func hiddenTransactions(in log: FilePath) throws -> Int {
        let descriptor = open(log.string, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return 0 }
            throw SystemError("open the write-ahead log")
        }
        defer { close(descriptor) }
        var examination = try WALExamination(FileDescriptor(rawValue: descriptor))
        let endings = try examination.endingsBehindTheBreak()
        return endings < 2 ? 0 : endings
    }

    private init(_ file: FileDescriptor) throws {
        self.file = file
        var head = [UInt8](repeating: 0, count: Self.headerSize)
        let isWhole = try head.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: 0, into: $0) } == head.count
        header = isWhole ? Header(head) : nil
        frame = [UInt8](repeating: 0, count: Self.frameHeaderSize + (header?.page ?? Self.usualPage))
    }

    private mutating func endingsBehindTheBreak() throws -> Int {
        var sum = header?.sum
        var salts = header?.salts
        var (endings, offset) = (0, Int64(Self.headerSize))
        while try readFrame(at: offset) {
            offset += Int64(frame.count)
            // Where the head of the log is damaged, its first frame tells whose frames these are.
            salts = salts ?? frame[8..<16]
            guard frame[8..<16] == salts, number(at: 0) != 0 else {
                sum = nil
                continue
            }
            if let header, let before = sum {
                let after = header.sum(of: frame, from: before)
                if after == Sum(number(at: 16), number(at: 20)) {
                    sum = after
                    continue
                }
                sum = nil
            }
            // The size of the database, which only the last frame of a transaction has.
            if number(at: 4) != 0 { endings += 1 }
        }
        return endings
    }

    private mutating func readFrame(at offset: Int64) throws -> Bool {
        try frame.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: offset, into: $0) } == frame.count
    }

    private func number(at index: Int) -> UInt32 { frame.bigEndian(at: index) }

    /// The checksum that runs through the whole log.
    private struct Sum: Equatable {
        var first: UInt32
        var second: UInt32

        init(_ first: UInt32, _ second: UInt32) {
            self.first = first
            self.second = second
        }
    }

    private struct Header {
        let page: Int
        let salts: ArraySlice<UInt8>
        /// Where the frames go on.
        let sum: Sum
        private let isBigEndian: Bool

        /// `nil` when it is not as SQLite wrote it.
        init?(_ bytes: [UInt8]) {
            let magic = bytes.bigEndian(at: 0)
            page = Int(bytes.bigEndian(at: 8))
            guard magic & ~1 == 0x377f_0682, (512...65536).contains(page), page.nonzeroBitCount == 1 else { return nil }
            isBigEndian = magic & 1 == 1
            salts = bytes[16..<24]
            sum = Self.sum(of: bytes, 0..<24, isBigEndian, from: Sum(0, 0))
            guard sum == Sum(bytes.bigEndian(at: 24), bytes.bigEndian(at: 28)) else { return nil }
        }

        func sum(of frame: [UInt8], from before: Sum) -> Sum {
            let head = Self.sum(of: frame, 0..<8, isBigEndian, from: before)
            return Self.sum(of: frame, WALExamination.frameHeaderSize..<frame.count, isBigEndian, from: head)
        }

        private static func sum(of bytes: [UInt8], _ range: Range<Int>, _ isBigEndian: Bool, from before: Sum) -> Sum {
            var sum = before
            bytes.withUnsafeBytes { bytes in
                for index in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
                    let first = bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self)
                    let second = bytes.loadUnaligned(fromByteOffset: index + 4, as: UInt32.self)
                    sum.first &+= (isBigEndian ? first.bigEndian : first.littleEndian) &+ sum.second
                    sum.second &+= (isBigEndian ? second.bigEndian : second.littleEndian) &+ sum.first
                }
            }
            return sum
        }
    }
}

extension [UInt8] {
    fileprivate func bigEndian(at index: Int) -> UInt32 {
        self[index..<index + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
