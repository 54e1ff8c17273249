/// A file format that Kiln knows: the closed set of what can be asked for, one line each in the table below.
package struct Format: Sendable {
    /// The one name in URLs, rows and JSON ("obj"); also the extension of outputs.
    package let name: String
    /// For people; a noun phrase without article ("Wavefront OBJ").
    package let label: String
    /// As registered with IANA, else `application/octet-stream`.
    package let mediaType: String
    /// Without dot, lower case; the first is the name.
    package let extensions: [String]
    /// Whether files of it are taken in; the others can only be asked for.
    package let isSource: Bool
    /// What the content says for this format.
    let evidence: @Sendable (Content) -> Evidence

    private init(
        _ name: String, _ label: String, _ mediaType: String = "application/octet-stream", also aliases: [String] = [],
        isSource: Bool = true, by evidence: @escaping @Sendable (Content) -> Evidence
    ) {
        self.name = name
        self.label = label
        self.mediaType = mediaType
        self.extensions = [name] + aliases
        self.isSource = isSource
        self.evidence = evidence
    }
}

/// A new format is one line here, its name in `all`, and a function in `Detect` that knows it by its content.
extension Format {
    package static let obj = Format("obj", "Wavefront OBJ", "model/obj", by: Detect.obj)
    package static let stl = Format("stl", "STL mesh", "model/stl", by: Detect.stl)
    package static let ply = Format("ply", "PLY mesh", by: Detect.ply)
    package static let off = Format("off", "OFF mesh", by: Detect.off)
    package static let threeDS = Format("3ds", "3D Studio mesh", by: Detect.threeDS)
    package static let dae = Format("dae", "Collada scene", "model/vnd.collada+xml", by: Detect.dae)
    package static let x = Format("x", "DirectX mesh", by: Detect.x)
    package static let gltf = Format("gltf", "glTF scene", "model/gltf+json", by: Detect.gltf)
    package static let glb = Format("glb", "glTF binary", "model/gltf-binary", by: Detect.glb)
    package static let fbx = Format("fbx", "FBX scene", by: Detect.fbx)
    package static let threeMF = Format("3mf", "3MF package", "model/3mf", by: Detect.threeMF)
    package static let x3d = Format("x3d", "X3D scene", "model/x3d+xml", by: Detect.x3d)
    package static let dxf = Format("dxf", "DXF drawing", "image/vnd.dxf", by: Detect.dxf)
    package static let step = Format("step", "STEP model", "model/step", also: ["stp"], by: Detect.step)
    package static let iges = Format("iges", "IGES model", "model/iges", also: ["igs"], by: Detect.iges)
    package static let brep = Format("brep", "BREP shape", also: ["brp"], by: Detect.brep)
    package static let scad = Format("scad", "OpenSCAD program", by: Detect.program)
    package static let csg = Format("csg", "OpenSCAD CSG tree", by: Detect.program)
    package static let amf = Format("amf", "AMF package", by: Detect.amf)
    package static let dwg = Format("dwg", "DWG drawing", "image/vnd.dwg", by: Detect.dwg)
    package static let usd = Format("usd", "USD scene", also: ["usda", "usdc"], by: Detect.usd)
    package static let usdz = Format("usdz", "USDZ package", "model/vnd.usdz+zip", by: Detect.usdz)
    package static let abc = Format("abc", "Alembic cache", by: Detect.abc)
    package static let blend = Format("blend", "Blender file", by: Detect.blend)

    package static let svg = Format("svg", "SVG drawing", "image/svg+xml", isSource: false, by: Detect.svg)
    package static let pdf = Format("pdf", "PDF document", "application/pdf", isSource: false, by: Detect.pdf)
    package static let png = Format("png", "PNG image", "image/png", isSource: false, by: Detect.png)

    package static let all = [
        obj, stl, ply, off, threeDS, dae, x, gltf, glb, fbx, threeMF, x3d,
        dxf, step, iges, brep, scad, csg, amf, dwg, usd, usdz, abc, blend, svg, pdf, png,
    ]
}

extension Format: Hashable, CustomStringConvertible {
    package static func == (one: Format, other: Format) -> Bool { one.name == other.name }

    package func hash(into hasher: inout Hasher) { hasher.combine(name) }

    package var description: String { name }
}

extension Format: Codable {
    /// From its name or an extension. Throws `DecodingError` for any other text.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let format = Format.named(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "unknown format \(text)")
        }
        self = format
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}
