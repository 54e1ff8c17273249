import NIOCore
import Testing

@testable import App

struct BodyPaceTests {
    private let minimum = BodyPace.Minimum(bytes: 100, period: .seconds(10))

    private func at(_ seconds: UInt64) -> NIODeadline {
        .uptimeNanoseconds(seconds * 1_000_000_000)
    }

    private func judged(_ pace: inout BodyPace, _ seconds: UInt64) -> Bool {
        pace.isTooSlow(at: at(seconds))
    }

    @Test func `a period of waiting that brings too little is too slow`() {
        var pace = BodyPace(minimum: minimum)
        pace.beganToWait(at: at(0))
        pace.received(99)
        #expect(judged(&pace, 9) == false)
        #expect(judged(&pace, 10) == true)
    }

    @Test func `a period that brings enough makes room for the next, which counts alone`() {
        var pace = BodyPace(minimum: minimum)
        pace.beganToWait(at: at(0))
        pace.received(1000)
        #expect(judged(&pace, 10) == false)
        #expect(judged(&pace, 20) == true)
    }

    @Test func `time in which nobody asked for more is not the client's`() {
        var pace = BodyPace(minimum: minimum)
        pace.beganToWait(at: at(0))
        pace.stoppedWaiting(at: at(4))
        #expect(judged(&pace, 1000) == false)
        pace.beganToWait(at: at(1000))
        #expect(judged(&pace, 1005) == false)
        #expect(judged(&pace, 1006) == true)
    }
}
