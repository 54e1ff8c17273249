"""Turns one model into another, in Blender or in its Python module `bpy`.

    blender.py -- SOURCE RESULT SOURCE_FORMAT RESULT_FORMAT [OPTION=true|false ...]

Exit codes: 3 the source cannot be read, 4 nothing to see in it, 5 the result cannot be written; the last line that begins
with `KILN <code>: ` tells why.
"""
import sys


class Stop(Exception):
    def __init__(self, code, reason):
        super().__init__(reason)
        self.code = code


def main(source, result, before, after, options):
    read(source, before)
    check()
    write(result, before, after, options)


def read(source, format):
    if format != "blend":
        bpy.ops.wm.read_factory_settings(use_empty=True)
    try:
        READERS[format](source)
    except Exception as error:
        raise Stop(3, sentence(error)) from error
    for image in bpy.data.images:
        if "\\" in image.filepath:
            image.filepath = os.path.normpath(image.filepath.replace("\\", "/"))


def check():
    bpy.context.view_layer.update()
    graph = bpy.context.evaluated_depsgraph_get()
    for item in bpy.context.scene.objects:
        if item.type not in {"MESH", "CURVE", "SURFACE", "FONT", "META"}:
            continue
        shape = item.evaluated_get(graph)
        mesh = shape.to_mesh()
        has_faces = mesh is not None and len(mesh.polygons) > 0
        shape.to_mesh_clear()
        if has_faces:
            return
    raise Stop(4, "The model has no faces.")


def write(result, before, after, options):
    try:
        WRITERS[after](result, before, options)
    except Exception as error:
        raise Stop(5, sentence(error)) from error
    if not os.path.exists(result):
        raise Stop(5, "Nothing was written.")


def sentence(error):
    """What an operator says last, without where it was said."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip() and "Location: " not in line]
    return re.sub(r"\s*'?/\S+", "", lines[-1] if lines else type(error).__name__).removeprefix("Error: ")


def run():
    words = sys.argv[sys.argv.index("--") + 1:]
    options = {name: value == "true" for name, value in (word.split("=") for word in words[4:])}
    try:
        main(*words[:4], options)
        return 0
    except Stop as stop:
        print(f"\nKILN {stop.code}: {stop}")
        return stop.code


code = run()
sys.stdout.flush()
# Not `sys.exit`: taking Blender down is slow, and has been seen to crash after a complete result.
os._exit(code)
