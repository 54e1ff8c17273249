import Synchronization

/// Wakes the scheduler: when a job is ready, when a permit is free. Rings that come while it is awake count as one.
package final class Doorbell: Sendable {
    let rings: AsyncStream<Void>
    private let button: AsyncStream<Void>.Continuation
    private let news = Mutex(News())

    private struct News {
        var ofAll = 0
        var ofTools: [String: Int] = [:]
    }

    package init() {
        (rings, button) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        button.yield()
    }

    /// Jobs may be ready for any tool.
    package func ring() {
        news.withLock { $0.ofAll += 1 }
        button.yield()
    }

    /// A job is ready for `tool`.
    package func ring(for tool: String) {
        news.withLock { $0.ofTools[tool, default: 0] += 1 }
        button.yield()
    }

    /// A permit is free, or somebody looks whether it is heard. No more is ready than before.
    package func ringFree() {
        button.yield()
    }

    /// Changes whenever a job has become ready for the tool: as long as it stays the same, a tool without jobs has none.
    func news(for tool: String) -> Int {
        news.withLock { $0.ofAll + $0.ofTools[tool, default: 0] }
    }
}
