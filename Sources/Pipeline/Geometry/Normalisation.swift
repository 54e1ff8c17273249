/// The change from one frame to another: a scale, and a turn around the x axis. Where either side does not know its
/// unit or its up axis, that part is left alone.
package struct Normalisation: Hashable, Sendable {
    /// A quarter turn around x.
    package enum Turn: Hashable, Sendable {
        /// Z-up to Y-up: (x, y, z) becomes (x, z, −y).
        case zUpToYUp
        /// Y-up to Z-up: (x, y, z) becomes (x, −z, y).
        case yUpToZUp
    }

    /// By which coordinates are multiplied.
    package let scale: Double
    package let turn: Turn?

    /// - Parameter factor: by which everything is scaled besides.
    package init(from source: Frame, to target: Frame, scaledBy factor: Double = 1) {
        if let source = source.metresPerUnit, let target = target.metresPerUnit {
            scale = factor * (source / target)
        } else {
            scale = factor
        }
        turn =
            switch (source.up, target.up) {
            case (.z, .y): .zUpToYUp
            case (.y, .z): .yUpToZUp
            default: nil
            }
    }

    package var isIdentity: Bool { scale == 1 && turn == nil }

    /// Whether we can change the numbers of a file of this format.
    package static func isPossible(in format: Format) -> Bool {
        Reading.Kind(format).flatMap(rewriter) != nil
    }

    /// Rewrites the model at `path` in place: a new file is written beside it and takes its name when it is complete.
    /// Not synchronised to the disk. The identity does nothing, and does not look at the file.
    ///
    /// Blocks: call it off the cooperative pool. Throws when the file is not a valid one; it is left as it was then.
    package func apply(
        to path: String, format: Reading.Kind, caps: ReadCaps = ReadCaps()
    ) throws(ReadError) {
        guard !isIdentity else { return }
        guard let write = Self.rewriter(of: format) else {
            throw .invalid("The numbers of a file of this format cannot be changed.")
        }
        let budget = ReadBudget(caps)
        let file = try ModelFile.open(path, budget: budget)
        let rewrite = try Rewrite(of: file)
        try write(self, file, rewrite, budget)
        try rewrite.commit()
    }

    private typealias Rewriter = (Normalisation, ModelFile, Rewrite, ReadBudget) throws(ReadError) -> Void

    private static func rewriter(of format: Reading.Kind) -> Rewriter? {
        switch format {
        case .stl:
            { (change, file, rewrite, budget) throws(ReadError) in
                try change.rewriteSTL(file, into: rewrite, budget: budget)
            }
        case .obj:
            { (change, file, rewrite, budget) throws(ReadError) in
                try change.rewriteOBJ(file, into: rewrite, budget: budget)
            }
        case .ply:
            { (change, file, rewrite, budget) throws(ReadError) in
                try change.rewritePLY(file, into: rewrite, budget: budget)
            }
        case .gltf, .glb:
            { (change, file, rewrite, budget) throws(ReadError) in
                try change.rewriteGLTF(file, binary: format == .glb, into: rewrite, budget: budget)
            }
        case .off:
            { (change, file, rewrite, budget) throws(ReadError) in
                try change.rewriteOFF(file, into: rewrite, budget: budget)
            }
        default: nil
        }
    }

    /// Sizes along x, y, z of a model after the change.
    func extents(_ extents: [Double]) -> [Double] {
        let turned = turn != nil && extents.count == 3 ? [extents[0], extents[2], extents[1]] : extents
        return turned.map { $0 * scale }
    }

    func point(_ point: SIMD3<Double>) -> SIMD3<Double> { direction(point) * scale }

    /// Normals turn, but keep their length. A zero stays a zero without a sign.
    func direction(_ direction: SIMD3<Double>) -> SIMD3<Double> {
        switch turn {
        case .zUpToYUp: SIMD3(direction.x, direction.z, 0 - direction.y)
        case .yUpToZUp: SIMD3(direction.x, 0 - direction.z, direction.y)
        case nil: direction
        }
    }
}
