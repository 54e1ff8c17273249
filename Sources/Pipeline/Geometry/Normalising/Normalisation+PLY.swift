extension Normalisation {
    /// The rows of vertices are changed, the rest is copied. Coordinates must be floats.
    func rewritePLY(_ file: ModelFile, into rewrite: Rewrite, budget: ReadBudget) throws(ReadError) {
        let survey = try PLYReader.survey(file, budget: budget)
        guard let place = survey.header.elements.firstIndex(where: { $0.name == "vertex" }) else {
            return try rewrite.copy(0..<file.size, of: file, budget: budget)
        }
        let vertex = survey.header.elements[place]
        let triples = try triples(of: vertex)
        if let start = survey.vertexOffset, let stride = vertex.stride {
            let rows = start..<start + stride * vertex.count
            try rewrite.copy(0..<start, of: file, budget: budget)
            try rewriteRows(
                rows, stride: stride, of: file, triples, isBigEndian: survey.header.encoding == .bigEndian, rewrite,
                budget)
            try rewrite.copy(rows.upperBound..<file.size, of: file, budget: budget)
        } else if survey.header.encoding == .ascii {
            let before = survey.header.elements[..<place].reduce(0) { $0 + $1.count }
            try rewriteText(file, rows: before..<before + vertex.count, triples, into: rewrite, budget: budget)
        } else {
            throw .invalid("The vertices of the PLY hold lists, and cannot be changed.")
        }
    }

    /// The positions and the normals, where there are any.
    private func triples(of vertex: PLYHeader.Element) throws(ReadError) -> [PLYTriple] {
        let triples = [
            vertex.columns("x", "y", "z").map { PLYTriple(.point, $0, of: vertex) },
            vertex.columns("nx", "ny", "nz").map { PLYTriple(.direction, $0, of: vertex) },
        ].compactMap { $0 }
        guard triples.allSatisfy({ $0.fields.allSatisfy(\.type.isFloat) }) else {
            throw .invalid("The vertices of the PLY are whole numbers, and cannot be changed.")
        }
        return triples
    }

    private func rewriteRows(
        _ rows: Range<Int>, stride: Int, of file: ModelFile, _ triples: [PLYTriple], isBigEndian: Bool,
        _ rewrite: Rewrite,
        _ budget: ReadBudget
    ) throws(ReadError) {
        let scalars = PLYScalars(isBigEndian: isBigEndian)
        var changed: [UInt8] = []
        var bytes = ModelBytes(file, from: rows.lowerBound, budget: budget)
        while bytes.position < rows.upperBound {
            let block = try bytes.takeRecords(of: stride, atMost: (rows.upperBound - bytes.position) / stride)
            changed.removeAll(keepingCapacity: true)
            changed.append(contentsOf: block)
            changed.withUnsafeMutableBytes { changed in
                for row in Swift.stride(from: 0, to: block.count, by: stride) {
                    for triple in triples { change(triple, of: row, in: changed, scalars) }
                }
            }
            try rewrite.write(changed)
        }
    }

    private func change(
        _ triple: PLYTriple, of row: Int, in bytes: UnsafeMutableRawBufferPointer, _ scalars: PLYScalars
    ) {
        var old = SIMD3<Double>.zero
        for axis in 0..<3 {
            let field = triple.fields[axis]
            old[axis] = scalars.double(field.type, UnsafeRawBufferPointer(bytes), at: row + field.offset)
        }
        let new = changed(old, as: triple.meaning)
        for axis in 0..<3 {
            let field = triple.fields[axis]
            scalars.store(new[axis], as: field.type, in: bytes, at: row + field.offset)
        }
    }

    /// `rows` counts the lines of data that are not blank.
    private func rewriteText(
        _ file: ModelFile, rows: Range<Int>, _ triples: [PLYTriple], into rewrite: Rewrite,
        budget: ReadBudget
    ) throws(ReadError) {
        var lines = ModelLines(file, budget: budget)
        let header = try PLYHeader.read(&lines, size: file.size)
        try rewrite.copy(0..<header.end, of: file, budget: budget)
        var row = 0
        while let cursor = try lines.nextRow() {
            if rows.contains(row) {
                try rewrite.write(try changedRow(cursor, triples).utf8)
            } else {
                try rewrite.write(cursor.bytes)
            }
            try rewrite.endLine(lines.newline)
            row += 1
        }
    }

    private func changedRow(_ row: TextCursor, _ triples: [PLYTriple]) throws(ReadError) -> String {
        var words = String(decoding: row.bytes, as: UTF8.self).split { $0 == " " || $0 == "\t" || $0 == "\r" }
            .map(String.init)
        for triple in triples {
            let old = triple.columns.compactMap { $0 < words.count ? Double(words[$0]) : nil }
            guard old.count == 3 else { throw .invalid("A vertex of the PLY lacks three numbers.") }
            let new = changed(SIMD3(old[0], old[1], old[2]), as: triple.meaning)
            for axis in 0..<3 { words[triple.columns[axis]] = Self.text(new[axis], single: false) }
        }
        return words.joined(separator: " ")
    }
}

/// Three columns of a vertex that belong together.
private struct PLYTriple {
    let meaning: Normalisation.Triple
    let columns: [Int]
    /// Types, and offsets in a row without lists.
    let fields: [(type: PLYType, offset: Int)]

    init(_ meaning: Normalisation.Triple, _ columns: [Int], of vertex: PLYHeader.Element) {
        self.meaning = meaning
        self.columns = columns
        fields = columns.map { (vertex.fields[$0].type, vertex.offset(of: $0)) }
    }
}
