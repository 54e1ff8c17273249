/// The converters that work on this machine: their tool was found, and ran in the sandbox.
package struct Toolbox: Sendable {
    /// Every converter, installed or not, with what is known of its tool.
    package let entries: [Entry]

    package struct Entry: Sendable {
        package let converter: Converter
        package let state: State
    }

    package enum State: Sendable {
        case installed(InstalledTool)
        /// It was looked for and is not there, which is nobody's fault; how to get it, in a sentence.
        case absent(String)
        /// It should be there and does not work: why, in a sentence.
        case missing(String)
    }

    init(entries: [Entry]) {
        self.entries = entries
    }

    /// The converters whose tool works.
    var installed: [Converter] {
        entries.filter { $0.tool != nil }.map(\.converter)
    }

    /// Each tool that works, once.
    package var tools: [InstalledTool] {
        var seen: Set<String> = []
        return entries.compactMap(\.tool).filter { seen.insert($0.tool.name).inserted }
    }

    func entry(_ converter: String) -> (converter: Converter, tool: InstalledTool)? {
        entries.first { $0.converter.name == converter }.flatMap { entry in
            entry.tool.map { (entry.converter, $0) }
        }
    }

    /// The name of the tool that the converter needs; also for converters whose tool is gone meanwhile.
    func tool(of converter: String) -> String? {
        entries.first { $0.converter.name == converter }?.converter.tool.name
    }
}

extension Toolbox.Entry {
    /// Why it is not to be had; `nil` when it is.
    package var reason: String? {
        switch state {
        case .installed: nil
        case .absent(let why), .missing(let why): why
        }
    }

    /// Whether somebody should look at it.
    package var isBroken: Bool {
        if case .missing = state { true } else { false }
    }

    package var tool: InstalledTool? {
        if case .installed(let tool) = state { tool } else { nil }
    }
}
