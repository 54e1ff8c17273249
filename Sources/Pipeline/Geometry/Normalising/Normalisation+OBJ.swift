extension Normalisation {
    /// The lines of vertices and normals are changed, what follows their three numbers (weight, colour) is kept.
    func rewriteOBJ(_ file: ModelFile, into rewrite: Rewrite, budget: ReadBudget) throws(ReadError) {
        _ = try OBJReader.measure(file, budget: budget)
        var lines = ModelLines(file, joiningLines: true, budget: budget)
        while let line = try lines.next() {
            var cursor = TextCursor(line)
            switch cursor.objWord() {
            case .vertex: try self.rewrite(line, from: cursor, as: .point, single: false, into: rewrite)
            case .normal: try self.rewrite(line, from: cursor, as: .direction, single: false, into: rewrite)
            case .face, .surface, .material, .other: try rewrite.write(line)
            case .none: throw .invalid("This is not the text of an OBJ file.")
            }
            try rewrite.endLine(lines.newline)
        }
    }
}
