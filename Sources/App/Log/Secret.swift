/// A text that nobody may read: however it is printed, dumped or logged, it shows as `[secret]`.
struct Secret: Sendable, Equatable {
    /// The only way to the text.
    let revealed: String

    init(_ text: String) {
        revealed = text
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "[secret]" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
