/// One object of a drawing, as far as its size and its count depend on it.
///
/// Source: Autodesk, DXF Reference, chapter 6 (ENTITIES), and "Arbitrary Axis Algorithm" in appendix A.
struct DXFEntity {
    let type: String
    /// Of a block, where there is one.
    private(set) var name = ""
    /// Points by the last digit of their codes: 10, 20, 30 make point 0.
    private(set) var points: [(index: Int, place: SIMD3<Double>)] = []
    private var numbers: [Int: Double] = [:]
    /// From code 101 on another object is told, with points of another meaning.
    private var isEmbedding = false

    init(_ type: String) { self.type = type }

    mutating func read(_ code: Int, _ value: inout TextCursor, budget: ReadBudget) throws(ReadError) {
        switch code {
        case _ where isEmbedding: break
        case 101: isEmbedding = true
        case 2 where name.isEmpty: name = value.rest()
        case 10...18:
            try budget.spend(1)
            points.append((code - 10, SIMD3(try Self.number(&value), 0, 0)))
        case 20...28: try set(1, of: code - 20, to: Self.number(&value))
        case 30...37: try set(2, of: code - 30, to: Self.number(&value))
        case 38...78, 210, 220, 230: numbers[code] = try Self.number(&value)
        default: break
        }
    }

    private static func number(_ value: inout TextCursor) throws(ReadError) -> Double {
        guard let number = value.number() else {
            throw .invalid("The DXF has something else where a number should be.")
        }
        return number
    }

    /// Axes follow the x of their point.
    private mutating func set(_ axis: Int, of index: Int, to value: Double) {
        guard let last = points.lastIndex(where: { $0.index == index }) else { return }
        points[last].place[axis] = value
    }

    func number(_ code: Int, else fallback: Double = 0) -> Double { numbers[code] ?? fallback }

    /// A count, an index or flags; what is no such number is 0.
    func integer(_ code: Int) -> Int {
        Int(exactly: number(code).rounded()).map { min(max($0, -1 << 31), 1 << 31) } ?? 0
    }

    func points(_ indices: ClosedRange<Int>) -> [SIMD3<Double>] {
        points.filter { indices.contains($0.index) }.map(\.place)
    }

    /// On a sheet of paper, not in the model.
    var isOnPaper: Bool { integer(67) == 1 }

    /// From the entity's own coordinates to those of the drawing, by the direction of its extrusion.
    var extrusion: Transform {
        let normal = SIMD3(number(210), number(220), number(230, else: 1))
        let length = (normal * normal).sum().squareRoot()
        guard length > 0, normal.x != 0 || normal.y != 0 || normal.z < 0 else { return .identity }
        let z = normal / length
        let isNearZ = abs(z.x) < 1.0 / 64 && abs(z.y) < 1.0 / 64
        let x = Self.unit(Self.cross(isNearZ ? SIMD3(0, 1, 0) : SIMD3(0, 0, 1), z))
        let y = Self.unit(Self.cross(z, x))
        return Transform(columns: [x.x, x.y, x.z, 0, y.x, y.y, y.z, 0, z.x, z.y, z.z, 0, 0, 0, 0, 1])
    }

    static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    }

    private static func unit(_ vector: SIMD3<Double>) -> SIMD3<Double> {
        vector / (vector * vector).sum().squareRoot()
    }
}
