/// A glTF or GLB whose document is read and whose references are all in bounds.
struct GLTFModel {
    let document: GLTFDocument
    let buffers: GLTFBuffers
    private let decoded = MeshoptViews()

    private static let jsonAtMost = 256 << 20

    /// `nil` for other versions than 2.0.
    init?(_ file: ModelFile, binary: Bool, budget: ReadBudget) throws(ReadError) {
        var container = GLBContainer(json: 0..<file.size, binary: nil)
        if binary {
            guard let read = try GLBContainer.read(file, budget: budget) else { return nil }
            container = read
        }
        let document = try GLTFDocument(try Self.json(container.json, of: file), budget: budget)
        guard !document.isOtherVersion else { return nil }
        self.document = document
        buffers = try GLTFBuffers(document.buffers, of: file, binary: container.binary, budget: budget)
        for view in document.views { try check(view) }
        for accessor in document.accessors { try check(accessor) }
    }

    /// The bytes that a view lies in, decoded if need be, and where in them it begins; `nil` when they are not to be had.
    func bytes(
        ofView index: Int, budget: ReadBudget
    ) throws(ReadError) -> (bytes: GLTFBuffers.Bytes, start: Int)? {
        let view = document.views[index]
        switch view.compression {
        case .unknown: return nil
        case .meshopt(let compressed):
            let buffer = buffers.all[compressed.buffer]
            return try decoded.bytes(ofView: index, compressed, in: buffer, budget: budget).map { (.loaded($0), 0) }
        case nil:
            let buffer = buffers.all[view.buffer]
            return buffer.count == nil ? nil : (buffer, view.offset)
        }
    }

    static func json(_ range: Range<Int>, of file: ModelFile) throws(ReadError) -> [UInt8] {
        guard range.count <= jsonAtMost else { throw .tooLarge("The JSON has more than \(jsonAtMost) bytes.") }
        return try file.load(range)
    }

    private func check(_ view: GLTFDocument.View) throws(ReadError) {
        guard document.buffers.indices.contains(view.buffer),
            view.offset + view.length <= document.buffers[view.buffer].length, view.stride ?? 4 <= 252
        else { throw .invalid("A buffer view of the glTF does not lie in its buffer.") }
        if case .meshopt(let compressed) = view.compression { try check(compressed, of: view) }
    }

    private func check(_ compressed: MeshoptView, of view: GLTFDocument.View) throws(ReadError) {
        guard document.buffers.indices.contains(compressed.buffer),
            compressed.offset + compressed.length <= document.buffers[compressed.buffer].length
        else { throw .invalid("Compressed data of the glTF does not lie in its buffer.") }
        guard compressed.isValid, compressed.size == view.length, compressed.stride == view.stride ?? compressed.stride
        else { throw .invalid("A compressed buffer view of the glTF contradicts itself.") }
    }

    private func check(_ accessor: GLTFDocument.Accessor) throws(ReadError) {
        try check(accessor.elements)
        if let sparse = accessor.sparse {
            guard sparse.count <= accessor.elements.count, sparse.indices.view != nil, sparse.values.view != nil else {
                throw .invalid("A sparse accessor of the glTF has no data.")
            }
            try check(sparse.indices)
            try check(sparse.values)
        }
    }

    private func check(_ elements: GLTFDocument.Elements) throws(ReadError) {
        guard let index = elements.view else { return }
        guard document.views.indices.contains(index) else {
            throw .invalid("An accessor of the glTF uses buffer view \(index), which does not exist.")
        }
        let view = document.views[index]
        let stride = view.stride ?? elements.size
        let end = elements.count == 0 ? 0 : elements.offset + (elements.count - 1) * stride + elements.size
        guard stride >= elements.size, end <= view.length else {
            throw .invalid("An accessor of the glTF does not lie in its buffer view.")
        }
    }
}
