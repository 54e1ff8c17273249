import TestSupport
import Testing

@testable import Pipeline

/// Memory that a tool usually takes is waited for.
struct HeadroomTests {
    private static let gigabyte: Int64 = 1 << 30

    @Test func `what nine of ten runs needed must be there`() {
        let histories = ["forge": Array(repeating: Self.gigabyte, count: 9) + [Self.gigabyte * 50]]
        #expect(Headroom(histories: histories) { nil }.usual("forge") == Self.gigabyte)
        #expect(headroom(histories, free: Self.gigabyte).isThere(for: "forge"))
        let short = headroom(histories, free: Self.gigabyte - 1)
        short.enter("other")
        #expect(!short.isThere(for: "forge"))
    }

    @Test func `what has just begun is counted though it has not taken it yet`() {
        let headroom = headroom(["forge": [Self.gigabyte]], free: Self.gigabyte * 3 / 2)
        headroom.enter("forge")
        #expect(!headroom.isThere(for: "forge"))
        #expect(headroom.isThere(for: "forge", now: .now + .seconds(11)))
        headroom.leave("forge", peakMemoryBytes: nil)
        #expect(headroom.isThere(for: "forge"))
    }

    @Test func `light tools and unknown ones are never held back`() {
        let headroom = headroom(["file": [100 << 20]], free: 0)
        #expect(headroom.isThere(for: "file") && headroom.isThere(for: "forge"))
    }

    @Test func `a tool that needs more than there can be runs when it has the machine to itself`() {
        let headroom = headroom(["forge": [Self.gigabyte * 100]], free: Self.gigabyte * 8)
        #expect(headroom.isThere(for: "forge"))
    }

    @Test func `where nothing of ours could make room the wait ends`() {
        let headroom = headroom(["forge": [Self.gigabyte]], free: 0)
        let now = ContinuousClock.now
        #expect(!headroom.isThere(for: "forge", now: now))
        #expect(!headroom.isThere(for: "forge", now: now + .seconds(59)))
        #expect(headroom.isThere(for: "forge", now: now + .seconds(60)))
    }

    @Test func `it learns from each run`() {
        let headroom = headroom([:], free: 0)
        headroom.enter("forge")
        headroom.leave("forge", peakMemoryBytes: Self.gigabyte)
        #expect(headroom.usual("forge") == Self.gigabyte)
    }

    @Test func `one at a time sees to it that somebody looks again`() {
        let headroom = headroom([:], free: 0)
        let now = ContinuousClock.now
        #expect(headroom.takeAlarm(now: now) && !headroom.takeAlarm(now: now))
        #expect(headroom.takeAlarm(now: now + .seconds(2)))
    }

    private func headroom(_ histories: [String: [Int64]], free: Int64) -> Headroom {
        Headroom(histories: histories) { MachineMemory(total: Self.gigabyte * 10, available: free) }
    }
}
