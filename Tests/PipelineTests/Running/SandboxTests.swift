import Glibc
import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// What a tool sees of the machine, told by the tools themselves.
@Suite(.enabled(if: Machine.hasSandbox, "\(Machine.withoutSandbox)"))
struct SandboxTests {
    @Test func `the environment is four variables and the working folder`() async throws {
        try await withLaunchedTool { tool in
            _ = await tool.run("/usr/bin/env", [])
            #expect(
                tool.log.split(separator: "\n").sorted() == [
                    "HOME=/tmp", "LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin", "PWD=/out", "TMPDIR=/tmp",
                ])
        }
    }

    @Test func `there is nothing to read on the input`() async throws {
        try await withLaunchedTool { tool in
            let report = await tool.run("/usr/bin/cat", [])
            #expect(report.code == 0)
            #expect(tool.log.isEmpty)
        }
    }

    @Test func `there is no network but an empty one`() async throws {
        try await withLaunchedTool { tool in
            _ = await tool.perl("open F, '/proc/net/dev'; /^ *(\\w+):/ and print qq($1\\n) for <F>")
            #expect(tool.log == "lo\n")
        }
    }

    @Test func `a port of this machine cannot be reached`() async throws {
        try await withLaunchedTool { tool in
            let listener = try Listener()
            let call = """
                use Socket; socket S, PF_INET, SOCK_STREAM, 0;
                print connect(S, sockaddr_in(\(listener.port), INADDR_LOOPBACK)) ? 'reached' : 'refused';
                """
            #expect(listener.isReached)
            _ = await tool.perl(call)
            #expect(tool.log == "refused")
        }
    }

    @Test func `only its own folders and those of the system are there`() async throws {
        try await withLaunchedTool { tool in
            _ = await tool.run("/usr/bin/ls", ["/"])
            let known: Set = ["bin", "dev", "etc", "in", "lib", "lib64", "out", "proc", "tmp", "usr"]
            #expect(Set(tool.log.split(separator: "\n").map(String.init)).subtracting(known).isEmpty)
        }
    }

    @Test func `of the system's settings only fonts and libraries are there`() async throws {
        try await withLaunchedTool { tool in
            _ = await tool.shell("ls /etc 2> /dev/null")
            let known: Set = ["alternatives", "fonts", "ld.so.cache"]
            #expect(Set(tool.log.split(separator: "\n").map(String.init)).subtracting(known).isEmpty)
        }
    }

    @Test(arguments: ["/etc/passwd", "/etc/hostname", "/home", "/root", "/var", "/sys", "/run"])
    func `what is elsewhere on the machine is not there`(path: String) async throws {
        try await withLaunchedTool { tool in
            let report = await tool.run("/usr/bin/ls", [path])
            #expect(report.code == 2)
        }
    }

    @Test func `the data folder is not there`() async throws {
        try await withLaunchedTool { tool in
            let report = await tool.run("/usr/bin/ls", [tool.folder.string])
            #expect(report.code == 2)
        }
    }

    @Test func `the input can be read`() async throws {
        try await withLaunchedTool { tool in
            _ = await tool.run("/usr/bin/cat", ["/in/model.obj"])
            #expect(Array(tool.log.utf8) == Samples.obj())
        }
    }

    @Test(arguments: [
        "echo x > /in/model.obj", "rm -f /in/model.obj", "mv /in/model.obj /in/other", "chmod 777 /in/model.obj",
        "touch /in/model.obj",
    ]) func `the input cannot be changed`(script: String) async throws {
        try await withLaunchedTool { tool in
            let report = await tool.shell(script)
            #expect(report.code != 0)
            let input = try read(tool.input)
            #expect(input == Samples.obj())
        }
    }

    /// Not even where it would only be in memory, which nothing would limit.
    @Test(arguments: ["/usr/made", "/made", "/etc/made", "/dev/made", "/in/made", "/proc/self/comm"])
    func `nothing of the machine can be written`(path: String) async throws {
        try await withLaunchedTool { tool in
            let report = await tool.shell("echo x > \(path)")
            #expect(report.code != 0)
            if path.hasPrefix("/proc") { return }
            #expect(access(path, F_OK) != 0)
        }
    }

    /// For root its files are writable even without capabilities. With the value that it has, in case that it is.
    @Test func `the kernel's settings cannot be changed`() async throws {
        try await withLaunchedTool { tool in
            let report = await tool.shell(
                "f=/proc/sys/kernel/core_pattern; value=$(cat $f); echo \"$value\" > $f && echo changed")
            #expect(report.code != 0)
            #expect(!tool.log.contains("changed"))
        }
    }

    @Test func `shared memory is the scratch's, and so is its room`() async throws {
        try await withLaunchedTool { tool in
            _ = await tool.shell("echo x > /dev/shm/segment")
            #expect(access(tool.workspace.scratch.appending("segment").string, F_OK) == 0)
        }
    }

    @Test func `a tool that needs little is shown little`() async throws {
        try await withLaunchedTool { tool in
            let report = await tool.runLittle("/usr/bin/sh", ["-c", "echo /etc/* /dev/*"])
            #expect(report.code == 0)
            #expect(tool.log == "/etc/ld.so.cache /dev/fd /dev/null /dev/shm\n")
        }
    }

    @Test func `output and scratch are the workspace's`() async throws {
        try await withLaunchedTool { tool in
            let report = await tool.shell("pwd > here; echo x > /tmp/note")
            #expect(report.code == 0)
            let (here, note) = try (
                read(tool.workspace.out.appending("here")), read(tool.workspace.scratch.appending("note"))
            )
            #expect(here == Array("/out\n".utf8))
            #expect(note == Array("x\n".utf8))
        }
    }

    @Test func `no other process is to be seen`() async throws {
        try await withLaunchedTool { tool in
            _ = await tool.perl("opendir D, '/proc'; print join ' ', sort grep /^\\d+$/, readdir D")
            #expect(tool.log == "1 2")
        }
    }

    @Test func `no other process can be signalled`() async throws {
        try await withLaunchedTool { tool in
            let report = await tool.shell("kill -0 \(getpid())")
            #expect(report.code != 0)
        }
    }

    @Test func `a program below the machine's temporary folder can be run`() async throws {
        try await withLaunchedTool { tool in
            #expect(tool.folder.starts(with: "/tmp"))
            let report = try await tool.run(tool.install(.says("here")), ["a", "b"])
            #expect(report.code == 0)
            #expect(tool.log == "here\n")
        }
    }

    @Test func `a program by its old path is the one it leads to`() async throws {
        try await withLaunchedTool { tool in
            let report = await tool.run("/bin/sh", ["-c", "exit 7"])
            #expect(report.code == 7)
        }
    }

    private func read(_ path: FilePath) throws -> [UInt8] {
        let file = try FileDescriptor.open(path, .readOnly)
        return try file.closeAfter {
            try [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
                count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
    }
}
