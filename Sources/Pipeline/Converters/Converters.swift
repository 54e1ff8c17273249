extension Converter {
    /// Every converter there is, the preferred ones first. To add one: a file beside this one, and its name here.
    package static let all: [Converter] = [
        assimp, bpy, blender, openCascade, openSCAD, freeCAD, oda, libreDWG, libreDXF, ezdxf, gltfpack, draco, admesh,
        f3d, trimesh,
    ]
}
