/// What a model may have beside its shape, and a format may have no place for.
package enum Feature: String, CaseIterable, Sendable {
    case materials, textures, animations
    /// Curved surfaces as such, instead of the triangles near them.
    case exactSurfaces
    /// Lines as such, instead of the pixels they cover.
    case vectors
}

extension Format {
    /// What files of the format can hold.
    package var carries: Set<Feature> {
        switch self {
        case .gltf, .glb, .fbx, .dae, .usd, .usdz, .blend, .x: [.materials, .textures, .animations]
        case .obj, .threeDS, .x3d: [.materials, .textures]
        case .threeMF, .amf: [.materials]
        case .abc: [.animations]
        case .step: [.exactSurfaces, .materials]
        case .iges, .brep: [.exactSurfaces]
        case .dxf, .dwg, .svg, .pdf: [.vectors]
        default: []
        }
    }

    /// Whether it shows something on a sheet.
    var isSheet: Bool { [.svg, .pdf, .png].contains(self) }
    /// Whether a file of this format can be a drawing.
    var canBeDrawing: Bool { isSheet || [.dxf, .dwg, .scad, .csg].contains(self) }
}

extension Feature {
    /// What happens to it, in a sentence.
    package func loss(in target: Format) -> String {
        switch self {
        case .materials: "Materials are lost: \(target.name) has no place for them, or not on this way."
        case .textures: "Textures are lost: \(target.name) has no place for them, or not on this way."
        case .animations: "Animations are lost: \(target.name) has no place for them, or not on this way."
        case .exactSurfaces: "Exact surfaces become triangles."
        case .vectors: "Lines become something else: \(target.name) has no place for them."
        }
    }
}
