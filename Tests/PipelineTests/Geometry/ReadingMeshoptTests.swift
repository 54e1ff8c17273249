import Persistence
import TestSupport
import Testing

@testable import Pipeline

struct ReadingMeshoptTests {
    private let quantised = Samples.meshopt(isQuantised: true)

    /// The sample with another word in its JSON, which keeps its length.
    private func changed(_ old: String, _ new: String) throws -> [UInt8] {
        var bytes = quantised
        let place = try #require(bytes.firstRange(of: Array(old.utf8)))
        let padded = new + String(repeating: " ", count: max(0, old.utf8.count - new.utf8.count))
        try #require(padded.utf8.count == old.utf8.count)
        bytes.replaceSubrange(place, with: padded.utf8)
        return bytes
    }

    @Test(arguments: [true, false]) func `a file of gltfpack measures what it was made of`(isQuantised: Bool) throws {
        let geometry = try measured(Samples.meshopt(isQuantised: isQuantised), as: .glb)
        #expect(geometry?.vertices == Samples.meshoptVertices)
        #expect(geometry?.triangles == Samples.meshoptTriangles)
        let differences = zip(try #require(geometry?.extents), Samples.meshoptExtents).map { abs($0 - $1) }
        #expect(differences.allSatisfy { $0 <= (isQuantised ? 4e-4 : 0) })
        #expect(MeshoptStream.all.count == 6)
    }

    @Test func `it can be normalised`() throws {
        let folder = try ModelFolder()
        let path = try folder.write(quantised, as: "model")
        let old = try #require(try Reading.measure(path, format: .glb)?.extents)
        try Normalisation.millimetresZUpToMetresYUp.apply(to: path, format: .glb)
        let new = try #require(try Reading.measure(path, format: .glb)?.extents)
        for (found, expected) in zip(new, [old[0], old[2], old[1]]) { #expect(abs(found * 1000 - expected) < 1e-9) }
    }

    @Test func `it refers to nothing outside of itself`() throws {
        #expect(try References.list(in: Content(quantised), of: .glb).isEmpty)
    }

    @Test func `the buffer that is not there needs no mark`() throws {
        let marked = #","extensions":{"EXT_meshopt_compression":{"fallback":true}}"#
        #expect(try measured(changed(marked, ""), as: .glb)?.triangles == Samples.meshoptTriangles)
    }

    @Test func `positions may be filtered by exponents`() throws {
        let points = Tetrahedron.points.map { $0.flatMap { Tetrahedron.little(UInt32($0)) } }
        let stream = MeshoptStream(plain: points, filter: .exponential)
        let json = GLTFSample.json().replacing(
            #"{"buffer":0,"byteLength":48}"#,
            with: """
                {"buffer":1,"byteLength":48,"byteStride":12,"extensions":{"EXT_meshopt_compression":{"buffer":0,
                "byteOffset":72,"byteLength":\(stream.bytes.count),"byteStride":12,"count":4,"mode":"ATTRIBUTES",
                "filter":"EXPONENTIAL"}}}
                """
        ).replacing(#"[{"byteLength":72}]"#, with: #"[{"byteLength":\#(72 + stream.bytes.count)},{"byteLength":48}]"#)
        let glb = GLTFSample.glb(json, data: GLTFSample.data + stream.bytes)
        #expect(try measured(glb, as: .glb)?.shape == Tetrahedron.geometry)
    }

    @Test(arguments: [
        (#""mode":"TRIANGLES""#, #""mode":"TRIANGLE""#), (#""mode":"INDICES""#, #""mode":"NONSENS""#),
        (#""mode":"TRIANGLES""#, #""mode":"INDICES""#), (#""mode":"INDICES""#, #""filter":"NONE""#),
        (#""byteStride":8,"mode""#, #""byteStride":6,"mode""#), (#""byteStride":2,"mode""#, #""byteStride":1,"mode""#),
        (#""byteStride":8,"mode""#, #""byteStride":0,"mode""#), (#""byteStride":8,"mode""#, #""byteStride":4,"mode""#),
        (#""count":576}}"#, #""count":573}}"#), (#""count":576}}"#, #""count":9e9}}"#),
        (#""buffer":0,"byteOffset":804"#, #""buffer":2,"byteOffset":804"#),
        (#""buffer":0,"byteOffset":804"#, #""buffer":0,"byteOffset":999"#),
        (#""byteLength":801"#, #""byteLength":800"#), (#""byteLength":234,"#, #""byteLength":235,"#),
        (#""byteLength":801"#, #""byteLength":0"#),
    ]) func `a compressed view that lies is invalid`(truth: String, lie: String) throws {
        #expect(try isInvalid(changed(truth, lie), as: .glb))
    }

    @Test func `what would take too much memory is not measured`() throws {
        let json = GLTFSample.json().replacing(
            #"{"buffer":0,"byteLength":48}"#,
            with: """
                {"buffer":1,"byteLength":800000000,"extensions":{"EXT_meshopt_compression":{"buffer":0,"byteLength":72,
                "byteStride":4,"count":200000000,"mode":"ATTRIBUTES"}}}
                """
        ).replacing(#"[{"byteLength":72}]"#, with: #"[{"byteLength":72},{"byteLength":800000000}]"#)
        #expect(try measured(GLTFSample.glb(json), as: .glb) == nil)
    }
}
