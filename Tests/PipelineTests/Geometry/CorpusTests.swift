import FoundationEssentials
import Persistence
import Testing

@testable import Pipeline

/// Real models with a table of what an independent reader found in them, in a folder outside the project.
struct CorpusTests {
    private static let folder = ProcessInfo.processInfo.environment["KILN_CORPUS"]

    @Test(.enabled(if: folder != nil, "KILN_CORPUS does not name a folder of models"))
    func `real models measure what an independent reader found`() throws {
        let folder = try #require(Self.folder)
        let table = try String(contentsOf: URL(filePath: folder + "/MANIFEST.tsv"), encoding: .utf8)
        for row in table.split(separator: "\n").dropFirst() {
            let columns = row.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard let kind = Format.ofFile(columns[0]).flatMap(Reading.Kind.init) else { continue }
            let geometry = try Reading.measure(folder + "/" + columns[0], format: kind)
            if row.contains("KHR_draco_mesh_compression") {
                #expect(geometry == nil)
                continue
            }
            let (count, column) = kind == .dxf ? (geometry?.entities, 5) : (geometry?.triangles, 6)
            #expect(count == Int(columns[column]), "\(columns[0])")
            let extents = columns[8].split { "[], ".contains($0) }.compactMap { Double($0) }
            for (found, expected) in zip(try #require(geometry?.extents), extents) {
                #expect(abs(found - expected) <= 1e-4 * expected, "\(columns[0])")
            }
        }
    }
}
