/// One conversion of a sample that shows what a converter does on this machine.
struct SelfTestCase: Hashable, Sendable {
    let converter: Converter
    let from: Format
    let to: Format

    static func == (one: SelfTestCase, other: SelfTestCase) -> Bool {
        one.converter.name == other.converter.name && one.from == other.from && one.to == other.to
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(converter.name)
        hasher.combine(from)
        hasher.combine(to)
    }
}

extension Converter {
    /// The fewest cases in which each format with a sample is read, and each target is written, once.
    var selfTests: [SelfTestCase] {
        let sources = reads.filter { Sample.of($0) != nil }
        var cases: [SelfTestCase] = []
        for target in writes {
            guard let source = sources.first(where: { makes($0, target) }) else { continue }
            cases.append(SelfTestCase(converter: self, from: source, to: target))
        }
        for source in sources where !cases.contains(where: { $0.from == source }) {
            guard let target = writes.first(where: { makes(source, $0) }) else { continue }
            cases.append(SelfTestCase(converter: self, from: source, to: target))
        }
        return cases
    }

    private func makes(_ source: Format, _ target: Format) -> Bool {
        serves == nil ? source != target && converts(source, to: target) : !excludes(source, target)
    }
}
