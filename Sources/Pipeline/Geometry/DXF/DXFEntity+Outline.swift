import Glibc

extension DXFEntity {
    /// Points whose box is that of the entity: corners, the outermost points of arcs, the control points of curves. Text
    /// counts with the point where it is put. Empty for what has no size of its own, or none that is read here.
    var outline: [SIMD3<Double>] {
        switch type {
        case "LINE", "LEADER": points(0...1)
        case "3DFACE", "POINT", "MTEXT", "MESH", "IMAGE": points(type == "3DFACE" ? 0...3 : 0...0)
        case "SPLINE": points(0...1)
        case "SOLID", "TRACE": points(0...3).map(extrusion.callAsFunction)
        case "TEXT", "ATTRIB", "SHAPE": points(0...0).map(extrusion.callAsFunction)
        case "LWPOLYLINE": points(0...0).map { extrusion(SIMD3($0.x, $0.y, number(38))) }
        case "CIRCLE": circle(from: 0, to: 360)
        case "ARC": circle(from: number(50), to: number(51))
        case "ELLIPSE": ellipse
        case "DIMENSION": points(0...0) + points(3...4)
        default: []
        }
    }

    /// The ends of an arc and its outermost points; angles in degrees, counter-clockwise.
    private func circle(from start: Double, to end: Double) -> [SIMD3<Double>] {
        guard let centre = points(0...0).first else { return [] }
        let sweep = end > start ? end - start : end - start + 360
        let quarters = stride(from: 0.0, to: 720, by: 90).filter { $0 > start && $0 < start + sweep }
        let radius = number(40)
        return ([start, start + sweep] + quarters).map { angle in
            let radians = angle * .pi / 180
            return extrusion(centre + SIMD3(cos(radians), sin(radians), 0) * radius)
        }
    }

    /// A point for every two degrees or so.
    private var ellipse: [SIMD3<Double>] {
        guard let centre = points(0...0).first, let major = points(1...1).first else { return [] }
        let normal = extrusion(SIMD3(0, 0, 1))
        let minor = Self.cross(normal, major) * number(40, else: 1)
        let (start, end) = (number(41), number(42, else: 2 * .pi))
        return (0...180).map { step in
            let angle = start + (end - start) * Double(step) / 180
            return centre + major * cos(angle) + minor * sin(angle)
        }
    }
}
