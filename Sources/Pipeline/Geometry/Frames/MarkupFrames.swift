/// The frames of formats that are XML.
extension Frame {
    /// Collada: `<unit meter="…">` and `<up_axis>` of the asset; metres and Y-up where they are missing.
    static func ofCollada(_ file: ModelFile, budget: ReadBudget) throws(ReadError) -> Frame {
        let xml = XMLCursor(file, budget: budget)
        var (metres, up): (Double?, UpAxis?) = (1, .y)
        var isRead = false
        try xml.root("COLLADA")
        while !isRead, try xml.next() == .open {
            isRead = xml.name == "asset"
            try xml.children { child throws(ReadError) in
                guard isRead else { return }
                switch child {
                case "unit": metres = xml.attribute("meter")?.number.flatMap { $0 > 0 ? $0 : nil } ?? 1
                case "up_axis": up = ["Y_UP": UpAxis.y, "Z_UP": .z][try xml.word()]
                default: break
                }
            }
        }
        return Frame(metresPerUnit: metres, up: up)
    }

    /// 3MF: the `unit` of the root model (Core Specification, 3.4); the z axis is the height.
    static func ofThreeMF(_ file: ModelFile, budget: ReadBudget) throws(ReadError) -> Frame {
        let parts = try PackageParts(file)
        let root = try ThreeMFReader.part(
            try ThreeMFReader.rootName(in: parts, budget: budget), of: parts, budget: budget)
        try root.xml.root("model")
        let unit = root.xml.attribute("unit")?.string ?? "millimeter"
        return Frame(metresPerUnit: threeMFUnits[unit], up: .z)
    }

    private static let threeMFUnits = [
        "micron": 1e-6, "millimeter": 0.001, "centimeter": 0.01, "inch": 0.0254, "foot": 0.3048, "meter": 1,
    ]
}
