import Pipeline

/// What the server and the machine use of their memory.
enum Memory {
    static func json(_ machine: MachineMemory?) -> JSONValue {
        .object([
            "rssMB": .optional(ProcessMemory.residentBytes.map(megabytes)),
            "usedMB": .optional(machine.map { megabytes($0.used) }),
            "totalMB": .optional(machine.map { megabytes($0.total) }), "systemPercent": .optional(machine?.percent),
        ])
    }

    private static func megabytes(_ bytes: Int64) -> Double {
        (Double(bytes) / 1_048_576 * 10).rounded() / 10
    }
}

extension MachineMemory {
    /// In bytes.
    var used: Int64 { max(0, total - available) }

    /// Used, with one decimal.
    var percent: Double { (usedRatio * 1000).rounded() / 10 }
}
