import Glibc
import SystemPackage

/// What a model's files refer to, from its root on: what leaves the model, what is missing, and what lies there under
/// another spelling.
struct ModelSurvey: Sendable {
    /// The first reference that must not be followed.
    private(set) var stray: Reference?
    /// In the order they are found, each path once.
    private(set) var missing: [Reference] = []
    /// Paths that are referred to, and the file for each that is not called so.
    private(set) var aliases: [String: String] = [:]
    /// The files that are referred to.
    private(set) var found: Set<String> = []
    private var wanted: Set<String> = []

    /// A file that is yet to be read, under the path that others know it by.
    private struct Visit: Hashable {
        let path: String
        let name: String
        let kind: Reference.Kind?
    }

    /// - Parameters:
    ///   - root: its name among `names`, or any where it is alone.
    ///   - libraries: folders where programs may also find what they include.
    ///   - open: the content of a file by its name.
    ///
    /// Blocks. Throws `UnreadableReferences`, `ZipFault`, or `Errno`.
    init(
        root: String, format: Format, among names: ModelNames, libraries: [FilePath],
        open: (String) throws -> Content
    ) throws {
        var visits = [Visit(path: root, name: root, kind: nil)]
        var seen = Set(visits)
        while let visit = visits.popLast() {
            for reference in try Self.references(of: visit, format, open) {
                for next in note(reference, in: visit.path, root, names, libraries) where seen.insert(next).inserted {
                    visits.append(next)
                }
            }
        }
    }

    /// Every missing reference that has no geometry without it.
    var missingNeeded: [Reference] { missing.filter(\.isNeeded) }

    private static func references(
        of visit: Visit, _ format: Format, _ open: (String) throws -> Content
    ) throws -> [Reference] {
        switch visit.kind {
        case nil: try References.list(in: open(visit.name), of: format)
        case .material: try References.list(inMaterials: open(visit.name))
        case .program: try References.list(in: open(visit.name), of: .scad)
        case .part where Format.ofFile(visit.name) == .x3d: try References.list(in: open(visit.name), of: .x3d)
        default: []
        }
    }

    /// Takes a reference in; answers the files that may have references of their own.
    private mutating func note(
        _ reference: Reference, in file: String, _ root: String, _ names: ModelNames, _ libraries: [FilePath]
    ) -> [Visit] {
        switch reference.verdict {
        case .embedded: return []
        case .unsafe:
            stray = stray ?? reference
            return []
        case .inside(let path):
            let places = ([path] + [reference.literal].compactMap(\.self)).flatMap { path in
                Self.places(of: reference, path, in: file, root)
            }
            guard let name = Self.find(places, names) else {
                if !Self.isInLibrary(reference, path, libraries), wanted.insert(path).inserted {
                    missing.append(reference)
                }
                return []
            }
            found.insert(name)
            for place in places where ZipName.isPlace(place) && !place.utf8.elementsEqual(name.utf8) {
                aliases[place] = name
            }
            return places.prefix(1).map { Visit(path: $0, name: name, kind: reference.kind) }
        }
    }

    /// Where readers look for it. For a material's textures some look beside the material, others beside the model.
    private static func places(of reference: Reference, _ path: String, in file: String, _ root: String) -> [String] {
        let (near, top) = (ModelNames.folder(of: file) + path, ModelNames.folder(of: root) + path)
        return reference.kind == .texture && near != top ? [near, top] : [near]
    }

    private static func find(_ places: [String], _ names: ModelNames) -> String? {
        let safe = places.filter(ZipName.isPlace)
        return safe.lazy.compactMap { names[$0] }.first ?? safe.lazy.compactMap { names.elsewhere($0) }.first
    }

    private static func isInLibrary(_ reference: Reference, _ path: String, _ libraries: [FilePath]) -> Bool {
        guard reference.kind == .program else { return false }
        return libraries.contains { Access.sizeOfFile($0.pushing(FilePath(path))) != nil }
    }
}
