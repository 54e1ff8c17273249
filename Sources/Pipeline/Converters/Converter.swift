package import Persistence

/// Our description of what one tool can do: one value in one file, and its name in `Converter.all`.
package struct Converter: Sendable {
    /// In rows, in `/api/converters`, and in people's mouths.
    package let name: String
    package let tool: Tool
    package let reads: [Format]
    package let writes: [Format]
    /// Formats without an up axis that the tool turns all the same, from Z-up to Y-up: we turn them back.
    let turns: Set<Format>
    /// What the numbers in its output mean, where the tool changes them itself; `nil` where it keeps those of the source.
    let hands: @Sendable (_ source: Format, _ target: Format) -> Frame?
    /// The one thing it is for, when it is no way from format to format but an extra step.
    let serves: Service?
    /// Targets that it cannot be asked for with this source, though it reads the one and writes the other.
    let excludes: @Sendable (_ source: Format, _ target: Format) -> Bool
    /// What it does itself about an option, by the targets where it can.
    let honours: [Option: Set<Format>]
    /// Whether what moves in a glTF still moves in what it makes of it.
    let keepsAnimation: Bool
    /// How much it is wanted for a source: of those who can, the one with the lowest rank is asked first.
    let rank: @Sendable (_ source: Format) -> Int
    let limits: ToolLimits
    /// How the tool is called.
    let command: @Sendable (ConversionFiles) -> Command
    /// What the tool's own output tells about a failure, for the person who asked; `nil` where it tells nothing.
    let explain: @Sendable (_ exitCode: Int, _ log: String) -> Failure?

    package init(
        name: String, tool: Tool, reads: [Format], writes: [Format], turns: Set<Format> = [],
        hands: @escaping @Sendable (_ source: Format, _ target: Format) -> Frame? = { _, _ in nil },
        serves: Service? = nil,
        excludes: @escaping @Sendable (_ source: Format, _ target: Format) -> Bool = { _, _ in false },
        honours: [Option: Set<Format>] = [:],
        keepsAnimation: Bool = false,
        rank: @escaping @Sendable (_ source: Format) -> Int = { _ in 1 },
        limits: ToolLimits = ToolLimits(),
        explain: @escaping @Sendable (_ exitCode: Int, _ log: String) -> Failure? = { _, _ in nil },
        command: @escaping @Sendable (ConversionFiles) -> Command
    ) {
        self.name = name
        self.tool = tool
        self.reads = reads
        self.writes = writes
        self.turns = turns
        self.hands = hands
        self.serves = serves
        self.excludes = excludes
        self.honours = honours
        self.keepsAnimation = keepsAnimation
        self.rank = rank
        self.limits = limits
        self.explain = explain
        self.command = command
    }
}

extension Converter {
    /// An extra step that a conversion can have.
    package enum Service: Hashable, Sendable {
        case compress(MeshCompression)
        case repair
        /// A picture of a model.
        case preview
    }

    /// Whether it makes `target` of `source`, and we can see to it that the numbers mean the same in both: on the result,
    /// or on a copy of the source, or because nothing needs to be done.
    func converts(_ source: Format, to target: Format) -> Bool {
        guard reads.contains(source), writes.contains(target), !excludes(source, target) else { return false }
        if Normalisation.isPossible(in: source) || Normalisation.isPossible(in: target) { return true }
        let kept = hands(source, target) ?? .of(source)
        return !turns.contains(source) && Normalisation(from: kept, to: .of(target)).isIdentity
    }
}

/// Where the tool finds what it reads and leaves what it writes, as it sees them, and what was asked for. Fixed names: a
/// client's never get here.
package struct ConversionFiles: Sendable {
    package let from: Format
    package let to: Format
    package let options: ConversionOptions

    package init(from: Format, to: Format, options: ConversionOptions = ConversionOptions()) {
        self.from = from
        self.to = to
        self.options = options
    }

    /// The model, or the root of one of several files; its side files are beside it.
    package var source: String { "/in/\(sourceName)" }
    /// The main file of the result; side files may stand beside it.
    package var result: String { "/out/\(resultName)" }
    var sourceName: String { "model.\(from.name)" }
    var resultName: String { "model.\(to.name)" }
}

/// How a tool is called; the program itself is the installed tool's.
package struct Command: Sendable {
    package let arguments: [String]
    /// What the tool is to execute, where it takes a program of ours.
    let script: Script?

    package init(_ arguments: String..., script: Script? = nil) {
        self.init(arguments, script: script)
    }

    package init(_ arguments: [String], script: Script? = nil) {
        self.arguments = arguments
        self.script = script
    }
}

/// A program of ours for a tool that executes such; the tool sees it at `path`, read-only.
package struct Script: Hashable, Sendable {
    let name: String
    let bytes: [UInt8]
    /// The program that executes it instead of the tool; it is told the tool's command after its own arguments.
    let shell: String?

    package init(name: String, bytes: [UInt8], shell: String? = nil) {
        self.name = name
        self.bytes = bytes
        self.shell = shell
    }

    package var path: String { "/kiln/\(name)" }
}

/// What a single run may use. The wall clock is also bounded by `CONVERSION_TIMEOUT`.
package struct ToolLimits: Sendable {
    /// Wall-clock time.
    private(set) var timeout: Duration
    /// Address space of each process, and memory of all of them together, in bytes.
    let memory: Int64
    /// The largest file that it may write, in bytes.
    let fileSize: Int64
    /// All that it may write to its output and its scratch together, in bytes.
    let output: Int64
    /// Processes at the same time, those of the sandbox among them.
    let processes: Int
    /// How much of what it says is kept, in bytes.
    let log: Int64

    package init(
        timeout: Duration = .seconds(3600), memory: Int64 = 8 << 30, fileSize: Int64 = 8 << 30,
        output: Int64 = 8 << 30, processes: Int = 256, log: Int64 = 256 << 10
    ) {
        self.timeout = timeout
        self.memory = memory
        self.fileSize = fileSize
        self.output = output
        self.processes = processes
        self.log = log
    }

    func capped(at most: Duration) -> ToolLimits {
        var capped = self
        capped.timeout = min(timeout, most)
        return capped
    }
}
