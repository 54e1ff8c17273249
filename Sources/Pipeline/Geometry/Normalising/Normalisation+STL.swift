extension Normalisation {
    /// A pass over the corners and the normals; header, counts and attributes stay.
    func rewriteSTL(_ file: ModelFile, into rewrite: Rewrite, budget: ReadBudget) throws(ReadError) {
        switch try STLReader.layout(of: file) {
        case .binary(let triangles): try rewriteBinarySTL(file, triangles: triangles, into: rewrite, budget: budget)
        case .text:
            _ = try STLReader.measureText(file, budget: budget)
            try rewriteTextSTL(file, into: rewrite, budget: budget)
        }
    }

    private func rewriteBinarySTL(
        _ file: ModelFile, triangles: Int, into rewrite: Rewrite, budget: ReadBudget
    ) throws(ReadError) {
        try budget.spend(triangles)
        try rewrite.copy(0..<STLReader.header, of: file, budget: budget)
        var changed: [UInt8] = []
        var bytes = ModelBytes(file, from: STLReader.header, budget: budget)
        while bytes.left > 0 {
            let records = try bytes.takeRecords(of: STLReader.record, atMost: triangles)
            changed.removeAll(keepingCapacity: true)
            changed.append(contentsOf: records)
            changed.withUnsafeMutableBytes { changed in
                for start in stride(from: 0, to: records.count, by: STLReader.record) {
                    changed.store(direction(records.point(at: start)), at: start)
                    for corner in [12, 24, 36] {
                        changed.store(point(records.point(at: start + corner)), at: start + corner)
                    }
                }
            }
            try rewrite.write(changed)
        }
    }

    private func rewriteTextSTL(_ file: ModelFile, into rewrite: Rewrite, budget: ReadBudget) throws(ReadError) {
        var lines = ModelLines(file, budget: budget)
        while let line = try lines.next() {
            var cursor = TextCursor(line)
            switch cursor.word() {
            case STLReader.Word.vertex: try self.rewrite(line, from: cursor, as: .point, single: true, into: rewrite)
            case STLReader.Word.facet:
                guard cursor.word() == STLReader.Word.normal else {
                    throw .invalid("A facet of the STL has no normal.")
                }
                try self.rewrite(line, from: cursor, as: .direction, single: true, into: rewrite)
            default: try rewrite.write(line)
            }
            try rewrite.endLine(lines.newline)
        }
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Three little-endian floats at any offset.
    fileprivate func store(_ point: SIMD3<Double>, at offset: Int) {
        for axis in 0..<3 {
            let bits = Float(point[axis]).bitPattern.littleEndian
            storeBytes(of: bits, toByteOffset: offset + 4 * axis, as: UInt32.self)
        }
    }
}
