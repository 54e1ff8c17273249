"""Inputs that reach for a file of the host, through every kind of reference that a format has."""

import json

from pieces import ANY, Case, archive, changed, gltf, one, packed, sample

REFUSED = {"422 unsafeReference"}
# What our own checks do not read, or only the running program computes, meets the walls of the sandbox.
WALLED = ANY
TEXTURE = "http://schemas.microsoft.com/3dmanufacturing/2013/01/3dtexture"


def of_gltf(path):
    for title, uri in [
        ("a path", path),
        ("a file URI", f"file://{path}"),
        ("climbing", "../../../../../.." + path),
        ("encoded climbing", "%2e%2e/%2e%2e/%2e%2e/%2e%2e" + path),
        ("twice encoded climbing", "%252e%252e%252f" * 4 + path[1:]),
        ("backslashes", "..\\..\\..\\.." + path.replace("/", "\\")),
        ("a web address", "http://127.0.0.1:9/x.bin"),
    ]:
        document, _ = gltf(buffers=[{"byteLength": 72, "uri": uri}])
        yield one(f"gltf buffer by {title}", "a.gltf", json.dumps(document), "glb", REFUSED, quick=True)
        images = {
            "images": [{"uri": uri}],
            "textures": [{"source": 0}],
            "materials": [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}],
        }
        yield one(f"glb image by {title}", "a.glb", packed(**images), "gltf", REFUSED, quick=title == "a path")
    hidden = json.dumps(gltf()[0]).replace('"byteLength": 72', '"byteLength": 72, "\\u0075ri": "' + path + '"')
    yield one("gltf buffer by an escaped name", "a.gltf", hidden, "glb", REFUSED)


def of_obj(path):
    box = sample("obj")
    for line in [
        f"mtllib {path}",
        f"mtllib ../../../../..{path}",
        f"mtllib ok.mtl {path}",
        f"mtllib \\\n{path}",
        f"maplib {path}",
        f"call {path}",
        f"shadow_obj {path}",
    ]:
        yield one(
            f"obj with {line[:16]!a}...",
            "a.obj",
            line.encode() + b"\n" + box,
            "glb",
            REFUSED,
            quick=line.startswith("mtllib /"),
        )
    for line in [
        f"map_Kd {path}",
        f"map_Kd -o 1 1 1 {path}",
        f"bump -bm 2 ../../../../..{path}",
        f"refl -type sphere {path}",
        f"disp {path}",
        f"norm {path}",
    ]:
        files = [("a.obj", b"mtllib a.mtl\nusemtl m\n" + box), ("a.mtl", f"newmtl m\n{line}\n".encode())]
        yield Case(f"mtl with {line[:20]}...", files, "glb", REFUSED, quick=line.startswith("map_Kd /"))
        yield Case(f"zipped mtl with {line[:20]}...", [("a.zip", archive(files))], "glb", REFUSED)


def of_xml(path):
    image = f'<library_images><image id="i"><init_from>{path}</init_from></image></library_images>'
    text = sample("dae").decode()
    place = text.index("<library_geometries")
    yield one("dae image", "a.dae", text[:place] + image + text[place:], "glb", REFUSED, quick=True)
    yield one(
        "dae image by climbing",
        "a.dae",
        text[:place] + image.replace(path, "../../.." + path) + text[place:],
        "glb",
        REFUSED,
    )
    yield one(
        "dae image with a CDATA",
        "a.dae",
        text[:place] + image.replace(path, f"<![CDATA[{path}]]>") + text[place:],
        "glb",
        REFUSED,
    )
    yield one(
        "dae scene elsewhere",
        "a.dae",
        text.replace("<instance_geometry", f'<instance_node url="{path}#x"/><instance_geometry', 1),
        "glb",
        REFUSED,
    )
    scene = sample("x3d").decode()
    for element in [
        f"<Inline url='\"{path}\"'/>",
        f"<Inline url='{path}'/>",
        f"<Inline url='file://{path}'/>",
        f"<Inline url='../../../..{path}'/>",
    ]:
        yield one(
            f"x3d {element[:14]}...",
            "a.x3d",
            scene.replace("<Shape", element + "<Shape", 1),
            "stl",
            REFUSED,
            quick=True,
        )
    picture = f"<Appearance><ImageTexture url='\"{path}\"'/></Appearance>"
    yield one("x3d picture", "a.x3d", scene.replace("<Shape>", "<Shape>" + picture, 1), "glb", REFUSED)
    for title, rel in [
        (
            "a part outside",
            f'<Relationship Target="{path}" Id="r9" Type="{TEXTURE}"/>',
        ),
        ("an external part", f'<Relationship Target="file://{path}" TargetMode="External" Id="r9" Type="x"/>'),
    ]:
        content = changed("3mf", ".rels", lambda x: x.replace(b"</Relationships>", rel.encode() + b"</Relationships>"))
        yield one(f"3mf with {title}", "a.3mf", content, "glb", WALLED)


