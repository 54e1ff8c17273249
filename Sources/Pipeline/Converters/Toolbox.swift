import Persistence

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

    /// The first converter of the step, from this one on, whose tool is here; `nil` where there is none.
    func place(in step: RouteStep, from choice: Int = 0) -> Place? {
        for (index, name) in step.converters.enumerated().dropFirst(choice) {
            if let tool = entry(name)?.tool.tool.name { return Place(choice: index, tool: tool) }
        }
        return nil
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
