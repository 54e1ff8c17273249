import Testing

@testable import Pipeline

struct OptionTests {
    @Test func `all options are read from a JSON object`() throws {
        let options = try read(
            """
            {"sourceUnit": "in", "sourceUp": "z", "targetUnit": "mm", "targetUp": "y", "scale": 2, "binary": false,
             "tolerance": 0.01, "parameters": {"w": 3, "$fn": 64, "name": "a\\"b", "on": true, "v": [1, [2.5]]},
             "parameterSet": "small", "compress": "draco", "repair": true, "embedTextures": true}
            """)
        #expect(options.said == Option.allCases)
        #expect(options.sourceUnit?.metres == 0.0254 && options.targetUp == .y && options.scale == 2)
        #expect(options.parameters?["name"]?.literal == #""a\"b""#)
        #expect(options.parameters?["v"]?.literal == "[1,[2.5]]" && options.parameters?["on"]?.literal == "true")
    }

    @Test func `what is kept in the row is what was asked for`() throws {
        let options = try read(#"{"scale": 0.5, "parameters": {"v": [true, "x"]}, "compress": "meshopt"}"#)
        #expect(ConversionOptions(row: options.json) == options)
        #expect(ConversionOptions().json == nil && ConversionOptions(row: nil).said.isEmpty)
    }

    @Test func `null and a repair that is not wanted are no options`() throws {
        #expect(try read(#"{"scale": null, "repair": false}"#).said.isEmpty)
    }

    @Test(arguments: [
        (#"{"colour": "red"}"#, "/options/colour"), (#"{"scale": 0}"#, "/options/scale"),
        (#"{"scale": "2"}"#, "/options/scale"), (#"{"scale": 1e9}"#, "/options/scale"),
        (#"{"targetUnit": "parsec"}"#, "/options/targetUnit"), (#"{"sourceUp": "x"}"#, "/options/sourceUp"),
        (#"{"binary": 1}"#, "/options/binary"), (#"{"tolerance": 1}"#, "/options/tolerance"),
        (#"{"compress": true}"#, "/options/compress"), (#"{"parameters": 3}"#, "/options/parameters"),
        (#"{"parameters": {"a b": 3}}"#, "/options/parameters/a b"),
        (#"{"parameters": {"x;y": 3}}"#, "/options/parameters/x;y"),
        (#"{"parameters": {"x": {}}}"#, "/options/parameters/x"),
        (#"{"parameters": {"7": 1}}"#, "/options/parameters/7"),
        (#"{"parameterSet": "-o"}"#, "/options/parameterSet"), (#"{"parameterSet": ""}"#, "/options/parameterSet"),
        ("[1]", "/options"), ("{", "/options"), ("3", "/options"),
    ]) func `a wrong option is refused by its place`(json: String, pointer: String) {
        let problem = #expect(throws: OptionProblem.self) { try read(json) }
        #expect(problem?.pointer == pointer)
        #expect(problem?.sentence.isEmpty == false)
    }

    @Test func `too long and too many parameters are refused`() throws {
        let long = String(repeating: "x", count: 20_000)
        #expect(throws: OptionProblem.self) { try read(#"{"parameters": {"a": "\#(long)"}}"#) }
        let many = (0..<300).map { #""v\#($0)": 1"# }.joined(separator: ",")
        #expect(throws: OptionProblem.self) { try read(#"{"parameters": {\#(many)}}"#) }
    }

    private func read(_ json: String) throws -> ConversionOptions {
        try ConversionOptions(json: Array(json.utf8))
    }
}
