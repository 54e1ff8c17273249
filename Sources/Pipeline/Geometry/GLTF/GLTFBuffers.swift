import Glibc

/// The bytes a glTF refers to: of the GLB itself, of data URIs, and of files beside it.
///
/// A file is named by a plain relative name in the folder of the model; every other reference is invalid.
struct GLTFBuffers {
    /// A run of bytes in a file or in memory.
    enum Bytes {
        case file(ModelFile, Range<Int>)
        case loaded([UInt8])
        /// Exists only compressed.
        case none

        var count: Int? {
            switch self {
            case .file(_, let range): range.count
            case .loaded(let bytes): bytes.count
            case .none: nil
            }
        }

        /// Fills `target`, with zeros where there is nothing. Bounds were checked against `count`.
        func copy(at offset: Int, into target: UnsafeMutableRawBufferPointer) throws(ReadError) {
            switch self {
            case .file(let file, let range):
                guard try file.read(at: range.lowerBound + offset, into: target) == target.count else { throw .cutOff }
            case .loaded(let source):
                target.copyBytes(from: source[offset..<offset + target.count])
            case .none: target.initializeMemory(as: UInt8.self, repeating: 0)
            }
        }
    }

    private(set) var all: [Bytes] = []
    /// More open files than this are refused.
    private static let filesAtMost = 64

    init(
        _ buffers: [GLTFDocument.Buffer], of file: ModelFile, binary: Range<Int>?, budget: ReadBudget
    ) throws(ReadError) {
        var files = 0
        for (index, buffer) in buffers.enumerated() {
            let bytes = try Self.bytes(buffer, of: file, binary: index == 0 ? binary : nil, budget: budget)
            if case .file = bytes { files += 1 }
            guard files <= Self.filesAtMost else {
                throw .tooLarge("The glTF has more than \(Self.filesAtMost) files.")
            }
            guard bytes.count ?? buffer.length >= buffer.length else {
                throw .invalid("Buffer \(index) of the glTF has fewer than its \(buffer.length) bytes.")
            }
            all.append(bytes)
        }
    }

    private static func bytes(
        _ buffer: GLTFDocument.Buffer, of file: ModelFile, binary: Range<Int>?, budget: ReadBudget
    ) throws(ReadError) -> Bytes {
        guard let uri = buffer.uri else {
            if let binary { return .file(file, binary) }
            guard buffer.isFallback || buffer.length == 0 else { throw .invalid("A buffer of the glTF has no data.") }
            return .none
        }
        if uri.utf8.starts(with: "data:".utf8) { return .loaded(try DataURI.decode(uri)) }
        guard let name = plainName(uri) else { throw .invalid("The glTF refers to a file outside its folder.") }
        let folder = file.path.utf8.lastIndex(of: UInt8(ascii: "/")).map { file.path[...$0] } ?? ""
        do throws(ReadError) {
            let side = try ModelFile.open(folder + name, budget: budget)
            return .file(side, 0..<side.size)
        } catch {
            throw error == .system(ENOENT) ? .invalid("The glTF refers to a file that is not there.") : error
        }
    }

    /// The name in the same folder that a URI stands for, percent signs resolved; `nil` for anything else.
    static func plainName(_ uri: String) -> String? {
        guard var name = percentDecoded(uri) else { return nil }
        if name.hasPrefix("./") { name.removeFirst(2) }
        let isPlain =
            !name.isEmpty && name != "." && name != ".."
            && name.utf8.allSatisfy { $0 >= 32 && $0 != 127 && !"/\\:?#".utf8.contains($0) }
        return isPlain ? name : nil
    }

    private static func percentDecoded(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard rest.count >= 2, let value = UInt8(Substring(rest.prefix(2)), radix: 16) else { return nil }
                bytes.append(value)
                rest.removeFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
