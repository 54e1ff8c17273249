package import Persistence

/// Opens a model file again and measures it: what makes a result a verified one.
///
/// Everything here blocks on the disk and on arithmetic: call it off the cooperative pool.
package enum Reading {
    /// The formats that are read.
    package enum Kind: String, CaseIterable, Sendable {
        case glb, gltf, stl, obj, ply, off, dae, dxf, svg, png, pdf
        case threeMF = "3mf"
    }

    /// The geometry of the file at `path`, read as `format` whatever its name says. Symbolic links are refused.
    ///
    /// `nil` means that the file cannot be measured by us (Draco's meshes, glTF 1.0, free-form surfaces), which says
    /// nothing against it. A valid file without geometry has zeros: whether that is a failure is the caller's word.
    package static func measure(
        _ path: String, format: Kind, caps: ReadCaps = ReadCaps()
    ) throws(ReadError) -> Geometry? {
        let budget = ReadBudget(caps)
        let file = try ModelFile.open(path, budget: budget)
        return switch format {
        case .stl: try STLReader.measure(file, budget: budget)
        case .obj: try OBJReader.measure(file, budget: budget)
        case .ply: try PLYReader.measure(file, budget: budget)
        case .off: try OFFReader.measure(file, budget: budget)
        case .dae: try DAEReader.measure(file, budget: budget)
        case .dxf: try DXFReader.measure(file, budget: budget)
        case .svg: try SVGReader.measure(file, budget: budget)
        case .png: try PNGReader.measure(file, budget: budget)
        case .pdf: try PDFReader.measure(file, budget: budget)
        case .threeMF: try ThreeMFReader.measure(file, budget: budget)
        case .gltf, .glb: try GLTFReader.measure(file, binary: format == .glb, budget: budget)
        }
    }
}
