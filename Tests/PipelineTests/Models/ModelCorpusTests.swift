import FoundationEssentials
import SystemPackage
import Testing

@testable import Pipeline

/// Real models of several files, in a folder outside the project.
struct ModelCorpusTests {
    private static let folder = ProcessInfo.processInfo.environment["KILN_CORPUS"]

    @Test(.enabled(if: folder != nil, "KILN_CORPUS does not name a folder of models"))
    func `real models have all they refer to, and are told when they lack it`() throws {
        let folder = try #require(Self.folder)
        var found = 0
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            guard let format = Format.ofFile(path), [.gltf, .obj, .dae, .scad].contains(format) else { continue }
            let root = ModelNames.last(of: path), place = folder + "/" + ModelNames.folder(of: path)
            let names = try FileManager.default.subpathsOfDirectory(atPath: place)
            let survey = try survey(root, format, names: names, in: place)
            #expect(survey.stray == nil && survey.missing.isEmpty, "\(path): \(survey)")
            let alone = try self.survey(root, format, names: [root], in: place)
            #expect(Set(alone.missing.map(\.text)).count >= survey.found.subtracting([root]).count.signum(), "\(path)")
            found += survey.found.count
        }
        #expect(found > 0)
    }

    @Test(.enabled(if: folder != nil, "KILN_CORPUS does not name a folder of models"))
    func `real models pass every check of an upload`() throws {
        let folder = try #require(Self.folder)
        var passed = 0
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            guard let format = Format.ofFile(path), format.isSource else { continue }
            let content = Content(Array(try Data(contentsOf: URL(filePath: folder + "/" + path))))
            #expect(recognise(content, filename: path) == .recognised(format), "\(path)")
            #expect(throws: Never.self, "\(path)") {
                _ = try References.list(in: content, of: format)
                try Plausibility(content: content).check(format)
                if content.head.starts(with: "PK".utf8) {
                    try PackageCheck.check(FilePath(folder + "/" + path), ZipCaps())
                }
            }
            passed += 1
        }
        #expect(passed >= 37)
    }

    private func survey(_ root: String, _ format: Format, names: [String], in place: String) throws -> ModelSurvey {
        try ModelSurvey(root: root, format: format, among: ModelNames(names), libraries: []) { name in
            Content(Array(try Data(contentsOf: URL(filePath: place + name))))
        }
    }
}
