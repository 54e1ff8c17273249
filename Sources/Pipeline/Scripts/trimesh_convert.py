"""Turns one mesh into another, by trimesh.

    trimesh_convert.py SOURCE RESULT FORMAT

Exit codes: 3 the source cannot be read, 4 nothing to see in it, 5 the result cannot be written; the last line that begins
with `KILN <code>: ` tells why. Numbers stay as they are.
"""
import os
import sys

import trimesh


def stop(code, reason):
    print(f"\nKILN {code}: {str(reason).splitlines()[0] if str(reason) else type(reason).__name__}")
    sys.stdout.flush()
    os._exit(code)


source, result, format = sys.argv[1:4]
try:
    scene = trimesh.load_scene(source)
except Exception as error:
    stop(3, error)
if not any(len(getattr(shape, "faces", ())) for shape in scene.geometry.values()):
    stop(4, "The model has no faces.")
try:
    # A scene keeps what is placed several times once; the other formats hold one mesh.
    (scene if format == "glb" else scene.to_mesh()).export(result, file_type=format)
except Exception as error:
    stop(5, error)
