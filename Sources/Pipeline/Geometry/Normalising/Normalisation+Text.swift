extension Normalisation {
    /// What three numbers of a line are.
    enum Triple {
        case point, direction
    }

    /// Writes a line with its next three numbers transformed, and everything before and behind them as it is.
    ///
    /// With `single` numbers are written as short as a 32-bit float allows: more digits would be noise.
    func rewrite(
        _ line: UnsafeRawBufferPointer, from cursor: TextCursor, as triple: Triple, single: Bool, into rewrite: Rewrite
    ) throws(ReadError) {
        var cursor = cursor
        guard !cursor.isAtEnd() else { throw Self.noNumbers }
        let start = cursor.position
        guard let old = cursor.point() else { throw Self.noNumbers }
        let new = changed(old, as: triple)
        try rewrite.write(UnsafeRawBufferPointer(rebasing: line[..<start]))
        let numbers = [new.x, new.y, new.z].map { Self.text($0, single: single) }.joined(separator: " ")
        try rewrite.write(numbers.utf8)
        try rewrite.write(UnsafeRawBufferPointer(rebasing: line[cursor.position...]))
    }

    func changed(_ vector: SIMD3<Double>, as triple: Triple) -> SIMD3<Double> {
        triple == .point ? point(vector) : direction(vector)
    }

    static func text(_ value: Double, single: Bool) -> String {
        single ? Float(value).description : value.description
    }

    private static let noNumbers = ReadError.invalid("A line of the model lacks three finite numbers.")
}

extension Rewrite {
    func endLine(_ newline: UInt8) throws(ReadError) {
        try write(CollectionOfOne(newline))
    }
}
