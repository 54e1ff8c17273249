"""Inputs that are broken: cut short, misnamed, with counts and indices that cannot be. `canary` is not for them."""

import json
import struct

from pieces import ANY, BIG, BROKEN, changed, glb, gltf, one, packed, sample, stl

FORMATS = "3ds 3mf amf brep csg dae dxf fbx glb gltf iges obj off ply scad step stl usd usdz x x3d".split()


def target_of(name):
    return "obj" if name in ("stl", "gltf", "glb") else "stl"


def truncations(canary):
    for name in FORMATS:
        content = sample(name)
        for percent in (3, 25, 50, 75, 99):
            cut = content[: max(1, len(content) * percent // 100)]
            yield one(f"{name} cut at {percent} %", f"box.{name}", cut, target_of(name), ANY, quick=percent == 50)


def wrong_names(canary):
    for content, name in [
        ("glb", "stl"),
        ("stl", "glb"),
        ("obj", "gltf"),
        ("3mf", "obj"),
        ("dae", "step"),
        ("step", "iges"),
        ("usdz", "3mf"),
        ("fbx", "blend"),
        ("dxf", "dwg"),
        ("ply", "off"),
    ]:
        yield one(f"{content} named {name}", f"box.{name}", sample(content), "ply", BROKEN, quick=True)
    for title, content in [
        ("a program", b"\x7fELF\2\1\1" + bytes(500)),
        ("a page", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("a script", b"#!/bin/sh\nid\n"),
        ("zeros", bytes(10_000)),
        ("blanks", b" \n" * 5000),
        ("a byte", b"x"),
        ("a gzip bomb's head", b"\x1f\x8b\x08\0" + bytes(100)),
    ]:
        yield one(f"{title} named stl", "box.stl", content, "obj", BROKEN, quick=True)
    yield one("nothing", "box.stl", b"", "obj", {"400 emptyFile"}, quick=True)


def giant_counts(canary):
    triangle = (0, 0, 0, 1, 0, 0, 0, 1, 0)
    head = "ply\nformat {}\nelement vertex {}\nproperty float x\nproperty float y\nproperty float z\n"
    face = "element face {}\nproperty list {} int vertex_indices\nend_header\n"
    impossible = {"422 invalidInput"}
    yield one(
        "stl of 4 billion",
        "a.stl",
        stl([triangle], 0xFFFF_FFFF),
        "obj",
        {*impossible, "415 contradictedName"},
        quick=True,
    )
    yield one("stl of one too many", "a.stl", stl([triangle] * 9, 10), "obj", impossible, quick=True)
    yield one(
        "binary ply of a billion",
        "a.ply",
        head.format("binary_little_endian 1.0", BIG) + "end_header\n",
        "stl",
        impossible,
        quick=True,
    )
    yield one(
        "text ply of a billion", "a.ply", head.format("ascii 1.0", BIG) + "end_header\n0 0 0\n", "stl", impossible
    )
    yield one(
        "ply of no vertices, many faces",
        "a.ply",
        head.format("ascii 1.0", 0) + face.format(BIG, "uchar"),
        "stl",
        impossible,
    )
    yield one(
        "ply with a list of 4 billion",
        "a.ply",
        (head.format("binary_little_endian 1.0", 1) + face.format(1, "uint")).encode() + bytes(12) + b"\xff" * 4,
        "stl",
        BROKEN,
    )
    yield one("ply count beyond 64 bits", "a.ply", head.format("ascii 1.0", "9" * 30) + "end_header\n", "stl", ANY)
    yield one("off of a billion", "a.off", f"OFF\n{BIG} {BIG} 0\n0 0 0\n", "stl", impossible, quick=True)
    yield one("off count beyond 64 bits", "a.off", f"OFF\n{'9' * 30} 1 0\n", "stl", impossible)
    yield one("off face of a billion corners", "a.off", f"OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n{BIG} 0 1 2\n", "stl", ANY)
    yield one("3ds chunk of 4 GB", "a.3ds", b"MM\xff\xff\xff\x7f" + sample("3ds")[6:], "stl", ANY)
    yield one("glb longer than it is", "a.glb", glb(*gltf(), total=BIG), "stl", impossible, quick=True)
    yield one("glb chunk longer than it is", "a.glb", glb(*gltf(), lengths=(4000, 72)), "stl", BROKEN)
    yield one(
        "glb binary chunk longer than it is",
        "a.glb",
        glb(gltf()[0], gltf()[1], lengths=(len(json.dumps(gltf()[0])) + -len(json.dumps(gltf()[0])) % 4, BIG)),
        "stl",
        impossible,
    )
    yield one("x with a billion vertices", "a.x", sample("x").replace(b"8;", b"1000000000;", 1), "stl", ANY)
    yield one("amf scaled beyond numbers", "a.amf", sample("amf").replace(b"10", b"1e999"), "stl", ANY)


def gltf_lies(canary):
    document, data = gltf()
    impossible = {"422 invalidInput"}
    accessor = document["accessors"][0]
    lies = {
        "an accessor of a billion": {"accessors": [accessor | {"count": BIG}, document["accessors"][1]]},
        "an accessor without data of 4 billion": {
            "accessors": [{"componentType": 5126, "count": 4 * BIG, "type": "VEC3"}, document["accessors"][1]]
        },
        "an accessor beyond its view": {"accessors": [accessor | {"byteOffset": 40}, document["accessors"][1]]},
        "a negative count": {"accessors": [accessor | {"count": -4}, document["accessors"][1]]},
        "a count that overflows": {"accessors": [accessor | {"count": 2**63}, document["accessors"][1]]},
        "a view beyond its buffer": {"bufferViews": [{"buffer": 0, "byteLength": 48, "byteOffset": 2**40}] * 2},
        "a view of no buffer": {"bufferViews": [{"buffer": 7, "byteLength": 48}] * 2},
        "a buffer beyond the file": {"buffers": [{"byteLength": BIG}]},
        "a sparse accessor of too many": {
            "accessors": [
                accessor
                | {
                    "sparse": {
                        "count": BIG,
                        "indices": {"bufferView": 1, "componentType": 5123},
                        "values": {"bufferView": 0},
                    }
                },
                document["accessors"][1],
            ]
        },
        "a mesh that is not there": {"nodes": [{"mesh": BIG}]},
        "a node that is not there": {"scenes": [{"nodes": [5]}]},
        "a child that is itself": {"nodes": [{"mesh": 0, "children": [0]}]},
        "nodes in a circle": {"nodes": [{"children": [1]}, {"children": [2]}, {"mesh": 0, "children": [0]}]},
        "children shared 2^40 times": {"nodes": [{"children": [n + 1, n + 1]} for n in range(40)] + [{"mesh": 0}]},
        "nodes 100,000 deep": {"nodes": [{"children": [n + 1]} for n in range(100_000)] + [{"mesh": 0}]},
        "an image in no view": {"images": [{"bufferView": 9, "mimeType": "image/png"}]},
        "a skin of no nodes": {"nodes": [{"mesh": 0, "skin": 0}], "skins": [{"joints": [99]}]},
    }
    for title, lie in lies.items():
        yield one(f"gltf with {title}", "a.glb", packed(**lie), "stl", impossible, quick=True)
    far = data[:48] + struct.pack("<12H", *range(65_524, 65_536))
    yield one("gltf with indices beyond its vertices", "a.glb", glb(document, far), "stl", {"failed", "succeeded"})
    # A lenient tool may leave such a vertex out.
    yield one(
        "gltf of not a number",
        "a.glb",
        glb(document, struct.pack("<3f", *[float("nan")] * 3) + data[12:]),
        "stl",
        {"failed", "succeeded"},
    )
    yield one(
        "gltf of infinity",
        "a.glb",
        glb(document, struct.pack("<3f", *[float("inf")] * 3) + data[12:]),
        "obj",
        {"failed", "succeeded"},
    )
    short = "data:application/octet-stream;base64,AAAA"
    yield one(
        "gltf whose data URI is short",
        "a.gltf",
        json.dumps(document | {"buffers": [{"byteLength": 72, "uri": short}]}),
        "stl",
        impossible,
    )


def indices(canary):
    box = sample("obj").decode()
    many = {"failed", "succeeded"}
    yield one("obj face beyond its vertices", "a.obj", box + "f 1 2 999999999\n", "stl", many, quick=True)
    yield one("obj face below its vertices", "a.obj", box + "f -1 -2 -999999999\n", "stl", many)
    yield one("obj face of zero", "a.obj", box + "f 0 0 0\n", "stl", many)
    yield one("obj index beyond 64 bits", "a.obj", box + f"f 1 2 {'9' * 40}\n", "stl", many)
    yield one("obj of a million corners", "a.obj", box + "f" + " 1 2 3" * 300_000 + "\n", "stl", many)
    yield one("obj of not a number", "a.obj", box.replace("10", "nan"), "stl", {"failed"}, quick=True)
    yield one("obj of infinity", "a.obj", box.replace("10", "1e999"), "stl", many)
    yield one("obj with a line of 8 MB", "a.obj", box + "# " + "x" * (8 << 20) + "\n", "stl", many)
    yield one("obj with zero bytes", "a.obj", box.encode() + b"\0" * 100 + b"\nv 1 2\0 3\n", "stl", ANY)
    yield one("stl of not a number", "a.stl", stl([(float("nan"),) * 9] * 4), "obj", {"failed", "415 contradictedName"})
    yield one("stl of infinity", "a.stl", stl([(float("inf"),) * 9] * 4), "glb", {"failed", "415 contradictedName"})
    yield one("stl of one point", "a.stl", stl([(0,) * 9] * 4), "obj", many)
    yield one("ply face beyond its vertices", "a.ply", sample("ply").replace(b"3 0 2 3", b"3 0 2 999999"), "stl", many)
    yield one("ply of negative indices", "a.ply", sample("ply").replace(b"3 0 2 3", b"3 0 -2 -999"), "stl", many)
    yield one("off face beyond its vertices", "a.off", sample("off").replace(b"3 0 2 3", b"3 0 2 999999"), "stl", many)
    yield one(
        "3mf triangle beyond its vertices",
        "a.3mf",
        changed("3mf", ".model", lambda x: x.replace(b'v1="', b'v1="99999')),
        "stl",
        many,
    )
    yield one(
        "dae indices beyond its vertices", "a.dae", sample("dae").replace(b"<p>", b"<p>99999 99999 99999 "), "stl", many
    )
    yield one(
        "dae nodes in a circle",
        "a.dae",
        sample("dae").replace(b"<instance_geometry", b'<instance_node url="#box"/><instance_geometry', 1),
        "stl",
        ANY,
    )


FAMILIES = [truncations, wrong_names, giant_counts, gltf_lies, indices]
