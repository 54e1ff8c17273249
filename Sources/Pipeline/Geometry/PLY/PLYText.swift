extension PLYSurvey {
    /// Reads one row from each line that is not blank; nothing but blank lines may follow the last.
    mutating func readText(_ lines: inout ModelLines, budget: ReadBudget) throws(ReadError) {
        for element in header.elements {
            let columns = PLYTextColumns(
                corners: indexColumn(of: element),
                axes: element.name == "vertex" ? element.columns("x", "y", "z") : nil,
                isStrip: element.name == "tristrips")
            for _ in 0..<element.count {
                try budget.spend(1)
                guard var cursor = try lines.nextRow() else { throw .cutOff }
                try readRow(element, columns, &cursor, budget: budget)
                guard cursor.isAtEnd() else { throw .invalid("A row of \"\(element.name)\" is too long.") }
            }
        }
        guard try lines.nextRow() == nil else { throw .invalid("There is more data than the PLY header tells of.") }
    }

    private mutating func readRow(
        _ element: PLYHeader.Element, _ columns: PLYTextColumns, _ cursor: inout TextCursor, budget: ReadBudget
    ) throws(ReadError) {
        var point = SIMD3<Double>.zero
        for column in element.fields.indices {
            if element.fields[column].length != nil {
                try readList(isFace: column == columns.corners, columns, &cursor, budget: budget)
            } else if let axis = columns.axes?.firstIndex(of: column) {
                guard let value = cursor.number() else { throw .invalid("A vertex lacks a finite coordinate.") }
                point[axis] = value
            } else if !cursor.skipWord() {
                throw .invalid("A row of \"\(element.name)\" is too short.")
            }
        }
        if columns.axes != nil { bounds.add(point) }
    }

    private mutating func readList(
        isFace: Bool, _ columns: PLYTextColumns, _ cursor: inout TextCursor, budget: ReadBudget
    ) throws(ReadError) {
        guard let count = cursor.integer(), count >= 0 else { throw .invalid("A PLY list has no length.") }
        try budget.spend(count)
        for _ in 0..<count {
            if isFace {
                guard let index = cursor.integer() else { throw .invalid("A face has a broken list of vertices.") }
                try addCorner(index, isStrip: columns.isStrip)
            } else if !cursor.skipWord() {
                throw .invalid("A PLY list is shorter than its length.")
            }
        }
        if isFace { endFace() }
    }
}

/// Which columns of a row matter.
private struct PLYTextColumns {
    let corners: Int?
    let axes: [Int]?
    let isStrip: Bool
}

extension ModelLines {
    /// The next line that is not blank.
    mutating func nextRow() throws(ReadError) -> TextCursor? {
        while let line = try next() {
            var cursor = TextCursor(line)
            if !cursor.isAtEnd() { return cursor }
        }
        return nil
    }
}
