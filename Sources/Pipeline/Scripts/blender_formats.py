"""How each format is read into a scene of Blender and written from it; `blender.py` follows in the same program.

The scene is always metres and Z-up, files are always Y-up: what is read is turned up, what is written is turned back, so
that a mesh without a known unit keeps its numbers and axes.
"""
import math
import os
import re

import bpy
import mathutils
import numpy

# Blender 3.4's glTF add-on knows numpy as it was before 1.24.
if not hasattr(numpy, "bool"):
    numpy.bool = bool

UPRIGHT = mathutils.Matrix.Rotation(math.pi / 2, 4, "X")
Y_UP = {"up_axis": "Y", "forward_axis": "NEGATIVE_Z", "axis_up": "Y", "axis_forward": "-Z"}
# Formats that say nothing of a unit: a number is a metre in the scene, and a centimetre in FBX.
BARE = {"obj", "stl", "ply", "abc"}
TEXTURE_ENDINGS = {"PNG": ".png", "JPEG": ".jpg", "TARGA": ".tga", "BMP": ".bmp", "TIFF": ".tif", "OPEN_EXR": ".exr"}


def call(names, **arguments):
    """Calls the first operator that this Blender has, with those of the arguments that its version knows."""
    for name in names.split():
        group, verb = name.split(".")
        if verb in dir(getattr(bpy.ops, group)):
            operator = getattr(getattr(bpy.ops, group), verb)
            known = operator.get_rna_type().properties.keys()
            if "FINISHED" not in operator(**{name: arguments[name] for name in arguments if name in known}):
                raise RuntimeError("Blender gave up without a reason.")
            return
    raise RuntimeError("This Blender cannot do that.")


# Reading

def read_blend(source):
    bpy.ops.wm.open_mainfile(filepath=source, load_ui=False, use_scripts=False)
    scene = bpy.context.scene
    scale = scene.unit_settings.scale_length
    if scale not in (0, 1):
        place_below(mathutils.Matrix.Scale(scale, 4))
        scene.unit_settings.scale_length = 1


def place_below(matrix):
    """Puts the whole scene below one node, so that what is animated stays so."""
    root = bpy.data.objects.new("root", None)
    root.matrix_world = matrix
    for item in bpy.context.scene.objects:
        item.parent = item.parent or root
    bpy.context.scene.collection.objects.link(root)
    bpy.context.view_layer.update()


def read_ply(source):
    call("wm.ply_import import_mesh.ply", filepath=source, **Y_UP)
    if "ply_import" not in dir(bpy.ops.wm):
        for mesh in bpy.data.meshes:
            mesh.transform(UPRIGHT)


READERS = {
    "blend": read_blend,
    "ply": read_ply,
    "stl": lambda source: call("wm.stl_import", filepath=source, use_mesh_validate=False, **Y_UP),
    "obj": lambda source: call("wm.obj_import", filepath=source, validate_meshes=False, **Y_UP),
    "fbx": lambda source: call("wm.fbx_import import_scene.fbx", filepath=source, use_image_search=False),
    "glb": lambda source: call("import_scene.gltf", filepath=source),
    "gltf": lambda source: call("import_scene.gltf", filepath=source),
    "usd": lambda source: call("wm.usd_import", filepath=source, apply_unit_conversion_scale=True),
    "usdz": lambda source: call("wm.usd_import", filepath=source, apply_unit_conversion_scale=True),
    "abc": lambda source: call("wm.alembic_import", filepath=source, as_background_job=False),
}


# Writing

def write_gltf(result, before, options):
    embeds = options.get("embedTextures", False)
    add_on = bpy.context.preferences.addons.get("io_scene_gltf2")
    if hasattr(add_on.preferences, "allow_embedded_format"):
        add_on.preferences.allow_embedded_format = True
    has_shapes = any(mesh.shape_keys for mesh in bpy.data.meshes)
    call(
        "export_scene.gltf", filepath=result, export_yup=True, export_cameras=True, export_lights=True,
        export_extras=True, export_apply=before == "blend" and not has_shapes,
        export_format="GLB" if result.endswith(".glb") else "GLTF_EMBEDDED" if embeds else "GLTF_SEPARATE")


def write_fbx(result, before, options):
    embeds = options.get("embedTextures", True)
    if not embeds:
        lay_out_textures(os.path.dirname(result))
    call(
        "export_scene.fbx", filepath=result, global_scale=0.01 if before in BARE else 1, embed_textures=embeds,
        path_mode="COPY" if embeds else "RELATIVE", add_leaf_bones=False, **Y_UP)


def write_obj(result, before, options):
    lay_out_textures(os.path.dirname(result))
    call(
        "wm.obj_export", filepath=result, path_mode="RELATIVE", export_materials=before not in {"stl", "ply"}, **Y_UP)


def write_stl(result, before, options):
    is_text = not options.get("binary", True)
    call("wm.stl_export export_mesh.stl", filepath=result, ascii_format=is_text, ascii=is_text, **Y_UP)


def write_ply(result, before, options):
    is_text = not options.get("binary", True)
    call("wm.ply_export export_mesh.ply", filepath=result, ascii_format=is_text, use_ascii=is_text, **Y_UP)


def write_dae(result, before, options):
    """Its exporter turns nothing well, and says Z-up whatever it is asked for."""
    lay_out_textures(os.path.dirname(result))
    place_below(UPRIGHT.inverted())
    call("wm.collada_export", filepath=result, use_texture_copies=False)
    with open(result, "rb") as file:
        text = file.read()
    with open(result, "wb") as file:
        file.write(text.replace(b"<up_axis>Z_UP</up_axis>", b"<up_axis>Y_UP</up_axis>", 1))


def write_dxf(result, before, options):
    import addon_utils
    addon_utils.enable("io_export_dxf")
    place_below(UPRIGHT.inverted())
    call("export.dxf", filepath=result, mesh_as="3DFACEs", onlySelected=False)


def write_usd(result, before, options):
    call(
        "wm.usd_export", filepath=result, export_animation=True, convert_orientation=True,
        export_global_up_selection="Y", export_global_forward_selection="NEGATIVE_Z", convert_scene_units="METERS")


WRITERS = {
    "glb": write_gltf, "gltf": write_gltf, "fbx": write_fbx, "obj": write_obj, "stl": write_stl, "ply": write_ply,
    "dae": write_dae, "dxf": write_dxf, "usd": write_usd, "usdz": write_usd,
    "abc": lambda result, before, options: call("wm.alembic_export", filepath=result, as_background_job=False),
}


def lay_out_textures(folder):
    """Writes each picture of the model beside the result, under a name of ours, and has the materials name it."""
    for number, image in enumerate(bpy.data.images, 1):
        data = content(image)
        if data is None:
            continue
        plain = re.sub(r"[^A-Za-z0-9_-]+", "_", os.path.splitext(image.name)[0]).strip("_")[:40]
        path = os.path.join(folder, f"{number}_{plain}{TEXTURE_ENDINGS.get(image.file_format, '.png')}")
        with open(path, "wb") as file:
            file.write(data)
        if image.packed_file:
            image.unpack(method="REMOVE")
        image.filepath = path


def content(image):
    if image.packed_file:
        return bytes(image.packed_file.data)
    path = bpy.path.abspath(image.filepath)
    if image.source == "FILE" and os.path.isfile(path):
        with open(path, "rb") as file:
            return file.read()
    return None


