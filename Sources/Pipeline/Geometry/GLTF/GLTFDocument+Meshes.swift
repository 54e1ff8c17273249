extension GLTFDocumentReader {
    mutating func mesh() throws(ReadError) -> [GLTFDocument.Primitive] {
        var primitives: [GLTFDocument.Primitive] = []
        try members { reader, key throws(ReadError) in
            if key == "primitives" {
                primitives = try reader.list { reader throws(ReadError) in try reader.primitive() }
            } else {
                try reader.json.skip()
            }
        }
        return primitives
    }

    private mutating func primitive() throws(ReadError) -> GLTFDocument.Primitive {
        var primitive = GLTFDocument.Primitive()
        try members { reader, key throws(ReadError) in
            switch key {
            case "mode": primitive.mode = try reader.json.natural()
            case "indices": primitive.indices = try reader.index(of: .accessors)
            case "material": primitive.material = try reader.index(of: .materials)
            case "attributes": primitive.positions = try reader.attributes()
            case "targets": try reader.each { reader throws(ReadError) in _ = try reader.attributes() }
            case "extensions":
                primitive.isCompressed = try reader.extensionNames().contains("KHR_draco_mesh_compression")
            default: try reader.json.skip()
            }
        }
        return primitive
    }

    /// The accessor of the positions, if there is one.
    private mutating func attributes() throws(ReadError) -> Int? {
        var positions: Int?
        try members { reader, key throws(ReadError) in
            let index = try reader.index(of: .accessors)
            if key == "POSITION" { positions = index }
        }
        return positions
    }
}
