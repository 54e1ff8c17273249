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
