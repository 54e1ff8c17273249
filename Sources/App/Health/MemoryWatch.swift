import Logging
import Pipeline
import ServiceLifecycle

/// Looks at the memory every minute, and warns once when it gets scarce: again only after it was plenty meanwhile.
struct MemoryWatch: Service {
    let logger: Logger
    var period = Duration.seconds(60)

    func run() async throws {
        var alarm = Alarm()
        while !Task.isShuttingDownGracefully {
            let memory = MachineMemory.read()
            report(memory, alarm.change(memory?.usedRatio ?? 0))
            // Ended early by a stop.
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: period, clock: .continuous) }
            if Task.isCancelled { return }
        }
    }

    private func report(_ memory: MachineMemory?, _ change: Alarm.Change) {
        let metadata: Logger.Metadata = [
            "rss": .stringConvertible(ProcessMemory.residentBytes ?? 0), "used": .stringConvertible(memory?.used ?? 0),
            "total": .stringConvertible(memory?.total ?? 0), "percent": .stringConvertible(memory?.percent ?? 0),
        ]
        switch change {
        case .none: logger.debug("memory", metadata: metadata)
        case .rises: logger.warning("memory is scarce", metadata: metadata)
        case .passes: logger.notice("memory is plenty again", metadata: metadata)
        }
    }

    /// On above 85 % and off below 80 %: what moves in between changes nothing.
    struct Alarm {
        private static let high = 0.85
        private static let low = 0.8
        private var isOn = false

        enum Change { case none, rises, passes }

        /// - Parameter ratio: used of all.
        mutating func change(_ ratio: Double) -> Change {
            if !isOn, ratio > Self.high {
                isOn = true
                return .rises
            }
            if isOn, ratio < Self.low {
                isOn = false
                return .passes
            }
            return .none
        }
    }
}
