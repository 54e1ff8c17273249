import Persistence

/// DXF as text. Entities are those of the model, those of blocks wherever they are put included, or those of the sheets where
/// the model is empty. Faces and meshes count as triangles too. Extents are those of the entities' points; see
/// `DXFEntity.outline`. Binary files are not measured.
///
/// Source: Autodesk, DXF Reference (AC1032).
struct DXFReader: ~Copyable {
    private var pairs: DXFPairs
    private let budget: ReadBudget
    private var drawing = DXFDrawing()
    /// The type of the entity at hand, which the pair before it began.
    private var type = ""

    static func measure(_ file: ModelFile, budget: ReadBudget) throws(ReadError) -> Geometry? {
        let isBinary = try file.load(0..<min(file.size, 22)).starts(with: "AutoCAD Binary DXF".utf8)
        guard !isBinary else { return nil }
        var reader = DXFReader(pairs: DXFPairs(file, budget: budget), budget: budget)
        try reader.read()
        return try reader.geometry()
    }

    private init(pairs: consuming DXFPairs, budget: ReadBudget) {
        self.pairs = pairs
        self.budget = budget
    }

    private mutating func read() throws(ReadError) {
        // Comments, and what sections that are not looked at hold, have other codes.
        while var pair = try pairs.next() {
            guard pair.code == 0 else { continue }
            switch pair.value.rest() {
            case "SECTION": try readSection()
            case "EOF": return
            default: break
            }
        }
        throw .cutOff
    }

    private mutating func readSection() throws(ReadError) {
        guard var pair = try pairs.next(), pair.code == 2 else { throw .invalid("A section of the DXF has no name.") }
        switch pair.value.rest() {
        case "BLOCKS": try readBlocks()
        case "ENTITIES":
            try nextType()
            while type != "ENDSEC" {
                let entity = try readEntity()
                if entity.isOnPaper { try drawing.paper.add(entity) } else { try drawing.model.add(entity) }
            }
        default: break
        }
    }

    private mutating func readBlocks() throws(ReadError) {
        try nextType()
        while type != "ENDSEC" {
            let head = try readEntity()
            guard head.type == "BLOCK" else { continue }
            var block = DXFDrawing.Block(base: head.points(0...0).first ?? .zero)
            while type != "ENDBLK", type != "ENDSEC" { try block.group.add(try readEntity()) }
            drawing.blocks[head.name.lowercased()] = block
        }
    }

    /// Steps to the next pair that begins something.
    private mutating func nextType() throws(ReadError) {
        while var pair = try pairs.next() {
            guard pair.code == 0 else { continue }
            type = pair.value.rest()
            return
        }
        throw .cutOff
    }

    /// The entity that has begun, up to what begins the next.
    private mutating func readEntity() throws(ReadError) -> DXFEntity {
        try budget.spend(1)
        var entity = DXFEntity(type)
        while var pair = try pairs.next() {
            guard pair.code != 0 else {
                type = pair.value.rest()
                return entity
            }
            try entity.read(pair.code, &pair.value, budget: budget)
        }
        throw .cutOff
    }

    private func geometry() throws(ReadError) -> Geometry {
        var sum = try drawing.sum(of: drawing.model)
        if sum.entities == 0 { sum = try drawing.sum(of: drawing.paper) }
        let extents = sum.entities == 0 || !sum.bounds.isEmpty ? try sum.bounds.extents() : nil
        return Geometry(
            vertices: sum.triangles > 0 ? sum.vertices : nil, triangles: sum.hasShapes ? nil : sum.triangles,
            extents: extents, textures: 0, animations: 0, entities: sum.entities)
    }
}
