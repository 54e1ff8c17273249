/// Whether a file can be what its header says: sizes, counts and indices against what is really there.
///
/// Refuses what is impossible and lets pass what is only untidy, such as bytes after the end: that is for the tools to
/// like or not. Costs a look at the header, for glTF and XML one pass over the text. Blocks.
struct Plausibility {
    let content: Content
    /// The size of another file of the model by the URI it is referred to with; nil where it is not known.
    var sizeOfFile: (String) -> Int64? = { _ in nil }

    /// Throws `ImpossibleFile`, `UnreadableReferences` for nesting without end, or `Errno` for the disk.
    func check(_ format: Format) throws {
        switch format {
        case .stl: try checkSTL()
        case .ply: try checkPLY()
        case .off: try checkOFF()
        case .glb: try checkGLB()
        case .gltf: try checkGLTF(0..<content.size)
        case .dae, .x3d: try checkProlog()
        case .amf where content.text != nil: try checkMarkup()
        default: break
        }
    }
}

extension Int {
    /// Whether so many rows of at least `row` bytes each are more than `size` bytes hold.
    func rows(of row: Int, exceed size: Int64) -> Bool {
        let (total, overflow) = multipliedReportingOverflow(by: row)
        return overflow || Int64(total) > size
    }
}
