/// A tiny model of each format, for the self-test: a box of 10 × 20 × 30 mm. Made by Samples/generate.py.
enum Sample {
    /// `nil` for formats that nobody here can write without a tool of its own.
    static func of(_ format: Format) -> [UInt8]? {
        switch format {
        case .threeDS: PackageResources.box_3ds
        case .threeMF: PackageResources.box_3mf
        case .amf: PackageResources.box_amf
        case .brep: PackageResources.box_brep
        case .csg: PackageResources.box_csg
        case .dae: PackageResources.box_dae
        case .dxf: PackageResources.box_dxf
        case .fbx: PackageResources.box_fbx
        case .glb: PackageResources.box_glb
        case .gltf: PackageResources.box_gltf
        case .iges: PackageResources.box_iges
        case .obj: PackageResources.box_obj
        case .off: PackageResources.box_off
        case .ply: PackageResources.box_ply
        case .scad: PackageResources.box_scad
        case .step: PackageResources.box_step
        case .stl: PackageResources.box_stl
        case .usd: PackageResources.box_usd
        case .usdz: PackageResources.box_usdz
        case .x: PackageResources.box_x
        case .x3d: PackageResources.box_x3d
        default: nil
        }
    }

    /// A flat one where the target is a drawing and the source can be either.
    static func of(_ format: Format, for target: Format) -> [UInt8]? {
        let isProgram = format == .scad || format == .csg
        return isProgram && (target.isSheet || target == .dxf) ? square : of(format)
    }

    private static let square = Array("square(size = [10, 20], center = false);\n".utf8)
}
