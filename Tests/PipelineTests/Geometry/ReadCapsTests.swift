import Glibc
import Persistence
import TestSupport
import Testing

@testable import Pipeline

struct ReadCapsTests {
    private static let samples: [(Reading.Kind, [UInt8])] = [
        (.stl, Tetrahedron.binarySTL), (.stl, Array(Tetrahedron.textSTL.utf8)), (.obj, Array(Tetrahedron.obj.utf8)),
        (.ply, Tetrahedron.binaryPLY()), (.ply, Array(Tetrahedron.textPLY.utf8)), (.glb, GLTFSample.glb()),
        (.gltf, Array(GLTFSample.gltf().utf8)), (.off, Samples.off()), (.dae, Samples.dae()),
        (.threeMF, Samples.threeMF()), (.dxf, Samples.dxf()),
    ]

    @Test func `more bytes than allowed are too large`() throws {
        for (kind, bytes) in Self.samples {
            #expect(throws: ReadError.tooLarge("The file has more than 50 bytes.")) {
                try measured(bytes, as: kind, caps: ReadCaps(bytes: 50))
            }
        }
    }

    @Test func `more elements than allowed are too large`() throws {
        for (kind, bytes) in Self.samples {
            #expect(throws: ReadError.tooLarge("The model has more than 3 elements.")) {
                try measured(bytes, as: kind, caps: ReadCaps(elements: 3))
            }
        }
    }

    @Test func `more time than allowed ends the reading`() throws {
        for (kind, bytes) in Self.samples {
            #expect(throws: ReadError.timedOut) { try measured(bytes, as: kind, caps: ReadCaps(time: .zero)) }
        }
    }

    @Test func `a file that is not there is told by the system's code`() {
        #expect(throws: ReadError.system(ENOENT)) { try Reading.measure("/nowhere/at/all.stl", format: .stl) }
    }

    @Test func `links, folders and pipes are not read`() throws {
        let folder = try ModelFolder()
        let target = try folder.write(Tetrahedron.binarySTL, as: "model.stl")
        symlink(target, folder.path + "/link")
        mkfifo(folder.path + "/pipe", 0o600)
        for name in ["link", "pipe", ""] {
            #expect(throws: ReadError.self) { try Reading.measure(folder.path + "/" + name, format: .stl) }
        }
    }
}
