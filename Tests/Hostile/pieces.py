"""What hostile inputs are made of: our own samples, and a few small writers that do not mind to lie."""

import io
import json
import pathlib
import struct
import zipfile

SAMPLES = pathlib.Path(__file__).parents[2] / "Sources" / "Pipeline" / "Samples"
# What a route may end with when the tool was given a file that nobody can read. Never `internal`.
BROKEN = {"failed", "415 unrecognisedContent", "415 contradictedName", "422 invalidInput", "400 invalidArchive"}
# The same, where a lenient tool may also make something of it.
BIG = 1_000_000_000
ANY = BROKEN | {"succeeded", "422 unsafeReference", "422 missingDependency"}


def sample(name):
    return (SAMPLES / f"box.{name}").read_bytes()


class Case:
    """One upload: its files, the target, and the ends that are right."""

    def __init__(self, name, files, target, ends, **more):
        self.name, self.files, self.target, self.ends = name, files, target, set(ends)
        self.options, self.is_quick = more.get("options"), more.get("quick", False)


def one(name, filename, content, target, ends, **more):
    content = content.encode() if isinstance(content, str) else content
    return Case(name, [(filename, content)], target, ends, **more)


def stl(triangles, count=None, head=b"hostile"):
    body = b"".join(struct.pack("<12fH", 0, 0, 1, *corners, 0) for corners in triangles)
    return head.ljust(80, b"\0") + struct.pack("<I", len(triangles) if count is None else count) + body


def glb(document, binary=b"", total=None, lengths=None):
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    lengths = lengths or (len(text), len(binary))
    body = struct.pack("<I4s", lengths[0], b"JSON") + text
    if binary:
        body += struct.pack("<I4s", lengths[1], b"BIN\0") + binary
    return b"glTF" + struct.pack("<II", 2, total or 12 + len(body)) + body


def gltf(**changes):
    """A tetrahedron, and in it whatever else is wished for."""
    points = [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)]
    data = b"".join(struct.pack("<3f", *p) for p in points)
    data += struct.pack("<12H", 0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3)
    document = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 4, "type": "VEC3", "min": [0] * 3, "max": [1] * 3},
            {"bufferView": 1, "componentType": 5123, "count": 12, "type": "SCALAR"},
        ],
        "bufferViews": [{"buffer": 0, "byteLength": 48}, {"buffer": 0, "byteOffset": 48, "byteLength": 24}],
        "buffers": [{"byteLength": 72}],
    }
    return document | changes, data


def packed(**changes):
    document, data = gltf(**changes)
    return glb(document, data)


def archive(entries, method=zipfile.ZIP_DEFLATED):
    """A zip of (name or ZipInfo, content)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, content in entries:
            file.writestr(name, content)
    return buffer.getvalue()


def member(name, mode):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    info.create_system = 3
    return info


def changed(name, member_name, change):
    """A packaged sample with one of its parts changed."""
    with zipfile.ZipFile(io.BytesIO(sample(name))) as file:
        parts = [(n, file.read(n)) for n in file.namelist()]
    return archive([(n, change(c) if n.endswith(member_name) else c) for n, c in parts])
