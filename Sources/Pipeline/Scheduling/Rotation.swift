/// The tools one after the other, over and over: whose turn it is to have one of the permits that all share. Without it,
/// a long line for one tool would keep the others waiting.
struct Rotation {
    private let tools: [String]
    private var place = 0

    init(_ tools: [String]) {
        self.tools = tools
    }

    var count: Int { tools.count }

    /// There must be one.
    mutating func next() -> String {
        defer { place = (place + 1) % tools.count }
        return tools[place]
    }
}
