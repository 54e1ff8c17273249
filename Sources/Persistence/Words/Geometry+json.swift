extension Geometry {
    /// From the JSON of a row. A page of the history has a hundred of them, so what `jsonText` makes is read directly, in a
    /// tenth of the time; anything else goes through the decoder.
    init(json text: String) throws {
        var scanner = FactScanner(text)
        guard let geometry = scanner.geometry() else {
            self = try value(ofJSON: text)
            return
        }
        self = geometry
    }
}

/// What `jsonText` makes of anything else, with the same members in the same order: a job's facts are written twice.
func jsonText(_ geometry: Geometry) throws -> String {
    var members: [String] = []
    func add(_ name: String, _ value: String?) {
        if let value { members.append("\"\(name)\":\(value)") }
    }
    add("animations", geometry.animations?.description)
    add("entities", geometry.entities?.description)
    add("extents", try geometry.extents.map { "[\(try $0.map(shortest).joined(separator: ","))]" })
    add("materials", geometry.materials?.description)
    add("meshes", geometry.meshes?.description)
    add("pages", geometry.pages?.description)
    add("pixels", geometry.pixels.map { "[\($0.map(\.description).joined(separator: ","))]" })
    add("textures", geometry.textures?.description)
    add("triangles", geometry.triangles?.description)
    add("unit", try geometry.unit.map(shortest))
    add("up", geometry.up.map { "\"\($0)\"" })
    add("vertices", geometry.vertices?.description)
    return "{\(members.joined(separator: ","))}"
}

/// As few digits as tell the number from any other; whole ones have no point.
private func shortest(_ number: Double) throws -> String {
    guard number.isFinite else { throw EncodingError.invalidValue(number, .init(codingPath: [], debugDescription: "")) }
    let text = number.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// Reads an object of numbers, lists of numbers and plain words, without white space.
private struct FactScanner {
    private var rest: Substring.UTF8View
    /// Something else was met.
    private var isLost = false

    init(_ text: String) {
        rest = text[...].utf8
    }

    /// `nil` for what is not as we write it.
    mutating func geometry() -> Geometry? {
        var geometry = Geometry()
        expect("{")
        if !take("}") {
            repeat { readFact(into: &geometry) } while !isLost && take(",")
            expect("}")
        }
        return isLost || !rest.isEmpty ? nil : geometry
    }

    private mutating func readFact(into geometry: inout Geometry) {
        let name = word()
        expect(":")
        switch name {
        case "vertices": geometry.vertices = number()
        case "triangles": geometry.triangles = number()
        case "extents": geometry.extents = numbers()
        case "unit": geometry.unit = number()
        case "up": geometry.up = String(word())
        case "meshes": geometry.meshes = number()
        case "materials": geometry.materials = number()
        case "textures": geometry.textures = number()
        case "animations": geometry.animations = number()
        case "entities": geometry.entities = number()
        case "pages": geometry.pages = number()
        case "pixels": geometry.pixels = numbers()
        default: isLost = true
        }
    }

    private mutating func take(_ sign: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: sign) else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func expect(_ sign: Unicode.Scalar) {
        if !take(sign) { isLost = true }
    }

    private mutating func word() -> Substring {
        expect("\"")
        let word = Substring(rest.prefix { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") })
        rest.removeFirst(word.utf8.count)
        expect("\"")
        return word
    }

    private mutating func number<Number: LosslessStringConvertible>() -> Number? {
        let ends = [UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]")]
        let text = rest.prefix { !ends.contains($0) }
        rest.removeFirst(text.count)
        let number = Number(String(Substring(text)))
        if number == nil { isLost = true }
        return number
    }

    private mutating func numbers<Number: LosslessStringConvertible>() -> [Number]? {
        var numbers: [Number] = []
        expect("[")
        if take("]") { return numbers }
        repeat {
            if let number: Number = number() { numbers.append(number) }
        } while !isLost && take(",")
        expect("]")
        return numbers
    }
}
