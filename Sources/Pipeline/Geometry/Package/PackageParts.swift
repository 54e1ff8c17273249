import SystemPackage

/// The parts of a model that is a zip archive, read as streams.
struct PackageParts {
    private let archive: ZipReader

    init(_ file: ModelFile) throws(ReadError) {
        archive = try ReadError.of { () throws(ZipFault) in try ZipReader(FilePath(file.path)) }
    }

    /// By its name, with or without a slash before it, in any case; `nil` when there is none.
    func part(_ name: String) throws(ReadError) -> XMLBytes.Source? {
        let wanted = (name.hasPrefix("/") ? name.dropFirst() : name[...]).lowercased()
        guard let member = archive.members.first(where: { $0.name.lowercased() == wanted }) else { return nil }
        let stream = PartStream(try ReadError.of { () throws(ZipFault) in try archive.stream(member) })
        return { buffer throws(ReadError) in try stream.read(into: buffer) }
    }
}

/// A member of an archive on its way into buffers of any size.
private final class PartStream {
    private var stream: ZipStream
    private var rest: [UInt8] = []
    private var position = 0

    init(_ stream: consuming ZipStream) { self.stream = stream }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadError) -> Int {
        if position == rest.count {
            position = 0
            rest.removeAll(keepingCapacity: true)
            do throws(ZipFault) {
                while rest.isEmpty, let piece = try stream.next() { rest.append(contentsOf: piece) }
            } catch {
                throw ReadError(error)
            }
        }
        let count = min(buffer.count, rest.count - position)
        buffer.copyBytes(from: rest[position..<position + count])
        position += count
        return count
    }
}

extension ReadError {
    init(_ fault: ZipFault) {
        self =
            switch fault {
            case .system(let code): .system(code.rawValue)
            case .tooLarge: .tooLarge(fault.sentence)
            case .broken, .refused: .invalid(fault.sentence)
            }
    }

    static func of<Value: ~Copyable>(_ body: () throws(ZipFault) -> Value) throws(ReadError) -> Value {
        do throws(ZipFault) {
            return try body()
        } catch {
            throw ReadError(error)
        }
    }
}
