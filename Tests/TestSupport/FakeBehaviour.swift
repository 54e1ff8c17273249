import FoundationEssentials

/// What a fake tool does when it is called: lines of `sh` that find their arguments in `$source` and `$result`.
package struct FakeBehaviour: Sendable {
    let script: String

    package init(_ script: String) {
        self.script = script
    }

    /// Both, one after the other.
    package func then(_ next: FakeBehaviour) -> FakeBehaviour {
        FakeBehaviour(script + "\n" + next.script)
    }
}

/// Those that end.
extension FakeBehaviour {
    /// Its result is always this.
    package static func makes(_ bytes: [UInt8]) -> FakeBehaviour { writes(bytes, to: "\"$result\"") }

    /// Leaves a file in its output folder, or wherever the path leads.
    package static func writes(_ bytes: [UInt8], to path: String) -> FakeBehaviour {
        FakeBehaviour(
            """
            base64 -d > \(path) <<'END'
            \(Data(bytes).base64EncodedString())
            END
            """)
    }

    /// Its result is its source.
    package static let copies = FakeBehaviour(#"cp "$source" "$result""#)

    package static func says(_ text: String) -> FakeBehaviour { FakeBehaviour("echo '\(text)'") }

    package static func fails(_ exitCode: Int, saying text: String = "no") -> FakeBehaviour {
        FakeBehaviour("echo '\(text)' >&2\nexit \(exitCode)")
    }

    package static func dies(of signal: String) -> FakeBehaviour { FakeBehaviour("kill -\(signal) $$") }

    package static let doesNothing = FakeBehaviour("exit 0")

    /// Says so many lines of ten bytes.
    package static func floods(lines: Int) -> FakeBehaviour { FakeBehaviour("yes '123456789' | head -n \(lines)") }

    /// When it began and ended, in nanoseconds since 1970, with a pause in between: for those who count overlaps.
    package static let tellsItsTimes = FakeBehaviour(
        #"""
        date +%s%N
        sleep 0.05
        date +%s%N
        """#)
}

/// Those that have to be ended, or told to.
extension FakeBehaviour {
    /// Waits until the test lets it go.
    package static let waits = FakeBehaviour(
        """
        : > "$TMPDIR/started"
        until [ -e "$TMPDIR/leave" ]; do sleep 0.01; done
        """)

    package static let hangs = FakeBehaviour(
        """
        : > "$TMPDIR/started"
        while :; do sleep 1; done
        """)

    /// Hangs, and does not hear the polite signal.
    package static let isDeaf = FakeBehaviour("trap '' TERM\n" + hangs.script)

    /// Leaves a process behind that has a session of its own and does not hear the polite signal.
    package static let leavesDaemon = FakeBehaviour(
        """
        if [ "$1" = daemon ]; then trap '' TERM; : > "$TMPDIR/daemon"; while :; do sleep 1; done; fi
        setsid "$0" daemon > /dev/null 2>&1 &
        until [ -e "$TMPDIR/daemon" ]; do sleep 0.01; done
        """)
}
