import Persistence

/// What a conversion did to a model: the facts of source and result, compared. A difference is a warning, never a failure.
struct Fidelity {
    let source: Geometry?
    let result: Geometry?
    let options: ConversionOptions

    /// Differences that nobody sees: rounding, and merged or split faces.
    private enum Slack {
        static let triangles = 0.01
        static let extents = 0.02
    }

    var warnings: [String] {
        guard let source, let result else { return [] }
        return [
            lost("texture", source.textures, result.textures), lost("material", source.materials, result.materials),
            lost("animation", source.animations, result.animations), triangles(source, result),
            extents,
        ].compactMap(\.self)
    }

    private func lost(_ what: String, _ before: Int?, _ after: Int?) -> String? {
        guard let before, let after, after < before else { return nil }
        let missing = before - after
        let share = after == 0 ? "\(missing)" : "\(missing) of \(before)"
        return
            "\(share) \(what)\(missing == 1 && after == 0 ? "" : "s") of the source \(missing == 1 ? "is" : "are") not in the result."
    }

    private func triangles(_ source: Geometry, _ result: Geometry) -> String? {
        guard options.repair != true, let before = source.triangles, let after = result.triangles, before > 0,
            abs(Double(after - before)) > Double(before) * Slack.triangles
        else { return nil }
        return "The result has \(after) triangles, the source \(before)."
    }

    /// Whether the sizes are others than they should be, in a sentence.
    var extents: String? {
        guard let source, let result, let before = source.extents, let after = result.extents,
            before.count == after.count
        else { return nil }
        let expected = Normalisation(from: Frame(of: source), to: Frame(of: result), scaledBy: options.scale ?? 1)
            .extents(before)
        let ratios = zip(after, expected).filter { $1 > 0 }.map { $0 / $1 }
        guard let largest = ratios.max(), let smallest = ratios.min(),
            ratios.contains(where: { abs($0 - 1) > Slack.extents })
        else { return nil }
        if largest - smallest <= largest * Slack.extents {
            return "Extents differ by factor \(Self.written(largest)): units?"
        }
        return "Extents differ from the source's: \(Self.written(after)) instead of \(Self.written(expected))."
    }

    private static func written(_ numbers: [Double]) -> String {
        numbers.map(written).joined(separator: " × ")
    }

    /// With four digits that mean something.
    private static func written(_ number: Double) -> String {
        guard number.isFinite, number != 0 else { return "0" }
        var unit = 1.0
        while abs(number) / unit < 1000, unit > 1e-12 { unit /= 10 }
        let rounded = (number / unit).rounded() * unit
        return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int64(rounded)) : "\(Float(rounded))"
    }
}
