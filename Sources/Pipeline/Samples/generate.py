#!/usr/bin/env python3
"""Makes the samples of the self-test beside this file: a box of 10 x 20 x 30 mm in every format there is a way to.

    python3 generate.py            all that Python alone can write
    python3 generate.py --tools    also those that OCCT DRAW, Blender and bpy write (kept in the repository too)

Along x, y, z a box measures 10, 20, 30 where z is up, and 10, 30, 20 where y is; in metres a thousandth of that.
"""
import base64
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import zipfile

HERE = pathlib.Path(__file__).parent
EPOCH = (1980, 1, 1, 0, 0, 0)
BPY = "/opt/kiln/bpy/bin/python3"
FACES = [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)]


def corners(x, y, z):
    return [(x * (i & 1), y * (i >> 1 & 1), z * (i >> 2 & 1)) for i in range(8)]


def triangles():
    return [t for a, b, c, d in FACES for t in ((a, b, c), (a, c, d))]


def write(name, content):
    (HERE / f"box.{name}").write_bytes(content if isinstance(content, bytes) else content.encode())


def numbers(values):
    return " ".join(f"{v:g}" for v in values)


def obj():
    lines = [f"v {numbers(c)}" for c in corners(10, 20, 30)] + ["f " + " ".join(str(i + 1) for i in f) for f in FACES]
    write("obj", "\n".join(["o box"] + lines) + "\n")


def stl():
    points = corners(10, 20, 30)
    body = b"".join(struct.pack("<12fH", 0, 0, 0, *(v for i in t for v in points[i]), 0) for t in triangles())
    write("stl", b"box".ljust(80, b"\0") + struct.pack("<I", 12) + body)


def ply():
    head = ["ply", "format ascii 1.0", "element vertex 8"] + [f"property float {a}" for a in "xyz"]
    head += ["element face 12", "property list uchar int vertex_indices", "end_header"]
    body = [numbers(c) for c in corners(10, 20, 30)] + [f"3 {numbers(t)}" for t in triangles()]
    write("ply", "\n".join(head + body) + "\n")


def off():
    body = [numbers(c) for c in corners(10, 20, 30)] + [f"3 {numbers(t)}" for t in triangles()]
    write("off", "\n".join(["OFF", "8 12 0"] + body) + "\n")


def gltf():
    points = struct.pack("<24f", *(v for c in corners(0.01, 0.03, 0.02) for v in c))
    indices = struct.pack("<36H", *(i for t in triangles() for i in t))
    document = {
        "asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}], "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1, "material": 0}]}],
        "materials": [{"name": "grey", "pbrMetallicRoughness": {"baseColorFactor": [0.5, 0.5, 0.5, 1]}}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 8, "type": "VEC3", "min": [0, 0, 0],
             "max": [struct.unpack("<f", struct.pack("<f", v))[0] for v in (0.01, 0.03, 0.02)]},
            {"bufferView": 1, "componentType": 5123, "count": 36, "type": "SCALAR"}],
        "bufferViews": [{"buffer": 0, "byteOffset": 0, "byteLength": 96, "target": 34962},
                        {"buffer": 0, "byteOffset": 96, "byteLength": 72, "target": 34963}],
        "buffers": [{"byteLength": 168}]}
    text = json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<2I", len(text), 0x4E4F534A) + text + struct.pack("<2I", 168, 0x004E4942) + points + indices
    write("glb", struct.pack("<3I", 0x46546C67, 2, 12 + len(chunks)) + chunks)
    data = base64.b64encode(points + indices).decode()
    document["buffers"][0]["uri"] = "data:application/octet-stream;base64," + data
    write("gltf", json.dumps(document, separators=(",", ":")))


