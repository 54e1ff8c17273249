import SystemPackage

/// What the numbers of each format mean by convention, or as its reader hands them on.
extension Frame {
    static let unknown = Frame(metresPerUnit: nil, up: nil)
    private static let metresYUp = Frame(metresPerUnit: 1, up: .y)
    private static let millimetresZUp = Frame(metresPerUnit: 0.001, up: .z)

    /// Of files that we write.
    static func of(_ format: Format) -> Frame {
        switch format {
        case .glb, .gltf, .dae: metresYUp
        case .stl, .threeMF: millimetresZUp
        // Where the file does not say otherwise.
        case .fbx: Frame(metresPerUnit: 0.01, up: .y)
        default: unknown
        }
    }

    /// Of files that we read: as the file tells, where we can read that.
    static func of(_ format: Format, at file: FilePath) -> Frame {
        guard format == .fbx else { return of(format) }
        return Frame(metresPerUnit: FBXUnit.metres(in: file), up: .y)
    }
}

extension Reading.Kind {
    /// The reader of a format, where there is one.
    package init?(_ format: Format) {
        self.init(rawValue: format.name)
    }
}
