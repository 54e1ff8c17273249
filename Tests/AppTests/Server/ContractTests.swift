import Foundation
import HTTPTypes
import Hummingbird
import Persistence
import Pipeline
import TestSupport
import Testing

@testable import App

/// `openapi.yaml` and the server say the same.
@Suite struct ContractTests {
    private let contract = String(decoding: PackageResources.openapi_yaml, as: UTF8.self)

    /// `GET /api/jobs/{id}` for every method of every path: in this file, paths are indented by two, methods by four.
    private var documented: Set<String> {
        let lines = contract.split(separator: "\n", omittingEmptySubsequences: true)
            .drop { $0 != "paths:" }.dropFirst().prefix { $0.hasPrefix(" ") }
        var operations: Set<String> = []
        var path = ""
        for line in lines {
            if let match = line.wholeMatch(of: /\ \ (\/.*):/) { path = String(match.output.1) }
            if let match = line.wholeMatch(of: /\ \ \ \ (get|head|post|put|patch|delete):/) {
                operations.insert("\(match.output.1.uppercased()) \(path)")
            }
        }
        return operations
    }

    /// The same for the router. `HEAD` is wherever `GET` is, as the contract's introduction says.
    private func served() async throws -> Set<String> {
        try await KilnServer.run { kiln in
            Set(
                kiln.server.router(.socket).routes.map { route in
                    let parts = route.path.description.split(separator: "/")
                    let path = parts.map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : String($0) }
                    return "\(route.method.rawValue) /\(path.joined(separator: "/"))"
                })
        }
    }

    @Test func `every operation of the contract is served`() async throws {
        let served = try await served()
        let heads = served.filter { $0.hasPrefix("GET ") }.map { "HEAD " + $0.dropFirst(4) }
        #expect(documented.count > 10)
        #expect(documented.subtracting(served.union(heads)) == [])
    }

    @Test func `every operation that is served is in the contract, the page aside`() async throws {
        let gets = try await served().filter { !$0.hasPrefix("HEAD ") }
        #expect(gets.subtracting(documented) == ["GET /"])
    }

    @Test func `every code of a problem is in the contract`() {
        let kinds: [Problem.Kind] = [
            .malformedRequest, .notFound, .methodNotAllowed, .requestTimeout, .preconditionFailed, .tooLarge,
            .rangeNotSatisfiable, .expectationFailed, .internal, .notFinished, .notSucceeded, .expired, .stopping,
            .diskFull, .noPreview, .notRetryable, .alreadyFinished, .storageFailed, .unauthorized, .operatorsOnly,
            .rateLimited, .foreignOrigin, .overloaded,
        ]
        let codes = Refusal.Kind.allCases.map(\.rawValue) + kinds.map(\.code)
        let words = Set(contract.matches(of: /[A-Za-z]+/).map { String($0.output) })
        #expect(codes.filter { !words.contains($0) } == [])
    }

    @Test func `every code of a failure is in the contract`() {
        let words = Set(contract.matches(of: /[A-Za-z]+/).map { String($0.output) })
        #expect(Failure.Code.allCases.map(\.rawValue).filter { !words.contains($0) } == [])
    }

    @Test func `the options of the contract are those of the code, with the words they can have`() throws {
        let lines = contract.split(separator: "\n")
        let section = lines.drop { $0 != "    Options:" }.dropFirst()
            .prefix { $0.hasPrefix("     ") }.drop { $0 != "      properties:" }
        let names = section.compactMap { $0.firstMatch(of: /^\ {8}([A-Za-z]+):/).map { String($0.output.1) } }
        #expect(Set(names) == Set(Option.allCases.map(\.rawValue)) && names.count == Option.allCases.count)
        for option in Option.allCases {
            guard case .oneOf(let words) = option.values else { continue }
            #expect(contract.contains("enum: [\(words.joined(separator: ", ")), null]"), "\(option)")
        }
    }

    @Test func `the contract is of this version`() {
        #expect(contract.contains("\n  version: \(Version.current)\n"))
    }
}