def dae():
    points = " ".join(numbers(c) for c in corners(10, 20, 30))
    indices = " ".join(numbers(t) for t in triangles())
    write("dae", f"""<?xml version="1.0" encoding="utf-8"?>
<COLLADA xmlns="http://www.collada.org/2005/11/COLLADASchema" version="1.4.1">
<asset><created>2000-01-01T00:00:00</created><modified>2000-01-01T00:00:00</modified>
<unit name="millimeter" meter="0.001"/><up_axis>Z_UP</up_axis></asset>
<library_geometries><geometry id="box"><mesh>
<source id="p"><float_array id="a" count="24">{points}</float_array><technique_common>
<accessor source="#a" count="8" stride="3"><param name="X" type="float"/><param name="Y" type="float"/>
<param name="Z" type="float"/></accessor></technique_common></source>
<vertices id="v"><input semantic="POSITION" source="#p"/></vertices>
<triangles count="12"><input semantic="VERTEX" source="#v" offset="0"/><p>{indices}</p></triangles>
</mesh></geometry></library_geometries>
<library_visual_scenes><visual_scene id="s"><node id="n"><instance_geometry url="#box"/></node></visual_scene>
</library_visual_scenes><scene><instance_visual_scene url="#s"/></scene></COLLADA>
""")


def x():
    points = ";,\n".join(";".join(f"{v:g}.0" for v in c) for c in corners(10, 20, 30))
    faces = ",\n".join("3;" + ",".join(map(str, t)) + ";" for t in triangles())
    write("x", f"xof 0303txt 0032\nMesh box {{\n8;\n{points};;\n12;\n{faces};\n}}\n")


def x3d():
    points = ", ".join(numbers(c) for c in corners(10, 20, 30))
    faces = " -1 ".join(numbers(t) for t in triangles())
    write("x3d", f"""<?xml version="1.0" encoding="UTF-8"?>
<X3D profile="Interchange" version="3.0"><Scene><Shape><IndexedFaceSet coordIndex="{faces} -1">
<Coordinate point="{points}"/></IndexedFaceSet></Shape></Scene></X3D>
""")


def three_ds():
    def chunk(kind, *parts):
        body = b"".join(parts)
        return struct.pack("<HI", kind, 6 + len(body)) + body
    points = struct.pack("<H", 8) + b"".join(struct.pack("<3f", *c) for c in corners(10, 20, 30))
    faces = struct.pack("<H", 12) + b"".join(struct.pack("<4H", *t, 7) for t in triangles())
    mesh = chunk(0x4100, chunk(0x4110, points), chunk(0x4120, faces))
    write("3ds", chunk(0x4D4D, chunk(0x0002, struct.pack("<I", 3)), chunk(0x3D3D, chunk(0x4000, b"box\0", mesh))))


