/// How readers walk through a document.
extension XMLCursor {
    convenience init(_ file: ModelFile, budget: ReadBudget) {
        var offset = 0
        self.init(
            { buffer throws(ReadError) in
                let count = try file.read(at: offset, into: buffer)
                offset += count
                return count
            }, budget: budget)
    }

    /// Opens the root, whose name must be `name`.
    func root(_ name: String) throws(ReadError) {
        _ = try next()
        guard self.name == name else { throw .invalid("The XML is no <\(name)> document.") }
    }

    /// Calls `body` for each child of the element at hand, told by its name. What it leaves unread is stepped over.
    func children(_ body: (String) throws(ReadError) -> Void) throws(ReadError) {
        let level = depth
        while true {
            switch try next() {
            case .open:
                try body(name)
                while depth > level { _ = try next() }
            case .text: break
            case .close, .end: return
            }
        }
    }

    /// Reads up to the end of the document, so that what follows is known to be sound.
    func finish() throws(ReadError) {
        while try next() != .end {}
    }

    /// The words of the text in the element at hand, the whole of it.
    func words(_ body: (inout TextCursor) throws(ReadError) -> Void) throws(ReadError) {
        let level = depth
        while true {
            switch try next() {
            case .text:
                var cursor = TextCursor(text)
                while !cursor.isAtEnd() { try body(&cursor) }
            case .open:
                while depth > level { _ = try next() }
            case .close, .end: return
            }
        }
    }

    /// The numbers in the element at hand, at most `limit`.
    func numbers(atMost limit: Int) throws(ReadError) -> [Double] {
        var numbers: [Double] = []
        try words { cursor throws(ReadError) in
            guard numbers.count < limit else { throw .tooLarge("The XML has more numbers than are read here.") }
            guard let number = cursor.number() else {
                throw .invalid("The XML has something else where numbers should be.")
            }
            numbers.append(number)
        }
        return numbers
    }

    /// The first word in the element at hand.
    func word() throws(ReadError) -> String {
        var first = ""
        try words { cursor throws(ReadError) in
            let word = cursor.text()
            if first.isEmpty { first = word }
        }
        return first
    }
}
