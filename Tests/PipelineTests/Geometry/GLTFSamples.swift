import FoundationEssentials

@testable import Pipeline

/// The tetrahedron as glTF, with places to put lies in.
enum GLTFSample {
    /// Four positions, then twelve 16-bit indices.
    static let data =
        Tetrahedron.points.flatMap(Tetrahedron.floats)
        + Tetrahedron.faces.joined().flatMap { Tetrahedron.little(UInt16($0)) }

    static func json(nodes: String = #"[{"mesh":0}]"#, uri: String? = nil) -> String {
        let uri = uri.map { #","uri":"\#($0)""# } ?? ""
        return """
            {"asset":{"version":"2.0"},"scene":0,"scenes":[{"nodes":[0]}],"nodes":\(nodes),
            "meshes":[{"primitives":[{"attributes":{"POSITION":0},"indices":1}]}],
            "accessors":[{"bufferView":0,"componentType":5126,"count":4,"type":"VEC3"},
            {"bufferView":1,"componentType":5123,"count":12,"type":"SCALAR"}],
            "bufferViews":[{"buffer":0,"byteLength":48},{"buffer":0,"byteOffset":48,"byteLength":24}],
            "buffers":[{"byteLength":72\(uri)}],
            "extras":{"small":0.1,"long":12345678901234567890.123,"yes":true,"one":1,"text":"\\u00e9\\n\\"]}"}}
            """
    }

    static let dataURI = "data:application/octet-stream;base64," + Data(data).base64EncodedString()

    /// One file that needs no other.
    static func gltf(nodes: String = #"[{"mesh":0}]"#) -> String { json(nodes: nodes, uri: dataURI) }

    static func glb(_ json: String = json(), data: [UInt8] = data) -> [UInt8] {
        let text = Array(json.utf8) + [UInt8](repeating: 32, count: (4 - json.utf8.count % 4) % 4)
        let chunks = chunk(text, type: "JSON") + chunk(data, type: "BIN\0")
        return Array("glTF".utf8) + Tetrahedron.little(UInt32(2)) + Tetrahedron.little(UInt32(12 + chunks.count))
            + chunks
    }

    static func chunk(_ bytes: [UInt8], type: String) -> [UInt8] {
        Tetrahedron.little(UInt32(bytes.count)) + Array(type.utf8) + bytes
    }
}
