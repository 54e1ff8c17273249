import NIOCore
import Persistence

/// Why the server does not start, in a sentence for the operator.
protocol StartRefusal: Error {}

extension DataFolderInUse: StartRefusal {}
extension DatabaseRefused: StartRefusal {}
extension SystemError: StartRefusal {}

/// The address cannot be listened on, or the server ended by itself.
struct Refused: StartRefusal, CustomStringConvertible {
    let description: String

    /// - Parameter setting: where another port can be chosen.
    init(starting error: any Error, at place: String, setting: String) {
        description =
            if let error = error as? IOError {
                "Cannot listen on \(place) (errno \(error.errnoCode)). Is the port taken? Choose another with \(setting)."
            } else {
                "The server on \(place) ended: \(error)"
            }
    }
}
