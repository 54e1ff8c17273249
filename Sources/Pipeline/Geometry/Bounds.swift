/// The axis-aligned box around points, and the memory of any that was not finite.
struct Bounds {
    private var low = SIMD3<Double>(repeating: .infinity)
    private var high = SIMD3<Double>(repeating: -.infinity)
    /// Zero until a coordinate is NaN or infinite: without a branch per point.
    private var poison = SIMD3<Double>.zero

    @inline(__always)
    mutating func add(_ point: SIMD3<Double>) {
        low.replace(with: point, where: point .< low)
        high.replace(with: point, where: point .> high)
        poison += point * 0
    }

    var isEmpty: Bool { low.x > high.x }

    /// Of the box; none when nothing was added.
    var corners: [SIMD3<Double>] {
        guard !isEmpty else { return [] }
        return (0..<8).map { corner in
            SIMD3(
                corner & 1 == 0 ? low.x : high.x, corner & 2 == 0 ? low.y : high.y, corner & 4 == 0 ? low.z : high.z)
        }
    }

    /// Sizes along x, y, z; zeros when nothing was added.
    func extents() throws(ReadError) -> [Double] {
        guard poison == .zero else { throw .invalid("A coordinate is not a finite number.") }
        guard low.x <= high.x else { return [0, 0, 0] }
        let size = high - low
        guard size.x.isFinite, size.y.isFinite, size.z.isFinite else {
            throw .invalid("The coordinates are too far apart for a number.")
        }
        return [size.x, size.y, size.z]
    }
}
