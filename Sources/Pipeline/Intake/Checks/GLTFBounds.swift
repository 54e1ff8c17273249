/// Whether everything that a glTF places somewhere lies in what is there.
struct GLTFBounds {
    let document: GLTFDocument
    /// How many bytes each buffer really has; nil where that is not known.
    let sizes: [Int?]

    /// Elements that an accessor may have without data: what only a decompressor, or nobody, fills.
    private static let mostWithoutData = 200_000_000

    func check() throws(ImpossibleFile) {
        for collection in GLTFDocument.Collection.allCases {
            let (index, count) = (document.uses.highest(of: collection), document.count(of: collection))
            guard index < count else { throw .outOfRange(collection.label, index: index, count: count) }
        }
        for (index, buffer) in document.buffers.enumerated() {
            guard buffer.length <= sizes[index] ?? .max else { throw .outOfBounds("Buffer \(index) of the glTF") }
        }
        for (index, view) in document.views.enumerated() { try check(view, index) }
        for (index, accessor) in document.accessors.enumerated() {
            try check(accessor, "Accessor \(index) of the glTF")
        }
    }

    private func check(_ view: GLTFDocument.View, _ index: Int) throws(ImpossibleFile) {
        var places = [(view.buffer, view.offset + view.length)]
        if case .meshopt(let packed) = view.compression {
            places.append((packed.buffer, packed.offset + packed.length))
        }
        for (buffer, end) in places {
            let count = document.buffers.count
            guard buffer < count else { throw .outOfRange("buffers", index: buffer, count: count) }
            guard end <= document.buffers[buffer].length else { throw .outOfBounds("Buffer view \(index) of the glTF") }
        }
    }

    private func check(_ accessor: GLTFDocument.Accessor, _ name: String) throws(ImpossibleFile) {
        try check(accessor.elements, name)
        guard let sparse = accessor.sparse else { return }
        guard sparse.count <= accessor.elements.count else { throw .outOfBounds("\(name), which is sparse,") }
        try check(sparse.indices, name)
        try check(sparse.values, name)
    }

    private func check(_ elements: GLTFDocument.Elements, _ name: String) throws(ImpossibleFile) {
        guard let index = elements.view else {
            guard elements.count <= Self.mostWithoutData else {
                throw .malformed("\(name) has \(elements.count) elements, but no data.")
            }
            return
        }
        let view = document.views[index]
        guard elements.count > 0 else { return }
        let (steps, overflow) = (elements.count - 1).multipliedReportingOverflow(by: view.stride ?? elements.size)
        guard !overflow, elements.offset + elements.size <= view.length,
            steps <= view.length - elements.offset - elements.size
        else { throw .outOfBounds(name) }
    }
}
