import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// A wall clock that is believed, or not.
struct ClockWatchTests {
    @Test func `a clock that goes as time goes is believed, however long`() async throws {
        try await withTemporaryStore { store in
            let clock = TurnedClock()
            let watch = try await clock.watch(store)
            for _ in 0..<5 {
                clock.pass(.year / 5)
                #expect(try await watch.look() != nil)
            }
            clock.turn(.hour)
            #expect(try await watch.look() != nil && !watch.isHeld)
        }
    }

    @Test(arguments: [Duration.year, .zero - .year, .hour + .seconds(1), .zero - .hour - .seconds(1)])
    func `one that is turned by more than an hour is not, until it is turned back`(by turn: Duration) async throws {
        try await withTemporaryStore { store in
            let clock = TurnedClock()
            let watch = try await clock.watch(store)
            clock.turn(turn)
            #expect(try await watch.look() == nil && watch.isHeld && watch.ahead == turn)
            clock.pass(.seconds(60))
            #expect(try await watch.look() == nil)
            clock.turn(.zero - turn)
            #expect(try await watch.look() == .noon + .seconds(60))
        }
    }

    @Test func `an operator's word counts, until the clock is turned again`() async throws {
        try await withTemporaryStore { store in
            let clock = TurnedClock()
            let watch = try await clock.watch(store)
            clock.turn(.year)
            #expect(try await watch.look() == nil)
            try await watch.confirm(requestId: "request-3")
            #expect(try await watch.look() == .noon + .year)
            clock.turn(.year)
            #expect(try await watch.look() == nil)
        }
    }

    @Test(arguments: [Duration.year, .zero - .year, .seconds(2 * 3600)])
    func `a start far from the last time that was believed waits for an operator`(away turn: Duration) async throws {
        try await withTemporaryFolder { folder in
            let clock = TurnedClock()
            try await withStore(in: folder) { store in _ = try await clock.watch(store) }
            clock.turn(turn)
            try await withStore(in: folder) { store in
                let watch = try await clock.watch(store)
                #expect(watch.isHeld)
                clock.pass(.hour)
                #expect(try await watch.look() == nil)
            }
            try await withStore(in: folder) { store in
                let watch = try await clock.watch(store)
                #expect(watch.isHeld)
                try await watch.confirm(requestId: nil)
            }
            let watch = try await withStore(in: folder) { store in try await clock.watch(store) }
            #expect(!watch.isHeld)
        }
    }

    @Test func `a start soon after a long quiet time is believed`() async throws {
        try await withTemporaryFolder { folder in
            let clock = TurnedClock()
            try await withStore(in: folder) { store in
                let watch = try await clock.watch(store)
                _ = try await store.enqueueSample()
                clock.pass(.year)
                _ = try await watch.look()
            }
            clock.pass(.seconds(1800))
            let watch = try await withStore(in: folder) { store in try await clock.watch(store) }
            #expect(!watch.isHeld)
        }
    }

    @Test func `a start before the newest event waits for an operator`() async throws {
        try await withTemporaryFolder { folder in
            let clock = TurnedClock()
            try await withStore(in: folder) { store in
                _ = try await clock.watch(store)
                _ = try await store.enqueueSample(now: .noon + .year)
            }
            try await withStore(in: folder) { store in
                let watch = try await clock.watch(store)
                #expect(watch.isHeld && watch.ahead == .zero - .year)
            }
        }
    }

    @Test func `nothing is held against a new store`() async throws {
        try await withTemporaryStore { store in
            let watch = try await TurnedClock().watch(store)
            #expect(try await watch.look() == .noon)
        }
    }
}
