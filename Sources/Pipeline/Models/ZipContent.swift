import Synchronization
import SystemPackage

extension Content {
    /// A file inside an archive. Reading on from where the last read ended is cheap; going back unpacks from the
    /// beginning. Throws `ZipFault`, and so do its reads.
    init(_ member: ZipMember, in archive: ZipReader) throws {
        let unpacking = ZipUnpacking(member, archive)
        try self.init(size: member.size) { try unpacking.bytes(in: $0) }
    }
}

/// A member of an archive that is read at any place, mostly in order.
private final class ZipUnpacking: Sendable {
    private let member: ZipMember
    private let archive: ZipReader
    private let state = Mutex(State())

    private struct State: ~Copyable {
        var stream: ZipStream?
        /// Where the piece begins, and what has come last.
        var position: Int64 = 0
        var piece: [UInt8] = []
    }

    init(_ member: ZipMember, _ archive: ZipReader) {
        self.member = member
        self.archive = archive
    }

    func bytes(in range: Range<Int64>) throws -> [UInt8] {
        try state.withLock { state in
            if state.stream == nil || range.lowerBound < state.position {
                state.stream = try archive.stream(member)
                (state.position, state.piece) = (0, [])
            }
            var bytes: [UInt8] = []
            bytes.reserveCapacity(range.count)
            while bytes.count < range.count {
                let next = range.lowerBound + Int64(bytes.count)
                let end = state.position + Int64(state.piece.count)
                if next < end {
                    let start = Int(next - state.position)
                    bytes += state.piece[start...].prefix(range.count - bytes.count)
                } else {
                    guard let piece = try state.stream?.next() else { break }
                    (state.position, state.piece) = (end, Array(piece))
                }
            }
            return bytes
        }
    }
}
