import Glibc

/// Entities that belong together: those of the model, of the sheets, or of one block.
struct DXFGroup {
    /// A block put somewhere, once or in rows and columns.
    struct Insert {
        let block: String
        let transforms: [Transform]
        let copies: Int
    }

    /// Entities that show something themselves.
    private(set) var entities = 0
    private(set) var triangles = 0
    private(set) var vertices = 0
    /// Whether there are shapes whose triangles are not counted here: solids, surfaces, subdivided meshes.
    private(set) var hasShapes = false
    private(set) var bounds = Bounds()
    private(set) var inserts: [Insert] = []
    private var polyline: DXFEntity?

    private static let shapes: Set = ["3DSOLID", "BODY", "REGION", "SURFACE", "MESH"]
    /// What shows nothing, or belongs to an entity that is counted.
    private static let silent: Set = ["VERTEX", "SEQEND", "ATTRIB", "ATTDEF", "VIEWPORT", "INSERT", "ENDBLK", "BLOCK"]

    mutating func add(_ entity: DXFEntity) throws(ReadError) {
        if !Self.silent.contains(entity.type) { entities += 1 }
        if Self.shapes.contains(entity.type) || entity.type.hasSuffix("SURFACE") { hasShapes = true }
        switch entity.type {
        case "INSERT": inserts.append(try Self.insert(entity))
        case "POLYLINE": begin(entity)
        case "VERTEX": addVertex(entity)
        case "SEQEND": polyline = nil
        case "3DFACE": addFace(entity)
        default: break
        }
        for point in entity.outline { bounds.add(point) }
    }

    /// The fourth corner of a triangle is its third again.
    private mutating func addFace(_ entity: DXFEntity) {
        let (third, fourth) = (entity.points(2...2).first, entity.points(3...3).first)
        let corners = fourth == nil || third == fourth ? 3 : 4
        vertices += corners
        triangles += corners - 2
    }

    /// Flags: 16 is a grid of `71` by `72` vertices, closed along them by 1 and 32; 64 a mesh with faces of its own.
    private mutating func begin(_ entity: DXFEntity) {
        polyline = entity
        let flags = entity.integer(70)
        guard flags & 16 != 0 else { return }
        let (rows, columns) = (Self.count(entity, 71, flags & 1), Self.count(entity, 72, flags & 32))
        triangles += rows * columns * 2
    }

    /// Of the spaces between vertices, which are 16 bits at most.
    private static func count(_ entity: DXFEntity, _ code: Int, _ isClosed: Int) -> Int {
        max(0, min(entity.integer(code), Int(UInt16.max)) - (isClosed == 0 ? 1 : 0))
    }

    private mutating func addVertex(_ entity: DXFEntity) {
        guard let polyline else { return }
        let flags = entity.integer(70)
        if flags & 128 != 0, flags & 64 == 0 {
            let corners = (71...74).count { entity.integer($0) != 0 }
            triangles += max(0, corners - 2)
        } else if let point = entity.points(0...0).first {
            let isFlat = polyline.integer(70) & (8 | 16 | 64) == 0
            if !isFlat { vertices += 1 }
            bounds.add(isFlat ? polyline.extrusion(point) : point)
        }
    }

    private static func insert(_ entity: DXFEntity) throws(ReadError) -> Insert {
        let columns = max(1, entity.integer(70)), rows = max(1, entity.integer(71))
        let place = entity.points(0...0).first ?? .zero
        let scale = [entity.number(41, else: 1), entity.number(42, else: 1), entity.number(43, else: 1)]
        let half = entity.number(50) * .pi / 360
        let turn = [0, 0, sin(half), cos(half)]
        let corners = [(0, 0), (columns - 1, 0), (0, rows - 1), (columns - 1, rows - 1)]
        let transforms = corners.prefix(columns * rows == 1 ? 1 : 4).map { column, row in
            let step = [Double(column) * entity.number(44), Double(row) * entity.number(45), 0]
            let turned = Transform(Transform.Parts(translation: [place.x, place.y, place.z], rotation: turn))
            let moved = turned.after(Transform(Transform.Parts(translation: step, scale: scale)))
            return entity.extrusion.after(moved)
        }
        return Insert(block: entity.name.lowercased(), transforms: transforms, copies: columns * rows)
    }
}
