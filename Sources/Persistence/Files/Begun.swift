import Dispatch
import Synchronization

/// Work that goes on beside the thread that began it (see ``BlockingPool/begin(_:)``).
package final class Begun<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    private let isOver = DispatchSemaphore(value: 0)

    func end(with value: Value) {
        self.value.withLock { $0 = value }
        isOver.signal()
    }

    /// Blocks until the work is done. To be called once.
    package func result() -> Value {
        while true {
            isOver.wait()
            if let value = value.withLock({ $0 }) { return value }
        }
    }
}
