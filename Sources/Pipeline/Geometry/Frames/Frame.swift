/// Which axis of a file points up.
package enum UpAxis: String, Codable, CaseIterable, Sendable {
    case y, z
}

/// What the numbers of a model mean: their unit, and which way is up. Either may be unknown.
package struct Frame: Hashable, Sendable {
    /// Positive and finite: 0.001 for millimetres. `nil` where the format has no unit.
    package let metresPerUnit: Double?
    package let up: UpAxis?

    package init(metresPerUnit: Double?, up: UpAxis?) {
        self.metresPerUnit = metresPerUnit
        self.up = up
    }
}
