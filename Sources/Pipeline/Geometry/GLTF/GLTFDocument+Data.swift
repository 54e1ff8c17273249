extension GLTFDocumentReader {
    mutating func accessor() throws(ReadError) -> GLTFDocument.Accessor {
        var accessor = GLTFDocument.Accessor()
        try members { reader, key throws(ReadError) in
            if key == "sparse" {
                accessor.sparse = try reader.sparse()
            } else {
                try reader.readMember(key, of: &accessor.elements)
            }
        }
        let elements = accessor.elements
        accessor.sparse?.complete(for: elements)
        return accessor
    }

    private mutating func readMember(_ key: String, of elements: inout GLTFDocument.Elements) throws(ReadError) {
        switch key {
        case "bufferView": elements.view = try index(of: .bufferViews)
        case "byteOffset": elements.offset = try json.natural()
        case "componentType": elements.component = try component()
        case "count": elements.count = try json.natural()
        case "normalized": elements.isNormalized = try json.bool()
        case "type": elements.width = try width()
        default: try json.skip()
        }
    }

    private mutating func component() throws(ReadError) -> GLTFComponent {
        guard let component = GLTFComponent(rawValue: try json.natural()) else {
            throw .invalid("A glTF accessor has an unknown type of component.")
        }
        return component
    }

    /// Matrices are never looked into, so the padding of their columns does not matter.
    private mutating func width() throws(ReadError) -> Int {
        switch try json.string() {
        case "SCALAR": return 1
        case "VEC2": return 2
        case "VEC3": return 3
        case "VEC4", "MAT2": return 4
        case "MAT3": return 9
        case "MAT4": return 16
        default: throw .invalid("A glTF accessor has an unknown type.")
        }
    }

    private mutating func sparse() throws(ReadError) -> GLTFDocument.Sparse {
        var sparse = GLTFDocument.Sparse()
        try members { reader, key throws(ReadError) in
            switch key {
            case "count": sparse.count = try reader.json.natural()
            case "indices":
                try reader.members { reader, key throws(ReadError) in try reader.readMember(key, of: &sparse.indices) }
            case "values":
                try reader.members { reader, key throws(ReadError) in try reader.readMember(key, of: &sparse.values) }
            default: try reader.json.skip()
            }
        }
        return sparse
    }

    mutating func view() throws(ReadError) -> GLTFDocument.View {
        var view = GLTFDocument.View()
        try members { reader, key throws(ReadError) in
            switch key {
            case "buffer": view.buffer = try reader.json.natural()
            case "byteOffset": view.offset = try reader.json.natural()
            case "byteLength": view.length = try reader.json.natural()
            case "byteStride": view.stride = try reader.json.natural()
            case "extensions": view.compression = try reader.compression()
            default: try reader.json.skip()
            }
        }
        return view
    }

    mutating func buffer() throws(ReadError) -> GLTFDocument.Buffer {
        var buffer = GLTFDocument.Buffer()
        try members { reader, key throws(ReadError) in
            switch key {
            case "byteLength": buffer.length = try reader.json.natural()
            case "uri": buffer.uri = try reader.json.string()
            case "extensions":
                buffer.isFallback = try !reader.extensionNames().isDisjoint(with: [Self.meshopt, Self.newerMeshopt])
            default: try reader.json.skip()
            }
        }
        return buffer
    }
}

extension GLTFDocument.Sparse {
    /// Takes over what the two parts do not say themselves: how many they are and, for the values, of what type.
    fileprivate mutating func complete(for elements: GLTFDocument.Elements) {
        indices.count = count
        values.count = count
        values.component = elements.component
        values.width = elements.width
    }
}
