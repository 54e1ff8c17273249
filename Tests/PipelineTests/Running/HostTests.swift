import Glibc
import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// What a tool that was taken over finds out about the machine, and does to it, at each level: nothing.
@Suite(.enabled(if: !Machine.levels.isEmpty, "no sandbox works here"))
struct HostTests {
    @Test(
        arguments: ["/etc/passwd", "/etc/hostname", "/proc/1/environ", "/proc/1/cmdline", "/var/log"], Machine.levels)
    func `what is elsewhere on the machine cannot be read`(path: String, level: Sandbox.Level) async throws {
        try await withLaunchedTool(at: level) { tool in
            _ = await tool.shell("exec 2> /dev/null; tr '\\0' '\\n' < \(path); ls \(path)/")
            let isOwn = level == .bubblewrap && path.hasPrefix("/proc/1/")
            // In its own view, process 1 is the sandbox itself, which has nothing to tell.
            #expect(isOwn ? !tool.log.contains("/sbin/") : tool.log.isEmpty)
        }
    }

    @Test(arguments: Machine.levels) func `the server's environment cannot be read`(level: Sandbox.Level) async throws {
        try await withLaunchedTool(at: level) { tool in
            let report = await tool.shell("cat /proc/\(getpid())/environ /proc/$PPID/environ")
            #expect(report.code != 0)
            #expect(!tool.log.contains("USER=") && !tool.log.contains("PWD="))
        }
    }

    @Test(arguments: Machine.levels)
    func `files of the data folder and of other jobs can neither be read nor changed`(level: Sandbox.Level) async throws
    {
        try await withLaunchedTool(at: level) { tool in
            let other = tool.folder.appending("other")
            try Directory.make(other)
            let secret = other.appending("secret")
            try Files.write(Array("the secret".utf8), to: secret)
            chmod(secret.string, 0o640)
            _ = await tool.shell(
                """
                cat \(secret); ls \(other); cd \(other) && cat secret; ln \(secret) link; cat link
                echo x > \(secret); : > \(secret); truncate -s 0 \(secret); rm -f \(secret); mv \(secret) \(other)/moved
                echo x > \(other)/made; mkdir \(other)/folder; chmod 0 \(secret); touch -d 1999-01-01 \(secret)
                ln -s \(secret) symbolic; cat symbolic; cat /proc/self/root\(secret); cat ../../other/secret
                """)
            #expect(!tool.log.contains("the secret"))
            #expect(try Directory.names(in: other) == ["secret"])
            var status = stat()
            try #require(stat(secret.string, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o640)
            #expect(status.st_size == 10)
            #expect(status.st_mtim.tv_sec > 1_700_000_000)
        }
    }

    @Test(arguments: Machine.levels)
    func `neither a port nor a socket can be reached`(level: Sandbox.Level) async throws {
        try await withLaunchedTool(at: level) { tool in
            let listener = try Listener()
            #expect(listener.isReached)
            _ = await tool.perl(
                """
                use Socket; print socket(S, PF_INET, SOCK_STREAM, 0) && connect(S, sockaddr_in(\(listener.port),
                INADDR_LOOPBACK)) ? 'reached' : 'refused';
                print socket(D, PF_INET, SOCK_DGRAM, 0) && send(D, 'x', 0, sockaddr_in(53, INADDR_LOOPBACK))
                ? 'sent' : '';
                print socket(U, PF_UNIX, SOCK_STREAM, 0) && connect(U, sockaddr_un('/run/systemd/journal/stdout'))
                ? 'spoke' : '';
                """)
            #expect(tool.log == "refused")
        }
    }

    @Test(arguments: Machine.levels)
    func `no process but its own can be signalled`(level: Sandbox.Level) async throws {
        try await withLaunchedTool(at: level) { tool in
            try await withProcess("/usr/bin/sleep", ["1000"]) { stranger in
                let report = await tool.perl("print kill('KILL', \(stranger), \(getpid())) ? 'hit' : 'missed'")
                #expect(report.outcome == .exited)
                #expect(tool.log == "missed")
                #expect(kill(stranger, 0) == 0)
            }
        }
    }

    /// By numbers that are the same on every machine, for want of names: io_uring_setup, open_tree, clone3, memfd_secret.
    @Test(arguments: [(425, ENOSYS), (428, EPERM), (435, ENOSYS), (447, EPERM)], Machine.levels)
    func `system calls that no tool needs are refused`(
        call: (number: Int, error: CInt), level: Sandbox.Level
    ) async throws {
        try await withLaunchedTool(at: level) { tool in
            _ = await tool.perl("syscall(\(call.number), 0, 0, 0, 0, 0); print $! + 0")
            #expect(tool.log == "\(call.error)")
        }
    }

    @Test(arguments: Machine.levels) func `there are no namespaces to be had`(level: Sandbox.Level) async throws {
        try await withLaunchedTool(at: level) { tool in
            let report = await tool.run("/usr/bin/unshare", ["-U", "true"])
            #expect(report.code != 0)
        }
    }

    @Test(arguments: Machine.levels) func `privileges cannot be gained`(level: Sandbox.Level) async throws {
        try await withLaunchedTool(at: level) { tool in
            _ = await tool.run("/usr/bin/grep", ["-E", "^(NoNewPrivs|Seccomp):", "/proc/self/status"])
            #expect(tool.log == "NoNewPrivs:\t1\nSeccomp:\t2\n")
        }
    }
}
