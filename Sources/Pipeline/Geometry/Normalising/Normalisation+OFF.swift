extension Normalisation {
    /// The lines of vertices are changed, and the normals in them; what follows the numbers, and all else, is kept.
    func rewriteOFF(_ file: ModelFile, into rewrite: Rewrite, budget: ReadBudget) throws(ReadError) {
        guard try OFFReader.measure(file, budget: budget) != nil else {
            throw .invalid("The numbers of this kind of OFF cannot be changed.")
        }
        var lines = ModelLines(file, budget: budget)
        guard let header = try OFFHeader.read(&lines, size: file.size) else { return }
        try rewrite.copy(0..<lines.position, of: file, budget: budget)
        var left = header.vertices
        while let line = try lines.next() {
            var cursor = TextCursor(line)
            if left == 0 || cursor.isAtEnd() || cursor.byte == UInt8(ascii: "#") {
                try rewrite.write(line)
            } else {
                try rewriteVertex(line, from: cursor, hasNormal: header.hasNormals, into: rewrite)
                left -= 1
            }
            try rewrite.endLine(lines.newline)
        }
    }

    private func rewriteVertex(
        _ line: UnsafeRawBufferPointer, from cursor: TextCursor, hasNormal: Bool, into rewrite: Rewrite
    ) throws(ReadError) {
        guard hasNormal else { return try self.rewrite(line, from: cursor, as: .point, single: false, into: rewrite) }
        var rest = cursor
        guard rest.point() != nil else { throw .invalid("A vertex of the OFF lacks three finite numbers.") }
        let vertex = UnsafeRawBufferPointer(rebasing: line[..<rest.position])
        try self.rewrite(vertex, from: cursor, as: .point, single: false, into: rewrite)
        let normal = UnsafeRawBufferPointer(rebasing: line[rest.position...])
        try self.rewrite(normal, from: TextCursor(normal), as: .direction, single: false, into: rewrite)
    }
}
