import FoundationEssentials

/// The box in formats with a scene around the mesh.
extension Samples {
    /// One file, its buffer in a `data:` URI.
    package static func gltf() -> [UInt8] {
        gltf(bufferURI: "data:application/octet-stream;base64,\(Data(buffer).base64EncodedString())")
    }

    /// The same scene with its buffer elsewhere; the file that belongs there is `buffer`.
    package static func gltf(bufferURI uri: String, more: String = "") -> [UInt8] {
        Array(scene(#""uri":"\#(uri)","#, more).utf8)
    }

    /// With a `bufferURI` the chunk of binary data is left to nobody, since the buffer is elsewhere.
    package static func glb(bufferURI uri: String? = nil) -> [UInt8] {
        var json = uri.map { gltf(bufferURI: $0) } ?? Array(scene("", "").utf8)
        json += [UInt8](repeating: 0x20, count: (4 - json.count % 4) % 4)
        let chunks = chunk("JSON", json) + chunk("BIN\u{0}", buffer)
        return Array("glTF".utf8) + little(UInt32(2)) + little(UInt32(12 + chunks.count)) + chunks
    }

    /// Positions, then indices.
    package static var buffer: [UInt8] {
        corners.flatMap(floats) + faces.joined().flatMap { little(UInt16($0)) }
    }

    package static func dae() -> [UInt8] {
        Array(
            """
            <?xml version="1.0" encoding="utf-8"?>
            <COLLADA xmlns="http://www.collada.org/2005/11/COLLADASchema" version="1.4.1">
            <asset><unit name="meter" meter="1"/><up_axis>Y_UP</up_axis></asset>
            <library_geometries><geometry id="box"><mesh>
            <source id="corners"><float_array id="numbers" count="24">\(words(Array(corners.joined())))</float_array>
            <technique_common><accessor source="#numbers" count="8" stride="3">
            <param name="X" type="float"/><param name="Y" type="float"/><param name="Z" type="float"/>
            </accessor></technique_common></source>
            <vertices id="vertices"><input semantic="POSITION" source="#corners"/></vertices>
            <triangles count="12"><input semantic="VERTEX" source="#vertices" offset="0"/>
            <p>\(words(Array(faces.joined())))</p></triangles>
            </mesh></geometry></library_geometries>
            <library_visual_scenes><visual_scene id="scene"><node id="node"><instance_geometry url="#box"/></node>
            </visual_scene></library_visual_scenes>
            <scene><instance_visual_scene url="#scene"/></scene>
            </COLLADA>
            """.utf8)
    }

    package static func x3d() -> [UInt8] {
        Array(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- a comment before the root -->
            <X3D profile="Interchange" version="3.0"><Scene><Shape>
            <IndexedFaceSet coordIndex="\(faces.map { words($0 + [-1]) }.joined(separator: " "))">
            <Coordinate point="\(corners.map { words($0) }.joined(separator: ", "))"/>
            </IndexedFaceSet></Shape></Scene></X3D>
            """.utf8)
    }

    /// ASCII, version 7.4. The unit is the centimetre (UnitScaleFactor 1), as in most FBX files.
    package static func fbx() -> [UInt8] {
        let indices = faces.flatMap { [$0[0], $0[1], -$0[2] - 1] }
        return Array(
            """
            ; FBX 7.4.0 project file
            FBXHeaderExtension:  {
                FBXHeaderVersion: 1003
                FBXVersion: 7400
            }
            GlobalSettings:  {
                Version: 1000
                Properties70:  {
                    P: "UpAxis", "int", "Integer", "",1
                    P: "UpAxisSign", "int", "Integer", "",1
                    P: "FrontAxis", "int", "Integer", "",2
                    P: "FrontAxisSign", "int", "Integer", "",1
                    P: "CoordAxis", "int", "Integer", "",0
                    P: "CoordAxisSign", "int", "Integer", "",1
                    P: "UnitScaleFactor", "double", "Number", "",1
                }
            }
            Definitions:  {
                Version: 100
                Count: 2
                ObjectType: "Geometry" {
                    Count: 1
                }
                ObjectType: "Model" {
                    Count: 1
                }
            }
            Objects:  {
                Geometry: 1001, "Geometry::box", "Mesh" {
                    Vertices: *24 {
                        a: \(words(Array(corners.joined()), ","))
                    }
                    PolygonVertexIndex: *36 {
                        a: \(words(indices, ","))
                    }
                    GeometryVersion: 124
                }
                Model: 1002, "Model::box", "Mesh" {
                    Version: 232
                }
            }
            Connections:  {
                C: "OO",1002,0
                C: "OO",1001,1002
            }

            """.utf8)
    }

    private static func scene(_ uri: String, _ more: String) -> String {
        let (low, high) = (words(corners[0], ","), words(corners[7], ","))
        return """
            {"asset":{"version":"2.0"},"scene":0,"scenes":[{"nodes":[0]}],"nodes":[{"mesh":0}],
            "meshes":[{"primitives":[{"attributes":{"POSITION":0},"indices":1}]}],
            "accessors":[{"bufferView":0,"componentType":5126,"count":8,"type":"VEC3","min":[\(low)],"max":[\(high)]},
            {"bufferView":1,"componentType":5123,"count":36,"type":"SCALAR"}],
            "bufferViews":[{"buffer":0,"byteLength":96,"target":34962},
            {"buffer":0,"byteOffset":96,"byteLength":72,"target":34963}],
            \(more)"buffers":[{\(uri)"byteLength":168}]}
            """
    }

    private static func chunk(_ type: String, _ bytes: [UInt8]) -> [UInt8] {
        little(UInt32(bytes.count)) + Array(type.utf8) + bytes
    }
}
