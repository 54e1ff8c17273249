import Persistence

extension STLReader {
    /// The words of a text STL.
    enum Word {
        static let solid = Keyword("solid")
        static let facet = Keyword("facet")
        static let normal = Keyword("normal")
        static let outer = Keyword("outer")
        static let vertex = Keyword("vertex")
        static let endLoop = Keyword("endloop")
        static let endFacet = Keyword("endfacet")
        static let endSolid = Keyword("endsolid")
    }

    /// One line for each word of the grammar; several solids may follow each other.
    static func measureText(_ file: ModelFile, budget: ReadBudget) throws(ReadError) -> Geometry {
        var lines = ModelLines(file, budget: budget)
        var solid = TextSolid()
        while let line = try lines.next() {
            var cursor = TextCursor(line)
            if cursor.isAtEnd() { continue }
            try solid.read(&cursor, budget: budget)
        }
        guard !solid.isOpen else { throw .cutOff }
        return try geometry(triangles: solid.triangles, bounds: solid.bounds, solids: solid.solids)
    }
}

/// The solids of a text STL as far as they are read.
private struct TextSolid {
    var bounds = Bounds()
    var triangles = 0
    var solids = 0
    var isOpen = false
    /// Corners of the facet that is open, if one is.
    private var corners: Int?

    mutating func read(_ cursor: inout TextCursor, budget: ReadBudget) throws(ReadError) {
        switch cursor.word() {
        case STLReader.Word.vertex: try addCorner(&cursor)
        case STLReader.Word.outer, STLReader.Word.endLoop: try expect(corners != nil)
        case STLReader.Word.facet:
            try expect(isOpen && corners == nil)
            try budget.spend(1)
            corners = 0
        case STLReader.Word.endFacet:
            try expect(corners == 3)
            corners = nil
            triangles += 1
        case STLReader.Word.solid:
            try expect(!isOpen)
            isOpen = true
            solids += 1
        case STLReader.Word.endSolid:
            try expect(isOpen && corners == nil)
            isOpen = false
        default: try expect(false)
        }
    }

    private mutating func addCorner(_ cursor: inout TextCursor) throws(ReadError) {
        guard let corners, corners < 3, let point = cursor.point(), cursor.isAtEnd() else {
            throw .invalid("Facet \(triangles + 1) does not have three corners of three finite numbers.")
        }
        bounds.add(point)
        self.corners = corners + 1
    }

    private func expect(_ condition: Bool) throws(ReadError) {
        guard condition else { throw .invalid("The text of the STL is broken near facet \(triangles + 1).") }
    }
}
