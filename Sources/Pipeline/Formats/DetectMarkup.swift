/// How formats that are XML are known: by their root element.
extension Detect {
    static func dae(_ content: Content) -> Evidence { root("collada", of: content) }

    static func x3d(_ content: Content) -> Evidence { root("x3d", of: content) }

    /// Where the root is not to be seen, the name must do.
    static func root(_ name: String, of content: Content) -> Evidence {
        switch Markup.root(of: content) {
        case name: .certain
        case "": .possible
        default: .none
        }
    }
}
