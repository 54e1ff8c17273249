import FoundationEssentials
import SystemPackage

/// The sets of parameters in a file that OpenSCAD's customizer writes (OpenSCAD User Manual, "Customizer"):
/// `{"parameterSets": {"small": {"width": "3"}}, "fileFormatVersion": "1"}`.
struct ParameterSets {
    /// In alphabetical order.
    let names: [String]

    private static let largestFile: Int64 = 4 << 20

    private struct File: Decodable {
        let parameterSets: [String: OptionValue]
    }

    /// `nil` for a file that is not there, or is no such file. Blocks.
    init?(at file: FilePath) {
        guard let size = Access.sizeOfFile(file), size <= Self.largestFile,
            let data = try? Data(contentsOf: URL(filePath: file.string)),
            let content = try? JSONDecoder().decode(File.self, from: data)
        else { return nil }
        names = content.parameterSets.keys.sorted()
    }
}
