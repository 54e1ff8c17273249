/// The elements of an accessor in order, a block at a time: those of its view, or zeros, with the sparse ones put over.
struct AccessorStream {
    let elements: GLTFDocument.Elements
    let stride: Int
    private let bytes: GLTFBuffers.Bytes
    private let offset: Int
    private let sparse: SparseElements?
    private let budget: ReadBudget
    /// The elements last read: the first byte begins an element, the next one begins `stride` bytes later.
    private(set) var block: [UInt8]
    private var done = 0

    private static let window = 256 << 10

    /// `nil` when the data cannot be decoded, or has more sparse elements than are kept in memory.
    init?(
        _ elements: GLTFDocument.Elements, sparse: GLTFDocument.Sparse? = nil, in model: GLTFModel, budget: ReadBudget
    ) throws(ReadError) {
        self.elements = elements
        self.budget = budget
        if let index = elements.view {
            guard let view = try model.bytes(ofView: index, budget: budget) else { return nil }
            stride = model.document.views[index].stride ?? elements.size
            bytes = view.bytes
            offset = view.start + elements.offset
        } else {
            (stride, bytes, offset) = (elements.size, .none, 0)
        }
        if let sparse {
            guard let loaded = try SparseElements(sparse, of: elements.count, in: model, budget: budget) else {
                return nil
            }
            self.sparse = loaded
        } else {
            self.sparse = nil
        }
        block = [UInt8](repeating: 0, count: min(Self.window, max(elements.count, 1) * stride))
    }

    /// Fills `block` with as many of the next elements as it holds, and tells how many; `nil` at the end.
    mutating func next() throws(ReadError) -> Int? {
        guard done < elements.count else { return nil }
        try budget.checkTime()
        let count = min(elements.count - done, block.count / stride)
        let (start, length) = (offset + done * stride, (count - 1) * stride + elements.size)
        try block.withMutableBytes { target throws(ReadError) in
            try bytes.copy(at: start, into: UnsafeMutableRawBufferPointer(rebasing: target[..<length]))
        }
        sparse?.put(over: &block, elements: done..<done + count, stride: stride)
        done += count
        return count
    }
}

/// The sparse elements of an accessor, in memory.
private struct SparseElements {
    private var indices: [Int] = []
    private var values: [UInt8] = []
    private let size: Int

    private static let most = 16_000_000

    init?(_ sparse: GLTFDocument.Sparse, of total: Int, in model: GLTFModel, budget: ReadBudget) throws(ReadError) {
        size = sparse.values.size
        guard sparse.count <= Self.most else { return nil }
        try budget.spend(sparse.count)
        guard var positions = try AccessorStream(sparse.indices, in: model, budget: budget),
            var replacements = try AccessorStream(sparse.values, in: model, budget: budget)
        else { return nil }
        while let count = try positions.next() {
            for element in 0..<count {
                let offset = element * positions.stride
                indices.append(
                    try positions.block.withBytes { bytes throws(ReadError) in
                        try bytes.index(at: offset, sparse.indices.component)
                    })
            }
        }
        while let count = try replacements.next() {
            for element in 0..<count {
                let start = element * replacements.stride
                values.append(contentsOf: replacements.block[start..<start + size])
            }
        }
        guard zip(indices, indices.dropFirst()).allSatisfy(<), indices.last ?? -1 < total else {
            throw .invalid("The indices of a sparse accessor do not rise, or leave it.")
        }
    }

    func put(over block: inout [UInt8], elements: Range<Int>, stride: Int) {
        var next = indices.partitioningIndex { $0 >= elements.lowerBound }
        while next < indices.count, indices[next] < elements.upperBound {
            let start = (indices[next] - elements.lowerBound) * stride
            for byte in 0..<size { block[start + byte] = values[next * size + byte] }
            next += 1
        }
    }
}

extension [Int] {
    /// The first place where `isBehind` holds, in an array where it holds from some place on.
    fileprivate func partitioningIndex(_ isBehind: (Int) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
