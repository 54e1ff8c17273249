/// Why a file cannot be what it says it is. Found in its header, before any tool sees it.
enum ImpossibleFile: Error, Hashable, Sendable {
    /// The claim completes "The file says it has ..., more than fit into its ... bytes."
    case crowded(String, size: Int64)
    /// An index of something that there is not.
    case outOfRange(String, index: Int, count: Int)
    /// A place beyond the end of what it lies in; the text is the subject of the sentence.
    case outOfBounds(String)
    /// Nodes that go in a circle, share a child, or are nested beyond all measure.
    case tangled(String)
    /// XML that declares something of its own, or has it declared elsewhere.
    case documentType
    /// A whole sentence about a document that no reader could follow.
    case malformed(String)

    /// For the person who sent it.
    var sentence: String {
        switch self {
        case .crowded(let claim, let size):
            "The file says it has \(claim), more than fit into its \(size) bytes. Perhaps it was cut short."
        case .outOfRange(let kind, let index, let count):
            "The file uses number \(index) of its \(kind), counted from 0, but has \(count) of them."
        case .outOfBounds(let what): "\(what) ends beyond the data that it lies in. Perhaps the file was cut short."
        case .tangled(let how): "The nodes of the file \(how)."
        case .documentType:
            "The XML has a document type with declarations (a DTD), which is not taken. Send it without."
        case .malformed(let sentence): sentence
        }
    }
}
