extension PLYSurvey {
    /// Reads the elements in the order of the header; nothing but blanks may follow them.
    mutating func readBinary(_ bytes: inout ModelBytes, budget: ReadBudget) throws(ReadError) {
        let scalars = PLYScalars(isBigEndian: header.encoding == .bigEndian)
        for element in header.elements where element.count > 0 {
            if element.name == "vertex", vertexOffset == nil { vertexOffset = bytes.position }
            try budget.spend(element.count)
            if let stride = element.stride, stride <= ModelBytes.largest {
                try readScalars(element, stride: stride, scalars, &bytes)
            } else {
                try readRows(element, scalars, &bytes, budget: budget)
            }
        }
        while bytes.left > 0 {
            guard let byte = try bytes.take(1).first, byte == 32 || (9...13).contains(byte) else {
                throw .invalid("There is more data than the PLY header tells of.")
            }
        }
    }

    /// Rows of a fixed length: vertices are looked at, others passed over.
    private mutating func readScalars(
        _ element: PLYHeader.Element, stride: Int, _ scalars: PLYScalars, _ bytes: inout ModelBytes
    ) throws(ReadError) {
        let columns = element.name == "vertex" ? element.columns("x", "y", "z") : nil
        let at = (columns ?? []).map { (element.fields[$0].type, element.offset(of: $0)) }
        var rows = element.count
        while rows > 0 {
            let block = try bytes.takeRecords(of: stride, atMost: rows)
            rows -= block.count / stride
            guard at.count == 3 else { continue }
            let (x, y, z) = (at[0], at[1], at[2])
            for row in Swift.stride(from: 0, to: block.count, by: stride) {
                bounds.add(
                    SIMD3(
                        scalars.double(x.0, block, at: row + x.1), scalars.double(y.0, block, at: row + y.1),
                        scalars.double(z.0, block, at: row + z.1)))
            }
        }
    }

    /// Rows with lists, field by field.
    private mutating func readRows(
        _ element: PLYHeader.Element, _ scalars: PLYScalars, _ bytes: inout ModelBytes, budget: ReadBudget
    ) throws(ReadError) {
        let indices = indexColumn(of: element)
        let axes = element.name == "vertex" ? element.columns("x", "y", "z") : nil
        var point = SIMD3<Double>.zero
        for _ in 0..<element.count {
            for column in element.fields.indices {
                let field = element.fields[column]
                if field.length != nil {
                    try readList(field, of: element, isFace: column == indices, scalars, &bytes, budget: budget)
                } else {
                    let value = try bytes.take(field.type.size)
                    guard let axis = axes?.firstIndex(of: column) else { continue }
                    point[axis] = scalars.double(field.type, value, at: 0)
                }
            }
            if axes != nil { bounds.add(point) }
        }
    }

    private mutating func readList(
        _ field: PLYField, of element: PLYHeader.Element, isFace: Bool, _ scalars: PLYScalars,
        _ bytes: inout ModelBytes,
        budget: ReadBudget
    ) throws(ReadError) {
        guard let length = field.length else { return }
        let count = scalars.integer(length, try bytes.take(length.size), at: 0)
        if isFace {
            let isStrip = element.name == "tristrips"
            try readCorners(count, field.type, isStrip: isStrip, scalars, &bytes, budget: budget)
        } else {
            try skip(count, field.type, &bytes)
        }
    }

    private mutating func readCorners(
        _ count: Int, _ type: PLYType, isStrip: Bool, _ scalars: PLYScalars, _ bytes: inout ModelBytes,
        budget: ReadBudget
    ) throws(ReadError) {
        guard count >= 0, !type.isFloat else { throw .invalid("A face has a broken list of vertices.") }
        try budget.spend(count)
        var left = count
        while left > 0 {
            let block = try bytes.takeRecords(of: type.size, atMost: left)
            for offset in stride(from: 0, to: block.count, by: type.size) {
                try addCorner(scalars.integer(type, block, at: offset), isStrip: isStrip)
            }
            left -= block.count / type.size
        }
        endFace()
    }

    private func skip(_ count: Int, _ type: PLYType, _ bytes: inout ModelBytes) throws(ReadError) {
        guard count >= 0 else { throw .invalid("A PLY list has a negative length.") }
        var left = count
        while left > 0 { left -= try bytes.takeRecords(of: type.size, atMost: left).count / type.size }
    }
}
