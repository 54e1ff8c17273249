import Foundation
import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// What memory there is for us.
struct MachineMemoryTests {
    private static let machine = "MemTotal:  8000 kB\nMemFree:  10 kB\nMemAvailable:  6000 kB\n"

    @Test func `without a group it is the machine's`() async throws {
        let memory = try await read(["proc/meminfo": Self.machine])
        #expect(memory == MachineMemory(total: 8_192_000, available: 6_144_000))
        #expect(memory?.usedRatio == 0.25)
    }

    @Test func `the narrowest group above us counts, and its page cache is to be had`() async throws {
        let memory = try await read([
            "proc/meminfo": Self.machine, "proc/self/cgroup": "0::/system/kiln\n",
            "sys/fs/cgroup/system/kiln/memory.max": "max\n", "sys/fs/cgroup/system/kiln/memory.current": "1\n",
            "sys/fs/cgroup/system/memory.max": "1000000\n", "sys/fs/cgroup/system/memory.current": "700000\n",
            "sys/fs/cgroup/system/memory.stat": "anon 1\ninactive_file 200000\n",
        ])
        #expect(memory == MachineMemory(total: 1_000_000, available: 500_000))
    }

    @Test func `groups of version 1 count too, also from inside a container`() async throws {
        let memory = try await read([
            "proc/meminfo": Self.machine, "proc/self/cgroup": "5:memory:/docker/1\n1:name=x:/\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "2000000\n",
            "sys/fs/cgroup/memory/memory.usage_in_bytes": "500000\n",
        ])
        #expect(memory == MachineMemory(total: 2_000_000, available: 1_500_000))
    }

    @Test func `a group without a limit leaves the machine's`() async throws {
        let memory = try await read([
            "proc/meminfo": Self.machine, "proc/self/cgroup": "5:memory:/\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            "sys/fs/cgroup/memory/memory.usage_in_bytes": "500000\n",
        ])
        #expect(memory == MachineMemory(total: 8_192_000, available: 6_144_000))
    }

    @Test func `this machine tells`() throws {
        let memory = try #require(MachineMemory.read())
        #expect(memory.total > 0 && (0...memory.total).contains(memory.available))
    }

    private func read(_ files: [String: String]) async throws -> MachineMemory? {
        try await withTemporaryFolder { folder in
            for (path, text) in files {
                let file = folder.appending(path)
                try Directory.make(file.removingLastComponent())
                try text.write(toFile: file.string, atomically: false, encoding: .utf8)
            }
            return MachineMemory.read(root: folder.string)
        }
    }
}
