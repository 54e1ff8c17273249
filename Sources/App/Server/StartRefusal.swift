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

    init(starting error: any Error, _ settings: Settings) {
        let place = "\(settings.host):\(settings.port)"
        description =
            if let error = error as? IOError {
                "Cannot listen on \(place) (errno \(error.errnoCode)). Is the port taken? Choose another with PORT."
            } else {
                "The server on \(place) ended: \(error)"
            }
    }
}
