/// The references of OpenSCAD programs.
extension References {
    private static let mostDepth = 1000

    /// Whose first argument names a file, if it has no name.
    private static let importers: Set = ["import", "surface", "import_stl", "import_dxf", "import_off"]
    /// Whose argument `file` names one.
    private static let readers = importers.union([
        "linear_extrude", "rotate_extrude", "dxf_linear_extrude", "dxf_rotate_extrude", "dxf_dim", "dxf_cross",
    ])

    /// What `include`, `use`, `import` and `surface` name outright. Names that are computed show only when the program
    /// runs, and the sandbox is what keeps those in.
    static func program(_ content: Content) throws -> [Reference] {
        var found = Findings()
        var tokens = ProgramTokens(content)
        var calls: [Call] = []
        var word: [UInt8]?
        while let token = try tokens.next() {
            var next: [UInt8]?
            switch token {
            case .file(let path, let isCut): try found.add(.program, PlainText.trimmed(path[...]), isCut)
            case .symbol(let symbol) where "([{".utf8.contains(symbol):
                guard calls.count < mostDepth else { throw UnreadableReferences.tooDeepProgram }
                calls.append(Call(of: symbol == 0x28 ? word : nil))
            case .symbol(let symbol) where ")]}".utf8.contains(symbol):
                if let file = calls.popLast()?.file { try found.add(.part, file.name[...], file.isCut) }
                calls.noteInLast(token)
            case .symbol(0x2C):
                if let file = calls.last?.file { try found.add(.part, file.name[...], file.isCut) }
                calls.nextArgument()
            case .word(let name):
                next = name
                calls.noteInLast(token)
            default: calls.noteInLast(token)
            }
            word = next
        }
        return found.references
    }

    /// A call whose arguments are being read.
    fileprivate struct Call {
        private let name: String
        private var index = 0
        /// Of the argument so far; only the first few tell.
        private var argument: [ProgramTokens.Token] = []

        init(of word: [UInt8]?) {
            name = word.map { String(decoding: $0, as: UTF8.self) } ?? ""
        }

        /// The file that the argument names, now that it is complete.
        var file: (name: [UInt8], isCut: Bool)? {
            guard readers.contains(name), case .string(let text, let isCut) = argument.last else { return nil }
            if argument.count == 1, index == 0, importers.contains(name) { return (text, isCut) }
            guard argument.count == 3, case .word(let label) = argument[0], case .symbol(0x3D) = argument[1],
                ["file", "filename"].contains(String(decoding: label, as: UTF8.self))
            else { return nil }
            return (text, isCut)
        }

        mutating func note(_ token: ProgramTokens.Token) {
            if argument.count < 4 { argument.append(token) }
        }

        mutating func nextArgument() {
            index += 1
            argument.removeAll(keepingCapacity: true)
        }
    }
}

extension [References.Call] {
    fileprivate mutating func noteInLast(_ token: ProgramTokens.Token) {
        if !isEmpty { self[count - 1].note(token) }
    }

    fileprivate mutating func nextArgument() {
        if !isEmpty { self[count - 1].nextArgument() }
    }
}

extension References.Findings {
    fileprivate mutating func add(_ kind: Reference.Kind, _ name: ArraySlice<UInt8>, _ isCut: Bool) throws {
        try add(Reference(kind, name, .of(Array(name), as: .path, isCut: isCut)))
    }
}
