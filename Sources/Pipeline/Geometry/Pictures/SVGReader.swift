import Persistence

/// SVG: how many elements it draws. What is only defined does not count, nor does a rectangle as large as the picture,
/// which is its background.
///
/// Source: W3C, SVG 1.1, chapters 5, 7, 9 and 10.
enum SVGReader {
    private static let drawn: Set = [
        "path", "rect", "line", "circle", "ellipse", "polyline", "polygon", "text", "image", "use",
    ]
    private static let defined: Set = [
        "defs", "symbol", "clipPath", "mask", "pattern", "marker", "linearGradient", "radialGradient", "filter",
    ]

    static func measure(_ file: ModelFile, budget: ReadBudget) throws(ReadError) -> Geometry {
        let xml = XMLCursor(file, budget: budget)
        try xml.root("svg")
        let size = pictureSize(xml)
        var entities = 0
        var hidden: Int?
        while true {
            switch try xml.next() {
            case .open:
                if hidden == nil, defined.contains(xml.name) { hidden = xml.depth }
                if hidden == nil, try draws(xml, on: size) { entities += 1 }
            case .close:
                if let level = hidden, xml.depth < level { hidden = nil }
            case .text: break
            case .end: return Geometry(entities: entities)
            }
        }
    }

    /// Width and height in the numbers of the drawing, where the file tells them.
    private static func pictureSize(_ xml: XMLCursor) -> SIMD2<Double>? {
        guard let box = xml.attribute("viewBox") else {
            guard let width = xml.attribute("width")?.number, let height = xml.attribute("height")?.number else {
                return nil
            }
            return SIMD2(width, height)
        }
        let numbers = box.string.split { " ,\t\n\r".contains($0) }.compactMap { Double($0) }
        return numbers.count == 4 ? SIMD2(numbers[2], numbers[3]) : nil
    }

    private static func draws(_ xml: XMLCursor, on size: SIMD2<Double>?) throws(ReadError) -> Bool {
        guard drawn.contains(xml.name) else { return false }
        switch xml.name {
        case "path": return xml.attribute("d").map { $0.bytes.contains { $0 > 32 } } ?? false
        case "polyline", "polygon": return xml.attribute("points").map { $0.bytes.contains { $0 > 32 } } ?? false
        case "rect": return !isBackground(xml, of: size)
        default: return true
        }
    }

    private static func isBackground(_ xml: XMLCursor, of size: SIMD2<Double>?) -> Bool {
        guard let width = xml.attribute("width"), let height = xml.attribute("height") else { return false }
        if width.string == "100%", height.string == "100%" { return true }
        guard let size, let width = width.number, let height = height.number else { return false }
        return width >= size.x * 0.999 && height >= size.y * 0.999
    }
}
