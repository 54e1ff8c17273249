/// The frame of a USD file that is text: `metersPerUnit` and `upAxis` in the brackets before the first prim, centimetres and
/// Y-up where they are missing (UsdGeom, "Encoding Stage Linear Units" and "Encoding Stage UpAxis"). Binary files are not
/// read.
enum USDFrame {
    private static let linesAtMost = 10_000

    static func told(by file: ModelFile, budget: ReadBudget) throws(ReadError) -> Frame? {
        var lines = ModelLines(file, budget: budget)
        guard let first = try lines.next(), first.starts(with: "#usda".utf8) else { return nil }
        var (metres, up): (Double?, UpAxis?) = (0.01, .y)
        for _ in 0..<linesAtMost {
            guard let line = try lines.next() else { break }
            var cursor = TextCursor(line)
            switch cursor.text() {
            case "metersPerUnit":
                if cursor.text() == "=", let number = cursor.number(), number > 0 { metres = number }
            case "upAxis":
                if cursor.text() == "=" { up = ["\"Y\"": UpAxis.y, "\"Z\"": .z][cursor.text()] }
            case "def", "class", "over": return Frame(metresPerUnit: metres, up: up)
            default: break
            }
        }
        return Frame(metresPerUnit: metres, up: up)
    }
}
