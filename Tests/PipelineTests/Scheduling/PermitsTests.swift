import Testing

@testable import Pipeline

struct PermitsTests {
    @Test func `a tool has as many as its limit says`() {
        let permits = Permits(most: 10, limits: ["forge": 2])
        #expect((1...3).map { _ in permits.take("forge") != nil } == [true, true, false])
    }

    @Test func `all tools together have as many as there are`() {
        let permits = Permits(most: 3, limits: ["forge": 2, "press": 2])
        #expect(["forge", "press", "forge", "press"].map { permits.take($0) != nil } == [true, true, true, false])
    }

    @Test func `a tool without a limit has none`() {
        #expect(Permits(most: 3, limits: ["forge": 2]).take("press") == nil)
    }

    @Test func `one that is given back can be taken again`() throws {
        let permits = Permits(most: 1, limits: ["forge": 1, "press": 1])
        try #require(permits.take("forge")).giveBack()
        #expect(permits.take("press") != nil)
        #expect(permits.inUse.filter { $0.value > 0 } == ["press": 1])
    }

    @Test func `one that is given back twice counts once`() throws {
        let permits = Permits(most: 2, limits: ["forge": 2])
        let permit = try #require(permits.take("forge"))
        _ = permits.take("forge")
        permit.giveBack()
        permit.end()
        #expect(permits.inUse == ["forge": 1])
    }

    @Test func `tools do not run ahead of what is still to be stored`() throws {
        let permits = Permits(most: 1, limits: ["forge": 1])
        let stored = try #require(permits.take("forge"))
        stored.giveBack()
        try #require(permits.take("forge")).giveBack()
        #expect(permits.take("forge") == nil)
        stored.end()
        #expect(permits.take("forge") != nil)
    }

    @Test func `a paused tool gets none until it is resumed, and others do not mind`() {
        let permits = Permits(most: 3, limits: ["forge": 2, "press": 2], paused: ["forge"])
        #expect(permits.take("forge") == nil && permits.take("press") != nil)
        permits.pause("press")
        #expect(permits.take("press") == nil && permits.inUse == ["press": 1])
        permits.resume("forge")
        #expect(permits.take("forge") != nil && permits.isPaused("press"))
    }

    @Test func `however many ask at once, no more are given`() async {
        let permits = Permits(most: 5, limits: ["forge": 3, "press": 4])
        await withTaskGroup { group in
            for number in 0..<1000 {
                group.addTask { permits.take(number % 2 == 0 ? "forge" : "press") != nil }
            }
            #expect(await group.reduce(0) { $0 + ($1 ? 1 : 0) } == 5)
        }
        #expect(permits.inUse.values.reduce(0, +) == 5)
    }
}
