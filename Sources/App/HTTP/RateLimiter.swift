import Persistence
import Synchronization

/// One limit for many clients, by the generic cell rate algorithm (ITU-T I.371, annex A): each client has one number,
/// the time at which it would have all of its requests again. A client may use them up at once, and gets them back one
/// by one.
///
/// Memory is bounded: the table has 65,536 places, whatever happens, 2 MiB. A client has eight places to be
/// at; when all are taken by others that are not whole again, the one of these that has used least is forgotten, and
/// may begin anew. So a flood of addresses costs others nothing, and who has used up his requests stays known longest.
final class RateLimiter: Sendable {
    /// What became of a request, and what is left.
    struct Verdict: Equatable, Sendable {
        let isAllowed: Bool
        let remaining: Int
        /// Until one more request is allowed; zero if one is.
        let retryAfter: Duration
        /// Until all are there again.
        let reset: Duration
    }

    let limit: RateLimit
    private let slots: Mutex<Slots>

    init(_ limit: RateLimit, sets: Int = 8192) {
        self.limit = limit
        slots = Mutex(Slots(sets: sets))
    }

    /// What a request of this client now would be told. Nothing is counted.
    func look(_ client: IPAddress, at now: Int64 = RateLimiter.now) -> Verdict {
        slots.withLock { verdict(fullAt: $0.fullAt(client, or: now), now) }
    }

    /// Counts a request, if it is allowed.
    func take(_ client: IPAddress, at now: Int64 = RateLimiter.now) -> Verdict {
        slots.withLock { slots in
            let fullAt = slots.fullAt(client, or: now)
            guard fullAt + limit.interval - now <= limit.span else { return verdict(fullAt: fullAt, now) }
            slots.set(client, fullAt + limit.interval)
            return verdict(fullAt: fullAt + limit.interval, now, isAllowed: true)
        }
    }

    private func verdict(fullAt: Int64, _ now: Int64, isAllowed: Bool? = nil) -> Verdict {
        let debt = max(0, fullAt - now)
        let remaining = max(0, (limit.span - debt) / limit.interval)
        return Verdict(
            isAllowed: isAllowed ?? (remaining > 0), remaining: Int(min(remaining, Int64(limit.count))),
            retryAfter: .nanoseconds(max(0, debt + limit.interval - limit.span)), reset: .nanoseconds(debt))
    }

    /// Nanoseconds of a clock that nobody sets.
    static var now: Int64 { (ContinuousClock.now - start).nanoseconds }

    private static let start = ContinuousClock.now
}

/// A table of fixed size: sets of eight places, of which a client's hash names one set.
private struct Slots {
    private static let ways = 8

    private struct Slot {
        var client = IPAddress(v4: 0)
        /// The past for a place that is free.
        var fullAt = Int64.min
    }

    private var slots: [Slot]

    init(sets: Int) {
        slots = Array(repeating: Slot(), count: max(1, sets) * Self.ways)
    }

    /// When the client has all of its requests again; now if it has them.
    func fullAt(_ client: IPAddress, or now: Int64) -> Int64 {
        place(of: client).map { max(slots[$0].fullAt, now) } ?? now
    }

    mutating func set(_ client: IPAddress, _ fullAt: Int64) {
        let place = place(of: client) ?? leastUsed(in: set(of: client))
        slots[place] = Slot(client: client, fullAt: fullAt)
    }

    private func place(of client: IPAddress) -> Int? {
        set(of: client).first { slots[$0].client == client && slots[$0].fullAt != .min }
    }

    private func leastUsed(in set: Range<Int>) -> Int {
        // A set is never empty.
        set.min { slots[$0].fullAt < slots[$1].fullAt } ?? set.lowerBound
    }

    /// Swift seeds hashes anew in every process, so that nobody can aim at a set.
    private func set(of client: IPAddress) -> Range<Int> {
        let number = Int(UInt(bitPattern: client.hashValue) % UInt(slots.count / Self.ways))
        return number * Self.ways..<(number + 1) * Self.ways
    }
}
