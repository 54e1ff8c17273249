/// What a client asks of a conversion beside its target. What is not said follows the conventions of the formats.
package struct ConversionOptions: Hashable, Sendable, Codable {
    /// What a number in the source means, whatever the source says.
    package var sourceUnit: LengthUnit?
    package var sourceUp: UpAxis?
    /// What a number in the result shall mean.
    package var targetUnit: LengthUnit?
    package var targetUp: UpAxis?
    /// By which all coordinates are multiplied, after units.
    package var scale: Double?
    /// Whether a format that has both is written as bytes or as text.
    package var binary: Bool?
    /// How far triangles may be from the exact surface, as a part of the model's diagonal.
    package var tolerance: Double?
    /// Values for the variables of an OpenSCAD program.
    package var parameters: [String: ParameterValue]?
    /// The name of a set in the parameter file beside an OpenSCAD program.
    package var parameterSet: String?
    package var compress: MeshCompression?
    /// Whether holes are closed and normals made consistent.
    package var repair: Bool?
    /// Whether textures become a part of the result's main file.
    package var embedTextures: Bool?

    package init() {}
}

/// A unit of length by its symbol.
package enum LengthUnit: String, Codable, CaseIterable, Sendable {
    case um, mm, cm, dm, m, km
    case inch = "in"
    case foot = "ft"

    /// Exact: an inch is 25.4 mm (international yard and pound agreement, 1959).
    package var metres: Double {
        switch self {
        case .um: 0.000_001
        case .mm: 0.001
        case .cm: 0.01
        case .dm: 0.1
        case .m: 1
        case .km: 1000
        case .inch: 0.0254
        case .foot: 0.3048
        }
    }
}

/// How the meshes of a GLB are made smaller.
package enum MeshCompression: String, Codable, CaseIterable, Sendable {
    /// `EXT_meshopt_compression`.
    case meshopt
    /// `KHR_draco_mesh_compression`.
    case draco
}