def archive(name, entries, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(HERE / f"box.{name}", "w") as target:
        for path, text in entries.items():
            target.writestr(zipfile.ZipInfo(path, EPOCH), text, method)


def three_mf():
    points = "".join('<vertex x="%g" y="%g" z="%g"/>' % c for c in corners(10, 20, 30))
    faces = "".join('<triangle v1="%d" v2="%d" v3="%d"/>' % t for t in triangles())
    kinds = "http://schemas.openxmlformats.org/package/2006"
    archive("3mf", {
        "[Content_Types].xml": f'<?xml version="1.0" encoding="UTF-8"?><Types xmlns="{kinds}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/></Types>',
        "_rels/.rels": f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{kinds}/relationships">'
        f'<Relationship Target="/3D/3dmodel.model" Id="r" '
        f'Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/></Relationships>',
        "3D/3dmodel.model": '<?xml version="1.0" encoding="UTF-8"?><model unit="millimeter" xml:lang="en" '
        'xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02"><resources><object id="1" type="model"><mesh>'
        f'<vertices>{points}</vertices><triangles>{faces}</triangles></mesh></object></resources>'
        '<build><item objectid="1"/></build></model>'})


def amf():
    points = "".join("<vertex><coordinates><x>%g</x><y>%g</y><z>%g</z></coordinates></vertex>" % c
                     for c in corners(10, 20, 30))
    faces = "".join("<triangle><v1>%d</v1><v2>%d</v2><v3>%d</v3></triangle>" % t for t in triangles())
    write("amf", f'<?xml version="1.0" encoding="UTF-8"?>\n<amf unit="millimeter"><object id="1"><mesh>'
                 f'<vertices>{points}</vertices><volume>{faces}</volume></mesh></object></amf>\n')


def dxf():
    """Twelve 3DFACEs, in the oldest version: every reader takes it, as a model and as a drawing."""
    points = corners(10, 20, 30)
    lines = ["0", "SECTION", "2", "HEADER", "9", "$ACADVER", "1", "AC1009", "0", "ENDSEC", "0", "SECTION", "2", "ENTITIES"]
    for triangle in triangles():
        lines += ["0", "3DFACE", "8", "0"]
        for place, corner in enumerate(triangle + triangle[2:]):
            for axis, value in enumerate(points[corner]):
                lines += [f"{10 * (axis + 1) + place}", f"{value:.1f}"]
    write("dxf", "\n".join(lines + ["0", "ENDSEC", "0", "EOF"]) + "\n")


def programs():
    write("scad", "// A box with its corner at the origin.\nsize = [10, 20, 30];\ncube(size);\n")
    write("csg", "cube(size = [10, 20, 30], center = false);\n")


def usd():
    points = ", ".join("(%g, %g, %g)" % c for c in corners(10, 20, 30))
    text = f"""#usda 1.0
(
    defaultPrim = "box"
    metersPerUnit = 0.001
    upAxis = "Z"
)

def Mesh "box"
{{
    int[] faceVertexCounts = [{", ".join(["4"] * 6)}]
    int[] faceVertexIndices = [{", ".join(str(i) for f in FACES for i in f)}]
    point3f[] points = [{points}]
}}
"""
    write("usd", text)
    # In a usdz the bytes of each file begin at a multiple of 64 (USDZ File Format Specification).
    name = "box.usda"
    info = zipfile.ZipInfo(name, EPOCH)
    info.extra = struct.pack("<2H", 0x1986, 64 - 30 - len(name) - 4) + bytes(64 - 30 - len(name) - 4)
    with zipfile.ZipFile(HERE / "box.usdz", "w") as target:
        target.writestr(info, text, zipfile.ZIP_STORED)


def solids():
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder)
        script = ["pload MODELING XDE OCAF", "box b 10 20 30", "NewDocument D BinXCAF", "XAddShape D b",
                  f"save b {out}/box.brep", f"WriteStep D {out}/box.step", f"WriteIges D {out}/box.iges", "exit"]
        (out / "make.tcl").write_text("\n".join(script))
        subprocess.run(["occt-draw-7.6", "-b", "-f", str(out / "make.tcl")], check=True, stdout=subprocess.DEVNULL)
        for name in ("brep", "step", "iges"):
            write(name, (out / f"box.{name}").read_bytes())


BLENDER = """
import sys
import bpy
bpy.ops.wm.read_factory_settings(use_empty=True)
mesh = bpy.data.meshes.new("box")
corners = [(0.01 * (i & 1), 0.02 * (i >> 1 & 1), 0.03 * (i >> 2 & 1)) for i in range(8)]
mesh.from_pydata(corners, [], [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)])
bpy.context.scene.collection.objects.link(bpy.data.objects.new("box", mesh))
path = sys.argv[-1]
if path.endswith(".abc"):
    bpy.ops.wm.alembic_export(filepath=path)
else:
    bpy.ops.export_scene.fbx(filepath=path, bake_anim=False, add_leaf_bones=False)
"""


def scenes():
    with tempfile.TemporaryDirectory() as folder:
        script = pathlib.Path(folder) / "make.py"
        script.write_text(BLENDER)
        for name in ("fbx", "abc"):
            made = pathlib.Path(folder) / f"box.{name}"
            program = [BPY, str(script)] if name == "abc" else ["blender", "-b", "--python", str(script)]
            subprocess.run(program + ["--", str(made)], check=True, stdout=subprocess.DEVNULL)
            write(name, made.read_bytes())


for make in (obj, stl, ply, off, gltf, dae, x, x3d, three_ds, three_mf, amf, dxf, programs, usd):
    make()
if "--tools" in sys.argv:
    solids()
    scenes()
