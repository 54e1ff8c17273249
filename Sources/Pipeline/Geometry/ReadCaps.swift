/// How much of a file a reader takes before it gives up.
package struct ReadCaps: Hashable, Sendable {
    /// Of the file, and of each file it names.
    package let bytes: Int
    /// Vertices, corners and records together; each instance of a glTF mesh counts.
    package let elements: Int
    /// From the call to its end, by the monotonic clock; looked at every 256 KB or so.
    package let time: Duration

    package init(bytes: Int = 8 << 30, elements: Int = 200_000_000, time: Duration = .seconds(60)) {
        self.bytes = bytes
        self.elements = elements
        self.time = time
    }
}

/// Why a model could not be read or normalised. The sentences are fit for clients: they hold no paths.
package enum ReadError: Error, Hashable, Sendable {
    /// Not a valid file of its format.
    case invalid(String)
    /// One of the `ReadCaps`, or a fixed limit of a reader, was reached.
    case tooLarge(String)
    case timedOut
    /// The system refused to open, read or write: `errno`, so that a full disk can be told from the rest.
    case system(Int32)
}

/// What is left of the caps during one reading.
final class ReadBudget {
    /// What a placement of a part costs, in elements: it is kept, with its transform, while elements are streamed.
    static let placement = 200

    private let caps: ReadCaps
    private let deadline: ContinuousClock.Instant
    private var elements: Int

    init(_ caps: ReadCaps) {
        self.caps = caps
        deadline = .now + caps.time
        elements = caps.elements
    }

    func admit(bytes: Int) throws(ReadError) {
        guard bytes <= caps.bytes else { throw .tooLarge("The file has more than \(caps.bytes) bytes.") }
    }

    func spend(_ count: Int, times: Int = 1) throws(ReadError) {
        let (product, overflow) = count.multipliedReportingOverflow(by: times)
        guard !overflow, product <= elements else {
            throw .tooLarge("The model has more than \(caps.elements) elements.")
        }
        elements -= product
    }

    func checkTime() throws(ReadError) {
        guard ContinuousClock.now < deadline else { throw .timedOut }
    }
}
