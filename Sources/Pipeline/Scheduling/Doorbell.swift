/// Wakes the scheduler: when a job is ready, when an attempt has ended. Rings that come while it is awake count as one.
package struct Doorbell: Sendable {
    let rings: AsyncStream<Void>
    private let button: AsyncStream<Void>.Continuation

    package init() {
        (rings, button) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        button.yield()
    }

    package func ring() {
        button.yield()
    }
}
