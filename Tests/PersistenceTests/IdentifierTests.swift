import Persistence
import TestSupport
import Testing

struct IdentifierTests {
    @Test func `ten thousand ids made one after the other rise strictly`() {
        let ids = (0..<10_000).map { _ in Job.ID().rawValue }

        #expect(zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func `ids rise strictly when the clock steps back`() {
        let first = Job.ID().rawValue
        let second = Job.ID(at: .noon + .seconds(-86_400)).rawValue

        #expect(first < second)
    }

    @Test func `ids made on many threads rise on each and are all different`() async {
        let batches = await withTaskGroup(of: [String].self) { group in
            for _ in 0..<16 {
                group.addTask { (0..<2000).map { _ in Job.ID().rawValue } }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }

        for batch in batches { #expect(zip(batch, batch.dropFirst()).allSatisfy { $0 < $1 }) }
        #expect(Set(batches.joined()).count == 32_000)
    }

    @Test func `an id is a UUID of version 7 and variant 2, in lower case`() throws {
        let pattern = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/

        for _ in 0..<1000 { _ = try #require(Job.ID().rawValue.wholeMatch(of: pattern)) }
    }

    @Test func `an id begins with its time in milliseconds`() throws {
        let earliest = Instant.now
        let digits = Job.ID().rawValue.filter { $0 != "-" }.prefix(12)

        let time = try #require(Int64(digits, radix: 16))
        // Ids of other tests in the same process may have borrowed a few milliseconds.
        #expect(earliest.rawValue...earliest.rawValue + 60_000 ~= time)
    }

    @Test func `an id is read in either case and kept in lower case`() {
        let id = Job.ID(rawValue: "0197727B-8A00-7ABC-8DEF-0123456789AB")

        #expect(id?.rawValue == "0197727b-8a00-7abc-8def-0123456789ab")
    }

    @Test(arguments: [
        "", "x", "0197727b8a007abc8def0123456789ab", "0197727b-8a00-7abc-8def-0123456789a",
        "0197727b-8a00-7abc-8def-0123456789abc", "0197727g-8a00-7abc-8def-0123456789ab",
        "0197727b-8a00-7abc-8def0-123456789ab", "0197727b-8a00-7abc-8def-0123456789a ",
        "{197727b-8a00-7abc-8def-0123456789a}", "0197727b-8a00-7abc-8def-0123456789é",
        "../../../../../../../etc/passwd-----", "0197727b_8a00_7abc_8def_0123456789ab",
    ])
    func `text that is no UUID is no id`(text: String) {
        #expect(Job.ID(rawValue: text) == nil)
    }
}
