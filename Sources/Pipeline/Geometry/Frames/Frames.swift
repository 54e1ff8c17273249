import SystemPackage

/// What the numbers of each format mean by convention, or as its reader hands them on.
extension Frame {
    static let unknown = Frame(metresPerUnit: nil, up: nil)
    private static let metresYUp = Frame(metresPerUnit: 1, up: .y)
    private static let millimetresZUp = Frame(metresPerUnit: 0.001, up: .z)

    /// Of files that we write.
    static func of(_ format: Format) -> Frame {
        switch format {
        case .glb, .gltf, .dae, .usd, .usdz: metresYUp
        case .stl, .threeMF, .scad, .csg, .step, .iges: millimetresZUp
        // Where the file does not say otherwise.
        case .fbx: Frame(metresPerUnit: 0.01, up: .y)
        default: unknown
        }
    }

    /// Of files that we read: as the file tells, where we can read that.
    static func of(_ format: Format, at file: FilePath) -> Frame {
        told(by: file, format) ?? of(format)
    }

    /// What the file says of itself; `nil` where its format has no word for it, or the file does not say it.
    static func told(by file: FilePath, _ format: Format) -> Frame? {
        // A file that cannot be read is the tool's to complain about.
        try? told(by: file.string, format)
    }

    /// `nil` where the format, or the file, does not tell.
    private static func told(by path: String, _ format: Format) throws(ReadError) -> Frame? {
        guard [.fbx, .dae, .threeMF, .usd, .step, .iges].contains(format) else { return nil }
        let budget = ReadBudget(ReadCaps())
        let file = try ModelFile.open(path, budget: budget)
        return switch format {
        case .fbx: try FBXFrame.told(by: file)
        case .dae: try ofCollada(file, budget: budget)
        case .threeMF: try ofThreeMF(file, budget: budget)
        case .usd: try USDFrame.told(by: file, budget: budget)
        case .step: try STEPFrame.told(by: file, budget: budget)
        case .iges: try IGESFrame.told(by: file, budget: budget)
        default: nil
        }
    }
}

extension Reading.Kind {
    /// The reader of a format, where there is one.
    package init?(_ format: Format) {
        self.init(rawValue: format.name)
    }
}
