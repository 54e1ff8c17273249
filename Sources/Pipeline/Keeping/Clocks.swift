package import Persistence

/// The two clocks of the machine: the one that people set, and the one that nobody can.
package struct Clocks: Sendable {
    let wall: @Sendable () -> Instant
    /// From any beginning. It also counts while the machine sleeps.
    let steady: @Sendable () -> Duration

    package init(wall: @escaping @Sendable () -> Instant, steady: @escaping @Sendable () -> Duration) {
        self.wall = wall
        self.steady = steady
    }

    private static let beginning = ContinuousClock.now

    package static let system = Clocks(wall: { .now }, steady: { ContinuousClock.now - beginning })
}
