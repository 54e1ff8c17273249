#ifndef CCRASH_H
#define CCRASH_H

/// From now on, when this process dies of SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP or SIGSYS, a record of it
/// is written to `file` and, when that is another one, to standard error:
///
///     --- crash at 1764000000: SIGSEGV, code 1, address 0x0, process 42, thread 45, version 0.1.0
///     /usr/local/bin/kiln(+0x1234)[0x401234]
///     ...
///
/// The time is in seconds since 1970. Addresses are turned into lines of the source by `addr2line -e kiln 0x401234`,
/// with a binary that was not stripped. Then the handlers that were there before have their turn, those of the Swift
/// runtime among them, and the process ends as it would have ended. The handler calls only what is safe in one
/// (signal-safety(7)); `backtrace` is called once before, since its first call allocates. Only the main thread has a
/// stack for it of its own: what overflows the stack of another thread leaves no record.
///
/// `version` is copied. Call it once.
void kiln_crash_install(int file, const char *version);

/// Lets the number `file` mean what `other` means, as `dup3(2)` does with `O_CLOEXEC`, which Swift cannot see.
void kiln_crash_replace(int file, int other);

#endif
