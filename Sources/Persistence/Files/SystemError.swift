import Glibc

/// A system call that failed: what was tried, and `errno`.
package struct SystemError: Error, CustomStringConvertible {
    package let attempted: String
    package let code: CInt

    package init(_ attempted: String, code: CInt = errno) {
        self.attempted = attempted
        self.code = code
    }

    package var description: String {
        "could not \(attempted): \(String(cString: strerror(code)))"
    }

    /// There is no such file.
    package var isMissing: Bool { code == ENOENT }

    /// No space, or no quota, is left: waiting or tidying up may help.
    package var isDiskFull: Bool {
        code == ENOSPC || code == EDQUOT
    }
}
