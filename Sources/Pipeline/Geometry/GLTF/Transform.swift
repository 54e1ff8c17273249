/// An affine map: the images of the three axes, and of the origin.
struct Transform {
    private var x = SIMD3<Double>(1, 0, 0)
    private var y = SIMD3<Double>(0, 1, 0)
    private var z = SIMD3<Double>(0, 0, 1)
    private var origin = SIMD3<Double>.zero

    static let identity = Transform()

    private init() {}

    /// Sixteen numbers, column by column; the last row is taken to be 0, 0, 0, 1, as glTF demands.
    init(columns: [Double]) {
        x = SIMD3(columns[0], columns[1], columns[2])
        y = SIMD3(columns[4], columns[5], columns[6])
        z = SIMD3(columns[8], columns[9], columns[10])
        origin = SIMD3(columns[12], columns[13], columns[14])
    }

    @inline(__always)
    func callAsFunction(_ point: SIMD3<Double>) -> SIMD3<Double> {
        x * point.x + y * point.y + (z * point.z + origin)
    }

    /// First `inner`, then `self`.
    func after(_ inner: Transform) -> Transform {
        var product = Transform()
        product.origin = self(inner.origin)
        product.x = self(inner.x) - origin
        product.y = self(inner.y) - origin
        product.z = self(inner.z) - origin
        return product
    }
}

extension Transform {
    /// What a glTF node says instead of a matrix.
    struct Parts {
        var translation: [Double]?
        /// A quaternion x, y, z, w.
        var rotation: [Double]?
        var scale: [Double]?

        var isEmpty: Bool { translation == nil && rotation == nil && scale == nil }
    }

    /// First scaled, then rotated, then moved (glTF 2.0, 3.5.3). The quaternion is normalised.
    init(_ parts: Parts) {
        let t = parts.translation ?? [0, 0, 0]
        let s = parts.scale ?? [1, 1, 1]
        let q = parts.rotation ?? [0, 0, 0, 1]
        let norm = q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]
        let f = norm > 0 ? 2 / norm : 0
        let (xx, yy, zz) = (q[0] * q[0] * f, q[1] * q[1] * f, q[2] * q[2] * f)
        let (xy, xz, yz) = (q[0] * q[1] * f, q[0] * q[2] * f, q[1] * q[2] * f)
        let (wx, wy, wz) = (q[3] * q[0] * f, q[3] * q[1] * f, q[3] * q[2] * f)
        x = SIMD3(1 - yy - zz, xy + wz, xz - wy) * s[0]
        y = SIMD3(xy - wz, 1 - xx - zz, yz + wx) * s[1]
        z = SIMD3(xz + wy, yz - wx, 1 - xx - yy) * s[2]
        origin = SIMD3(t[0], t[1], t[2])
    }
}
