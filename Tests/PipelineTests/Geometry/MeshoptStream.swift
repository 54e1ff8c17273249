import TestSupport
import Testing

@testable import Pipeline

/// A compressed view with its bytes, out of a sample or made by hand.
struct MeshoptStream: Sendable, CustomTestStringConvertible {
    let view: MeshoptView
    let bytes: [UInt8]

    var testDescription: String { "\(view.mode.rawValue) \(view.count) × \(view.stride)" }

    /// Those of both samples.
    static let all = [true, false].flatMap { isQuantised in
        // Without streams the tests over them would not run, which shows in `a file of gltfpack measures …`.
        (try? streams(of: Samples.meshopt(isQuantised: isQuantised))) ?? []
    }

    static func streams(of glb: [UInt8]) throws -> [MeshoptStream] {
        let folder = try ModelFolder()
        let budget = ReadBudget(ReadCaps())
        let file = try ModelFile.open(folder.write(glb, as: "model"), budget: budget)
        let model = try #require(try GLTFModel(file, binary: true, budget: budget))
        return try model.document.views.compactMap { view in
            guard case .meshopt(let compressed) = view.compression else { return nil }
            var bytes = [UInt8](repeating: 0, count: compressed.length)
            try bytes.withMutableBytes { target throws(ReadError) in
                try model.buffers.all[compressed.buffer].copy(at: compressed.offset, into: target)
            }
            return MeshoptStream(view: compressed, bytes: bytes)
        }
    }

    init(view: MeshoptView, bytes: [UInt8]) {
        self.view = view
        self.bytes = bytes
    }

    init(
        _ mode: MeshoptView.Mode, count: Int, stride: Int = 4, filter: MeshoptView.Filter = .none, _ bytes: [UInt8]
    ) {
        var view = MeshoptView()
        (view.mode, view.count, view.stride, view.filter) = (mode, count, stride, filter)
        self.init(view: view, bytes: bytes)
    }

    /// Sixteen elements or fewer of any values, without any saving: every byte of every difference is told.
    init(plain elements: [[UInt8]], filter: MeshoptView.Filter = .none) {
        let stride = elements[0].count
        let columns = (0..<stride).map { column -> [UInt8] in
            let values = [0] + elements.map { $0[column] }
            let differences = zip(values.dropFirst(), values).map { $0 &- $1 }
            let codes = differences.map { $0 & 0x80 == 0 ? $0 << 1 : ~($0 << 1) }
            return [3] + codes + [UInt8](repeating: 0, count: 16 - codes.count)
        }
        let tail = [UInt8](repeating: 0, count: max(stride, 32))
        self.init(
            .attributes, count: elements.count, stride: stride, filter: filter, [0xA0] + columns.joined() + tail)
    }

    func decoded() throws(ReadError) -> [UInt8] { try view.decoded(bytes, budget: ReadBudget(ReadCaps())) }

    /// As 32-bit numbers.
    func indices() throws -> [UInt32] {
        let bytes = try decoded()
        return stride(from: 0, to: bytes.count, by: 4).map { place in
            bytes[place..<place + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
    }
}
