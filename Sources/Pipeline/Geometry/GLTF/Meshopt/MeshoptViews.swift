/// The compressed views of a glTF, decoded once each and kept, since many accessors share one.
final class MeshoptViews {
    private var views: [Int: [UInt8]] = [:]
    private var left = 512 << 20

    /// The decoded bytes of a view whose place in `buffer` was checked; `nil` when it is filtered for something that is
    /// not measured, or when all views together would take more than 512 MB.
    func bytes(
        ofView index: Int, _ view: MeshoptView, in buffer: GLTFBuffers.Bytes, budget: ReadBudget
    ) throws(ReadError) -> [UInt8]? {
        if let known = views[index] { return known }
        guard view.isMeasurable, buffer.count != nil, view.size <= left, view.length <= left else { return nil }
        left -= view.size
        try budget.checkTime()
        var compressed = [UInt8](repeating: 0, count: view.length)
        try compressed.withMutableBytes { target throws(ReadError) in try buffer.copy(at: view.offset, into: target) }
        let bytes = try view.decoded(compressed, budget: budget)
        views[index] = bytes
        return bytes
    }
}
