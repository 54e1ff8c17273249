import Persistence
import SystemPackage

/// What the numbers of a step's source mean, and what those of its result shall mean.
struct Numbers: Sendable {
    /// As the file says, or as its format's convention is.
    let declared: Frame
    /// As it is after what the client says of the source.
    let meant: Frame
    let wanted: Frame
    let scale: Double

    init(declared: Frame, meant: Frame? = nil, wanted: Frame, scale: Double = 1) {
        self.declared = declared
        self.meant = meant ?? declared
        self.wanted = wanted
        self.scale = scale
    }

    /// What must be done to what the converter hands over, to which the step amounts in the end.
    struct Change: Sendable {
        let normalisation: Normalisation
        /// What the numbers mean when that is done.
        let frame: Frame
    }

    func change(_ converter: Converter, from source: Format, to target: Format) -> Change {
        let handed = handed(converter, source, target)
        var normalisation = Normalisation(from: handed, to: wanted, scaledBy: scale)
        if converter.turns.contains(source), meant.up == nil {
            // Turned back: the format says nothing of an up axis, so that axes are kept.
            let turned = Frame(metresPerUnit: handed.metresPerUnit, up: .y)
            normalisation = Normalisation(
                from: turned, to: Frame(metresPerUnit: wanted.metresPerUnit, up: .z), scaledBy: scale)
        }
        guard Normalisation.isPossible(in: source) || Normalisation.isPossible(in: target) else {
            return Change(normalisation: Normalisation(from: .unknown, to: .unknown), frame: handed)
        }
        let frame = Frame(
            metresPerUnit: handed.metresPerUnit.map { wanted.metresPerUnit ?? $0 },
            up: handed.up.map { wanted.up ?? $0 })
        return Change(normalisation: normalisation, frame: frame)
    }

    /// What the numbers mean that the tool writes. It believes the file, whatever the client says of it.
    private func handed(_ converter: Converter, _ source: Format, _ target: Format) -> Frame {
        let isTurned = converter.turns.contains(source) && meant.up == .z
        guard let frame = converter.hands(source, target) else {
            return isTurned ? Frame(metresPerUnit: meant.metresPerUnit, up: .y) : meant
        }
        var metres = frame.metresPerUnit
        if let declared = declared.metresPerUnit, let meant = meant.metresPerUnit {
            metres = metres.map { $0 * (meant / declared) }
        }
        let isOther = declared.up != nil && meant.up != nil && declared.up != meant.up
        return Frame(metresPerUnit: metres, up: isOther ? frame.up?.other : frame.up)
    }
}

extension UpAxis {
    fileprivate var other: UpAxis { self == .y ? .z : .y }
}

extension Frame {
    /// As it is kept with the facts of a file.
    init(of geometry: Geometry) {
        self.init(metresPerUnit: geometry.unit, up: geometry.up.flatMap(UpAxis.init))
    }

    func overridden(unit: LengthUnit?, up: UpAxis?) -> Frame {
        Frame(metresPerUnit: unit?.metres ?? metresPerUnit, up: up ?? self.up)
    }
}

extension Geometry {
    func with(_ frame: Frame) -> Geometry {
        var copy = self
        copy.unit = frame.metresPerUnit
        copy.up = frame.up?.rawValue
        return copy
    }
}
