/// What a PLY says of itself before its data.
struct PLYHeader {
    enum Encoding: String {
        case ascii, littleEndian = "binary_little_endian", bigEndian = "binary_big_endian"
    }

    struct Element {
        let name: String
        let count: Int
        var fields: [PLYField] = []
        /// The columns of `x, y, z`, and of `nx, ny, nz`, where there are such fields.
        var columns: [String: Int] = [:]
    }

    var encoding = Encoding.ascii
    var elements: [Element] = []
    /// Where the data begins.
    var end = 0

    private static let linesAtMost = 4096

    /// Reads up to and with `end_header`, and checks that the counts are possible in what is left of the file.
    static func read(_ lines: inout ModelLines, size: Int) throws(ReadError) -> PLYHeader {
        guard let magic = try lines.next(), TextCursor(magic).isWord("ply") else {
            throw .invalid("This is not a PLY file.")
        }
        var header = PLYHeader()
        for _ in 0..<linesAtMost {
            guard let line = try lines.next() else { break }
            var cursor = TextCursor(line)
            if try !header.read(&cursor) {
                header.end = lines.position
                if let element = header.shortage(size: size) {
                    throw .invalid("The file is too short for \(element.count) elements of \"\(element.name)\".")
                }
                return header
            }
        }
        throw .invalid("The PLY header has no end.")
    }

    /// Takes a line in; false at the end of the header.
    mutating func read(_ cursor: inout TextCursor) throws(ReadError) -> Bool {
        switch cursor.text() {
        case "end_header": return false
        case "format":
            guard let encoding = Encoding(rawValue: cursor.text()) else {
                throw .invalid("The PLY encoding is unknown.")
            }
            self.encoding = encoding
        case "element":
            let name = cursor.text()
            guard let count = cursor.integer(), count >= 0 else { throw .invalid("A PLY element has no count.") }
            elements.append(Element(name: name, count: count))
        case "property": try addField(&cursor)
        case "comment", "obj_info", "": break
        default: throw .invalid("The PLY header has a line of no known kind.")
        }
        return true
    }

    private mutating func addField(_ cursor: inout TextCursor) throws(ReadError) {
        guard !elements.isEmpty else { throw .invalid("A PLY property belongs to no element.") }
        var type = cursor.text()
        var length: PLYType?
        if type == "list" {
            length = PLYType(cursor.text())
            type = cursor.text()
            guard let length, !length.isFloat else { throw .invalid("A PLY list has no valid type of count.") }
        }
        guard let type = PLYType(type) else { throw .invalid("A PLY property has an unknown type.") }
        let last = elements.count - 1
        elements[last].columns[cursor.text()] = elements[last].fields.count
        elements[last].fields.append(PLYField(length: length, type: type))
    }

    /// The first element that cannot be in what is left of the file: every row takes at least its scalars and the
    /// lengths of its lists, or in text a digit and a blank for each.
    func shortage(size: Int) -> Element? {
        var left = size - end + 1
        for element in elements where element.count > 0 {
            let row = element.fields.reduce(0) { $0 + (encoding == .ascii ? 2 : ($1.length ?? $1.type).size) }
            let (total, overflow) = row.multipliedReportingOverflow(by: element.count)
            guard row > 0, !overflow, total <= left else { return element }
            left -= total
        }
        return nil
    }
}

extension PLYHeader.Element {
    /// The columns of three scalar fields, or `nil` when one is missing.
    func columns(_ names: String...) -> [Int]? {
        let found = names.compactMap { columns[$0] }.filter { fields[$0].length == nil }
        return found.count == names.count ? found : nil
    }

    /// Bytes of a row when it has no lists.
    var stride: Int? {
        fields.allSatisfy { $0.length == nil } ? fields.reduce(0) { $0 + $1.type.size } : nil
    }

    /// Where in a row of scalars a column begins.
    func offset(of column: Int) -> Int { fields[..<column].reduce(0) { $0 + $1.type.size } }
}

extension TextCursor {
    fileprivate func isWord(_ word: String) -> Bool {
        var copy = self
        return copy.text() == word && copy.isAtEnd()
    }
}