def of_programs(path):
    climbing = "../../../../.." + path
    for line in [
        f"include <{path}>",
        f"use <{path}>",
        f'import("{path}");',
        f'import(file = "{path}");',
        f'surface(file = "{path}");',
        f"include <{climbing}>",
        f'import("{climbing}");',
        f'linear_extrude(file = "{path}") square(1);',
        f'linear_extrude(1) import("{path}");',
    ]:
        yield one(f"scad {line[:18]}...", "a.scad", line + "\ncube(1);", "stl", REFUSED, quick=True)
    for title, line in [
        ("a computed name", f'p = str("/", "{path[1:]}"); import(p);'),
        ("a computed picture", f'p = str("/", "{path[1:]}"); surface(p);'),
        ("a name from a function", f"function p() = chr([for (c = {[ord(c) for c in path]}) c]); import(p());"),
    ]:
        yield one(f"scad import of {title}", "a.scad", line + "\ncube(1);", "stl", {"failed", "succeeded"}, quick=True)
    yield one(
        "csg import", "a.csg", f'import(file = "{path}", layer = "", origin = [0, 0], scale = 1);', "stl", REFUSED
    )
    yield Case(
        "scad by way of a part",
        [("a.scad", b"include <b.scad>\ncube(1);"), ("b.scad", f"include <{path}>".encode())],
        "stl",
        REFUSED,
    )


def of_others(path):
    yield one(
        "ply texture",
        "a.ply",
        sample("ply").replace(b"element vertex", f"comment TextureFile {path}\nelement vertex".encode(), 1),
        "glb",
        WALLED,
        quick=True,
    )
    yield one(
        "x texture",
        "a.x",
        sample("x") + f'\nMaterial m {{ 1;1;1;1;; 1; 0;0;0;; 0;0;0;; TextureFilename {{ "{path}"; }} }}\n'.encode(),
        "glb",
        WALLED,
    )
    box = sample("usd").decode()
    for title, text in [
        ("a sublayer", box.replace("#usda 1.0\n(", f"#usda 1.0\n(\n    subLayers = [@{path}@]", 1)),
        ("a reference", box + f'\ndef Xform "out" (references = @{path}@) {{ }}\n'),
        ("a payload", box + f'\ndef Xform "out" (payload = @file://{path}@) {{ }}\n'),
        (
            "a texture",
            box + f'\ndef Shader "t" {{ uniform token info:id = "UsdUVTexture"\n asset inputs:file = @{path}@ }}\n',
        ),
    ]:
        yield one(f"usd with {title}", "a.usd", text, "glb", WALLED, quick=title == "a reference")
    pairs = f"0 SECTION 2 BLOCKS 0 BLOCK 8 0 2 out 70 4 10 0 20 0 30 0 3 out 1 {path} 0 ENDBLK 8 0 0 ENDSEC"
    block = pairs.replace(" ", "\n") + "\n"
    text = sample("dxf").decode()
    yield one("dxf with a drawing elsewhere", "a.dxf", block + text, "svg", WALLED)
    yield one("fbx texture", "a.fbx", sample("fbx").replace(b"box", path.encode()[:3], 1), "glb", WALLED)


def cases(canary):
    for path in (canary, "/etc/passwd"):
        for family in (of_gltf, of_obj, of_xml, of_programs, of_others):
            for case in family(path):
                case.name += " (canary)" if path == canary else ""
                case.is_quick = case.is_quick and path == canary
                yield case
