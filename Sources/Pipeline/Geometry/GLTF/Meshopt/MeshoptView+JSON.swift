extension GLTFDocumentReader {
    static let meshopt = "EXT_meshopt_compression"
    static let newerMeshopt = "KHR_meshopt_compression"

    /// Of a view, from its extensions; the newer extension has streams that we do not know.
    mutating func compression() throws(ReadError) -> GLTFDocument.Compression? {
        var compression: GLTFDocument.Compression?
        try members { reader, name throws(ReadError) in
            switch name {
            case Self.meshopt: compression = .meshopt(try reader.meshopt())
            case Self.newerMeshopt:
                compression = .unknown
                try reader.json.skip()
            default: try reader.json.skip()
            }
        }
        return compression
    }

    private mutating func meshopt() throws(ReadError) -> MeshoptView {
        var view = MeshoptView()
        var mode: MeshoptView.Mode?
        var filter: MeshoptView.Filter? = MeshoptView.Filter.none
        try members { reader, key throws(ReadError) in
            switch key {
            case "buffer": view.buffer = try reader.json.natural()
            case "byteOffset": view.offset = try reader.json.natural()
            case "byteLength": view.length = try reader.json.natural()
            case "byteStride": view.stride = try reader.json.natural()
            case "count": view.count = try reader.json.natural()
            case "mode": mode = MeshoptView.Mode(rawValue: try reader.json.string())
            case "filter": filter = MeshoptView.Filter(rawValue: try reader.json.string())
            default: try reader.json.skip()
            }
        }
        guard let mode, let filter else {
            throw .invalid("A buffer view of the glTF is compressed with an unknown mode or filter.")
        }
        view.mode = mode
        view.filter = filter
        return view
    }
}
