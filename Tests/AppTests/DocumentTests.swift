import Foundation
import SystemPackage
import Testing

/// What documents say of other files.
@Suite struct `What is written about the house` {
    private let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: root.appending(name).string, encoding: .utf8)
    }

    private func files(in folder: String) -> [String] {
        FileManager.default.enumerator(atPath: root.appending(folder).string)?.compactMap { $0 as? String } ?? []
    }

    @Test func `every test that proves a law is there`() throws {
        let tests = files(in: "Tests").filter { $0.hasSuffix(".swift") }.map { "/" + $0 }
        let named = try text("docs/architecture.md").matches(of: /`([A-Za-z\/]+\/)?(…?[A-Za-z]+…?[A-Za-z]*Tests)`/)
        #expect(named.count > 20)
        for name in named {
            let folder = "/" + (name.output.1.map(String.init) ?? "")
            let parts = name.output.2.split(separator: "…", omittingEmptySubsequences: false).map(String.init)
            let isThere = tests.contains { test in
                guard let file = test.split(separator: "/").last?.dropLast(".swift".count) else { return false }
                return (folder == "/" || test.hasPrefix(folder))
                    && (parts.count == 1 ? file == parts[0] : file.hasPrefix(parts[0]) && file.hasSuffix(parts[1]))
            }
            #expect(isThere, "\(name.output.0)")
        }
    }

    @Test func `every link from a document to a file leads there`() throws {
        let documents =
            ["README.md", "CHANGELOG.md"] + files(in: "docs").filter { $0.hasSuffix(".md") }.map { "docs/" + $0 }
        for document in documents {
            for link in try text(document).matches(of: /\]\(([^)#]+)[^)]*\)/) where !link.output.1.contains("://") {
                let target = root.appending(document).removingLastComponent().appending(String(link.output.1))
                #expect(FileManager.default.fileExists(atPath: target.string), "\(document): \(link.output.1)")
            }
        }
    }
}
