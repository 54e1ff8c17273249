import Foundation
import TestSupport

@testable import Pipeline

/// Small models of our own in every format, to be damaged.
enum FuzzSamples {
    static let all: [(format: Format, bytes: [UInt8])] = embedded + written

    /// The samples of the self-test.
    private static let embedded = Format.all.compactMap { format in
        Sample.of(format).map { (format, $0) }
    }

    private static let written: [(format: Format, bytes: [UInt8])] = [
        (.stl, Samples.stl()), (.stl, Samples.stlASCII()), (.ply, Samples.ply()), (.ply, Samples.plyASCII()),
        (.ply, Tetrahedron.binaryPLY(bigEndian: true)), (.off, Samples.off()), (.obj, Samples.obj()),
        (.obj, Array(Tetrahedron.obj.utf8)), (.glb, Samples.glb()), (.glb, GLTFSample.glb()),
        (.gltf, Array(GLTFSample.gltf().utf8)), (.gltf, Samples.gltf()), (.glb, Samples.meshopt(isQuantised: true)),
        (.glb, Samples.meshopt(isQuantised: false)), (.dae, Samples.dae()), (.x3d, Samples.x3d()),
        (.threeMF, Samples.threeMF()), (.dxf, Samples.dxf()), (.fbx, Samples.fbx()), (.png, Samples.png()),
        (.png, Samples.picture()), (.svg, Array("<svg viewBox='0 0 1 1'><g><path d='M0 0'/></g></svg>".utf8)),
        (
            .scad,
            Array(
                "include <a.scad>\nuse <b/c.scad>\ncube(2); /* x */ import(\"part.stl\"); surface(file=\"d.png\");".utf8
            )
        ),
        (.x3d, Array("<X3D><Inline url='\"a.x3d\" \"b.x3d\"'/><ImageTexture url='t.png'/></X3D>".utf8)),
        (.obj, Array("mtllib a.mtl \\\n b.mtl\nmap_Kd -o 1 2 3 t x.png\nbump -bm 2 \"q.png\"\n".utf8)),
        (.off, Array("OFF BINARY\n\0\0\0\u{3}\0\0\0\u{1}\0\0\0\0".utf8)),
    ]
}
