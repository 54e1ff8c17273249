/// The box in formats made of chunks or packed in an archive.
extension Samples {
    /// In the order of 3D Studio's chunks: main, editor, object, mesh, with corners and faces.
    package static func threeDS() -> [UInt8] {
        let vertices = little(UInt16(8)) + corners.flatMap(floats)
        let indices = little(UInt16(12)) + faces.flatMap { face in (face + [0]).flatMap { little(UInt16($0)) } }
        let mesh = chunk(0x4100, chunk(0x4110, vertices) + chunk(0x4120, indices))
        let object = chunk(0x4000, Array("box\u{0}".utf8) + mesh)
        return chunk(0x4D4D, chunk(0x0002, little(UInt32(3))) + chunk(0x3D3D, object))
    }

    /// In millimetres.
    package static func threeMF() -> [UInt8] {
        let vertices = corners.map { "<vertex x=\"\($0[0])\" y=\"\($0[1])\" z=\"\($0[2])\"/>" }
        let triangles = faces.map { "<triangle v1=\"\($0[0])\" v2=\"\($0[1])\" v3=\"\($0[2])\"/>" }
        let model = """
            <?xml version="1.0" encoding="UTF-8"?>
            <model unit="millimeter" xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02">
            <resources><object id="1" type="model"><mesh><vertices>\(vertices.joined())</vertices>
            <triangles>\(triangles.joined())</triangles></mesh></object></resources>
            <build><item objectid="1"/></build></model>
            """
        return zip([
            ("[Content_Types].xml", Array(contentTypes.utf8)), ("_rels/.rels", Array(relationships.utf8)),
            ("3D/3dmodel.model", Array(model.utf8)),
        ])
    }

    /// A zip archive with its entries stored, not compressed (APPNOTE 4.3).
    package static func zip(_ entries: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        var archive: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let size = little(UInt32(entry.bytes.count))
            let sizes =
                little(crc32(entry.bytes)) + size + size + little(UInt16(entry.name.utf8.count)) + little(UInt16(0))
            // Version 2.0, no flags, stored, midnight of the first day of 1980.
            let common = little(UInt16(20)) + little(UInt32(0)) + little(UInt32(0x0021_0000)) + sizes
            directory += little(UInt32(0x0201_4B50)) + little(UInt16(20)) + common + [UInt8](repeating: 0, count: 10)
            directory += little(UInt32(archive.count)) + Array(entry.name.utf8)
            archive += little(UInt32(0x0403_4B50)) + common + Array(entry.name.utf8) + entry.bytes
        }
        let count = little(UInt16(entries.count))
        let end = little(UInt32(0x0605_4B50)) + little(UInt32(0)) + count + count
        return archive + directory + end + little(UInt32(directory.count)) + little(UInt32(archive.count)) + [0, 0]
    }

    /// The sum of zip and PNG (ISO 3309), bit by bit.
    package static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(0xFFFF_FFFF) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
    }

    private static let contentTypes = """
        <?xml version="1.0" encoding="UTF-8"?>
        <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
        <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
        <Default Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/></Types>
        """

    private static let relationships = """
        <?xml version="1.0" encoding="UTF-8"?>
        <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
        <Relationship Target="/3D/3dmodel.model" Id="rel0" Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/>
        </Relationships>
        """

    private static func chunk(_ id: UInt16, _ bytes: [UInt8]) -> [UInt8] {
        little(id) + little(UInt32(6 + bytes.count)) + bytes
    }
}
