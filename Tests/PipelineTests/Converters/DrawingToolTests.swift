import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// ODA File Converter and LibreDWG, played by scripts that keep to their documented protocols, quirks included.
@Suite(.enabled(if: Machine.hasSandbox && Machine.hasDisplay, "bubblewrap or xvfb-run is missing"))
struct DrawingToolTests {
    private static let dwg = Array("AC1032".utf8) + [UInt8](repeating: 0, count: 100)
    private static let protocolOfODA = """
        [ -n "$DISPLAY" ] || { sleep 1000; }
        [ "$3 $4 $5 $6 $7" = "ACAD2018 DXF 0 1 model.dwg" ] || { echo "called with $*"; exit 0; }
        [ -s "$1/$7" ] || { echo "no $1/$7"; exit 0; }

        """

    @Test(arguments: ["model.dxf", "MODEL.DXF", "Model.dxf"])
    func `a drawing is found whatever its name's letters and the exit code`(name: String) async throws {
        let oda = FakeBehaviour(Self.protocolOfODA)
            .then(.writes(Samples.dxf(), to: "\"$2/\(name)\"")).then(FakeBehaviour("exit 7"))
        try await withFake(oda, .oda) { tool in
            let outcome = try await tool.run(Self.dwg, .dwg, to: .dxf)
            #expect(outcome.failure == nil, "\(outcome.log)")
            #expect(Access.sizeOfFile(outcome.out) == Int64(Samples.dxf().count), "\(outcome.log)")
        }
    }

    @Test func `what it complains of in a file of its own is the reason`() async throws {
        let oda = FakeBehaviour(Self.protocolOfODA + "echo 'Unsupported version' > \"$2/model.dxf.err\"\nexit 0")
        try await withFake(oda, .oda) { tool in
            let failure = try await tool.run(Self.dwg, .dwg, to: .dxf).failure
            #expect(failure == Failure(.invalidInput, "The tool could not read the file: Unsupported version"))
        }
    }

    @Test func `an end without a drawing is a failure, though the exit code is 0`() async throws {
        try await withFake(FakeBehaviour(Self.protocolOfODA), .oda) { tool in
            let failure = try await tool.run(Self.dwg, .dwg, to: .dxf).failure
            #expect(failure?.code == .toolFailed)
        }
    }

    @Test func `it is asked for the release of 2018 also the other way round`() async throws {
        let oda = FakeBehaviour(
            """
            [ "$3 $4 $5 $6 $7" = "ACAD2018 DWG 0 1 model.dxf" ] || exit 0
            cp "$1/$7" "$2/model.dwg"
            """)
        try await withFake(oda, .oda) { tool in
            let outcome = try await tool.run(Samples.dxf(), .dxf, to: .dwg)
            #expect(outcome.failure == nil, "\(outcome.log)")
        }
    }

    @Test func `LibreDWG is called as its manual says`() async throws {
        let fake = FakeBehaviour(
            """
            [ "$1" != --version ] || { echo "dwg2dxf 0.13.3"; exit 0; }
            [ "$1 $2" = "-y -o" ] && cp "$4" "$3"
            """)
        try await withFake(fake, .libreDWG) { tool in
            #expect(tool.version == "0.13.3")
            let outcome = try await tool.run(Self.dwg, .dwg, to: .dxf)
            #expect(outcome.failure == nil, "\(outcome.log)")
            #expect(Access.sizeOfFile(outcome.out) == Int64(Self.dwg.count))
        }
    }

    private func withFake(
        _ behaviour: FakeBehaviour, _ converter: Converter, _ body: (RealTool) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let program = try FakeTool(converter.tool.name, does: behaviour).install(in: folder.appending("programs"))
            try await body(RealTool(converter, in: folder, program: program))
        }
    }
}
