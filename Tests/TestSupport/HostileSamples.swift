/// Files that are broken, mislabelled or dangerous, and files of any size.
extension Samples {
    /// A glTF whose buffer is a file of the machine it is converted on.
    package static func gltfReachingOut() -> [UInt8] { gltf(bufferURI: "../../etc/passwd") }

    /// A GLB that ends in the middle of its JSON.
    package static func glbCutShort() -> [UInt8] { Array(glb().prefix(200)) }

    /// Corners, but no face.
    package static func objWithoutFaces() -> [UInt8] { text(corners.map { "v \(words($0))" }) }

    /// A picture of 1 × 1, as it is when someone names it `.obj`.
    package static func png() -> [UInt8] {
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + chunk("IHDR", [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])
            + chunk("IDAT", [0x78, 0x01, 0x01, 0x02, 0x00, 0xFD, 0xFF, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01])
            + chunk("IEND", [])
    }

    /// Two pixels, black and white.
    package static func picture() -> [UInt8] {
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + chunk("IHDR", [0, 0, 0, 2, 0, 0, 0, 1, 8, 0, 0, 0, 0])
            + chunk("IDAT", [0x78, 0x01, 0x01, 0x03, 0x00, 0xFC, 0xFF, 0x00, 0x00, 0xFF, 0x01, 0x02, 0x01, 0x00])
            + chunk("IEND", [])
    }

    /// A flat strip of triangles along x, two to a square of side 1: `triangles / 2` long for even numbers, 1 wide.
    package static func obj(triangles: Int) -> [UInt8] {
        let vertices = (0..<triangles + 2).map { "v \($0 / 2) \($0 % 2) 0" }
        let faces = (0..<triangles).map {
            $0 % 2 == 0 ? "f \($0 + 1) \($0 + 3) \($0 + 2)" : "f \($0 + 1) \($0 + 2) \($0 + 3)"
        }
        return text(vertices + faces)
    }

    /// The box with a material from a side file, whose texture is `texture`: the OBJ names `box.mtl`, which is the second.
    package static func obj(texture: String) -> (obj: [UInt8], mtl: [UInt8]) {
        (text(["mtllib box.mtl", "usemtl skin"]) + obj(), text(["newmtl skin", "Kd 1 0 0", "map_Kd \(texture)"]))
    }

    private static func chunk(_ type: String, _ bytes: [UInt8]) -> [UInt8] {
        big(UInt32(bytes.count)) + Array(type.utf8) + bytes + big(crc32(Array(type.utf8) + bytes))
    }

    private static func big(_ value: UInt32) -> [UInt8] { little(value.byteSwapped) }
}
