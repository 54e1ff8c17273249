extension DAEReader {
    /// Numbers of positions, normals and the like that are kept until their mesh has told which are which.
    private static let keptAtMost = 60_000_000

    /// The children of `<library_geometries>`.
    mutating func readGeometries() throws(ReadError) {
        try xml.children { child throws(ReadError) in
            guard child == "geometry" else { return }
            let id = xml.attribute("id")?.string ?? ""
            try xml.children { child throws(ReadError) in
                switch child {
                case "mesh": geometries[id] = try readMesh()
                case "convex_mesh", "spline", "brep": hasOther = true
                default: break
                }
            }
        }
    }

    private mutating func readMesh() throws(ReadError) -> DAEMesh {
        var mesh = DAEMesh()
        var sources: [String: DAESource] = [:]
        var isPlaced = false
        try xml.children { child throws(ReadError) in
            switch child {
            case "source":
                let id = xml.attribute("id")?.string ?? ""
                sources[id] = try readSource()
            case "vertices":
                try xml.children { _ throws(ReadError) in
                    guard xml.attribute("semantic")?.string == "POSITION" else { return }
                    mesh.points = sources[reference("source")]?.points ?? []
                    isPlaced = true
                }
                sources = [:]
            case "triangles", "polygons", "polylist", "tristrips", "trifans":
                guard isPlaced else { throw .invalid("A mesh of the Collada file has no positions.") }
                try readFaces(child, of: &mesh)
            default: break
            }
        }
        kept += mesh.points.count * 3
        return mesh
    }

    private mutating func readSource() throws(ReadError) -> DAESource {
        var source = DAESource()
        try xml.children { child throws(ReadError) in
            switch child {
            case "float_array": source.numbers = try xml.numbers(atMost: Self.keptAtMost - kept)
            case "technique_common":
                try xml.children { child throws(ReadError) in
                    guard child == "accessor" else { return }
                    source.stride = xml.attribute("stride")?.natural ?? 1
                    source.offset = xml.attribute("offset")?.natural ?? 0
                }
            default: break
            }
        }
        try budget.spend(source.numbers.count)
        return source
    }

    private func readFaces(_ kind: String, of mesh: inout DAEMesh) throws(ReadError) {
        var face = DAEFaces(isLoose: kind != "triangles" && kind != "polylist")
        try xml.children { child throws(ReadError) in
            switch child {
            case "input":
                let offset = min(xml.attribute("offset")?.natural ?? 0, 64)
                face.stride = max(face.stride, offset + 1)
                if xml.attribute("semantic")?.string == "VERTEX" { face.vertex = offset }
            case "vcount": try readCounts(&face)
            case "p": try readCorners(&face, of: mesh)
            case "ph":
                try xml.children { child throws(ReadError) in
                    if child == "p" { try readCorners(&face, of: mesh) }
                }
            default: break
            }
        }
        if kind == "triangles" { face.triangles = face.corners / 3 }
        guard kind != "polylist" || face.promised == face.corners else {
            throw .invalid("A polygon list of the Collada file does not have the corners that it tells of.")
        }
        mesh.triangles += face.triangles
    }

    private func readCounts(_ face: inout DAEFaces) throws(ReadError) {
        try xml.words { cursor throws(ReadError) in
            guard let count = cursor.integer(), count >= 0, count < 1 << 32, cursor.endsWord else {
                throw .invalid("A polygon of the Collada file has no number of corners.")
            }
            face.promised += count
            face.triangles += max(0, count - 2)
        }
    }

    private func readCorners(_ face: inout DAEFaces, of mesh: DAEMesh) throws(ReadError) {
        var place = 0
        try xml.words { cursor throws(ReadError) in
            guard let index = cursor.integer(), index >= -1, cursor.endsWord else {
                throw .invalid("A face of the Collada file has a corner that is no number.")
            }
            if place == face.vertex, index < 0 || index >= mesh.points.count {
                throw .invalid("A face of the Collada file uses vertex \(index) of \(mesh.points.count).")
            }
            place = place + 1 == face.stride ? 0 : place + 1
            if place == 0 { face.corners += 1 }
        }
        guard place == 0 else { throw .invalid("A face of the Collada file has half a corner.") }
        try budget.spend(face.corners - face.counted)
        if face.isLoose { face.triangles += max(0, face.corners - face.counted - 2) }
        face.counted = face.corners
    }
}

/// A mesh as it is measured.
struct DAEMesh {
    var points: [SIMD3<Double>] = []
    var triangles = 0
}

/// An array of numbers, and how it is cut into points.
private struct DAESource {
    var numbers: [Double] = []
    var stride = 1
    var offset = 0

    var points: [SIMD3<Double>] {
        guard stride >= 3, numbers.count >= 3, offset <= numbers.count - 3 else { return [] }
        return Swift.stride(from: offset, through: numbers.count - 3, by: stride).map {
            SIMD3(numbers[$0], numbers[$0 + 1], numbers[$0 + 2])
        }
    }
}

/// The faces of one material as far as they are read.
private struct DAEFaces {
    /// Whether each list of corners is a polygon, a strip or a fan.
    let isLoose: Bool
    /// Indices of a corner, and which of them is that of the vertex.
    var stride = 1
    var vertex = 0
    var corners = 0
    /// Corners that `triangles` knows already.
    var counted = 0
    var triangles = 0
    /// Corners that `<vcount>` tells of.
    var promised = 0

    init(isLoose: Bool) { self.isLoose = isLoose }
}
