import FoundationEssentials

/// The sets of parameters in a file that OpenSCAD's customizer writes (OpenSCAD User Manual, "Customizer"):
/// `{"parameterSets": {"small": {"width": "3"}}, "fileFormatVersion": "1"}`.
struct ParameterSets {
    /// In alphabetical order.
    let names: [String]

    private static let largestFile = 4 << 20

    private struct File: Decodable {
        let parameterSets: [String: OptionValue]
    }

    /// `nil` for bytes that are no such file.
    init?(_ bytes: [UInt8]) {
        guard let content = try? JSONDecoder().decode(File.self, from: Data(bytes)) else { return nil }
        names = content.parameterSets.keys.sorted()
    }

    /// The sets beside a program in an archive; `nil` where there is no such file. Blocks. Throws `ZipFault`.
    init?(beside root: String, in archive: ModelArchive) throws {
        guard let bytes = try archive.bytes(of: Self.name(beside: root), atMost: Self.largestFile) else { return nil }
        self.init(bytes)
    }

    /// What OpenSCAD's customizer writes beside a program has the program's name.
    static func name(beside root: String) -> String {
        String(root.dropLast("scad".count)) + "json"
    }

    /// What is wrong with asking for a set of that name; `nil` when nothing is. OpenSCAD ignores names that are not there.
    static func complaint(about name: String, among sets: ParameterSets?) -> String? {
        guard let sets else {
            return "There is no file of parameter sets: send it beside the program, under the same name with .json."
        }
        guard !sets.names.contains(name) else { return nil }
        let known = sets.names.joined(separator: ", ").prefix(200)
        return "There is no parameter set named \"\(name)\". Known are: \(known)."
    }
}
