# Meshes to packages and to exact models, and exact models to one another and to meshes, in FreeCAD.
#
# Before this text stand: `source`, `result`, `before`, `after` (names of formats) and `tolerance` (a part of the diagonal).
# Exit codes: 3 the source cannot be read, 4 nothing to see in it, 5 the result cannot be written, 6 too large; the last
# line that begins with `KILN <code>: ` tells why. FreeCAD must not end by itself: it would wait for commands.
import os
import sys

# Each triangle becomes a face of its own: time and memory grow faster than their number.
MOST_TRIANGLES = 10_000
MESHES = {"stl", "obj", "ply", "off"}


def stop(code, reason=""):
    if reason:
        print(f"\nKILN {code}: {reason}")
    sys.stdout.flush()
    os._exit(code)


def read_mesh():
    import Mesh
    mesh = Mesh.Mesh(source)
    if mesh.CountFacets == 0:
        stop(4, "The model has no faces.")
    return mesh


def read_shape():
    import Part
    shape = Part.Shape()
    shape.read(source)
    if not shape.Faces:
        stop(4, "The model has no surfaces.")
    return shape


def solid_of(mesh):
    import Part
    if mesh.CountFacets > MOST_TRIANGLES:
        stop(6, f"The mesh has {mesh.CountFacets} triangles; at most {MOST_TRIANGLES} can become an exact model.")
    shape = Part.Shape()
    shape.makeShapeFromMesh(mesh.Topology, 0.0001 * mesh.BoundBox.DiagonalLength)
    return Part.makeSolid(shape) if mesh.isSolid() else shape


def mesh_of(shape):
    import MeshPart
    return MeshPart.meshFromShape(
        Shape=shape, LinearDeflection=tolerance * shape.BoundBox.DiagonalLength, AngularDeflection=0.5)


def write(model):
    if after == "step":
        model.exportStep(result)
    elif after == "iges":
        model.exportIges(result)
    elif after == "brep":
        model.exportBrep(result)
    else:
        model.write(result)


try:
    model = read_mesh() if before in MESHES else read_shape()
except Exception as error:
    stop(3, str(error) or type(error).__name__)
try:
    if after in {"step", "iges", "brep"}:
        write(solid_of(model) if before in MESHES else model)
    else:
        write(model if before in MESHES else mesh_of(model))
except Exception as error:
    stop(5, str(error) or type(error).__name__)
stop(0 if os.path.exists(result) else 5, "" if os.path.exists(result) else "Nothing was written.")
