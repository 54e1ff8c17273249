/// The objects of a 3MF package and what is built of them, before any vertex is looked at.
///
/// Source: 3MF Consortium, Core Specification 1.3, chapters 3 to 5, and Production Extension 1.1 (`path`).
struct ThreeMFModel {
    /// An object is known by its number in its part of the package.
    struct Key: Hashable {
        let part: String
        let id: Int
    }

    /// One object in the place of another.
    struct Placement {
        let object: Key
        let transform: Transform
    }

    struct Object {
        var vertices = 0
        var triangles = 0
        var components: [Placement] = []
    }

    var objects: [Key: Object] = [:]
    var build: [Placement] = []
    /// The parts that were told of, in that order, the root part first.
    private(set) var parts: [String] = []
    private var known: Set<String> = []
    var materials = 0
    var textures = 0

    private static let deepest = 64
    private static let partsAtMost = 1000

    mutating func note(part: String) throws(ReadError) {
        guard known.insert(part).inserted else { return }
        guard parts.count < Self.partsAtMost else {
            throw .tooLarge("The 3MF has more than \(Self.partsAtMost) parts.")
        }
        parts.append(part)
    }

    /// Where each object with a mesh stands, one transform for every time that it is built.
    func instances(budget: ReadBudget) throws(ReadError) -> [Key: [Transform]] {
        var open = build.map { (placement: $0, parent: Transform.identity, depth: 1) }
        var instances: [Key: [Transform]] = [:]
        while let (placement, parent, depth) = open.popLast() {
            guard depth <= Self.deepest else { throw .invalid("The components of the 3MF are nested too deeply.") }
            guard let object = objects[placement.object] else {
                throw .invalid("The 3MF builds object \(placement.object.id), which it does not have.")
            }
            // Before they are kept: objects made of each other multiply with every level.
            try budget.spend(ReadBudget.placement, times: 1 + object.components.count)
            let world = parent.after(placement.transform)
            if object.vertices > 0 { instances[placement.object, default: []].append(world) }
            open.append(contentsOf: object.components.map { ($0, world, depth + 1) })
        }
        return instances
    }
}

extension Transform {
    /// Twelve numbers, row by row, for points that are rows (Core Specification, 3.3).
    init(threeMF text: XMLText?) throws(ReadError) {
        guard let text else {
            self = .identity
            return
        }
        var cursor = TextCursor(text.bytes)
        var columns: [Double] = []
        for index in 0..<12 {
            guard let number = cursor.number() else { throw .invalid("A transform of the 3MF lacks numbers.") }
            columns.append(number)
            if index % 3 == 2 { columns.append(index == 11 ? 1 : 0) }
        }
        self.init(columns: columns)
    }
}
