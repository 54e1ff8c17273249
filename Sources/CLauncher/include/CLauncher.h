#ifndef CLAUNCHER_H
#define CLAUNCHER_H

/// The launcher, which runs one tool, and the spawner, which forks launchers: both are this very binary, executed again
/// as `/proc/self/exe launch ...`.
///
/// There is nothing to call for that. Whatever binary this module is linked into becomes one of them from a constructor,
/// before any other code of ours and before any thread exists, when its first argument is `launch`; otherwise the
/// constructor does nothing.
///
/// **The spawner.** `launch --spawner` is executed once and then forks a launcher for every run, since executing a
/// binary of this size costs more than all else that a launcher does. Its input is a socket of packets
/// (`SOCK_SEQPACKET`); it ends when the other end of that is closed. Each packet is a byte with a descriptor, the *link*
/// of one run: a stream socket that the launcher has as its leash and as its report. Over it come first the arguments,
/// as on the command line below: a 32-bit length in the machine's order, and so many bytes, each word with a zero at its
/// end. A link that is shut down before is reported as `stopped`; when no launcher can be forked, `spawn` is. Launchers
/// outlive the spawner. After the report the link may carry the arguments of another run, `KILN_LAUNCH_RUNS` in all: a
/// launcher that is there already costs no fork.
///
/// **The launcher.** Command line, in any order before `--`:
///
///     launch --log PATH --log-limit BYTES --wall MS --grace MS [--memory BYTES] [--cpu SECONDS] [--file-size BYTES]
///            [--open-files N] [--nice N] [--io-priority N] [--processes N] [--output BYTES] [--measured PATH]... [--group PATH]...
///            [--environment NAME=VALUE]... [--directory PATH] [--filter]
///            [--bwrap | --landlock [--readable PATH]... [--writable PATH]... [--device PATH]...] -- PROGRAM ARGUMENT...
///
/// - `PROGRAM` is a path, not looked up in `PATH`. It starts in `--directory`, else in the working folder of the launcher,
///   with the variables of `--environment` and no others, `/dev/null` as input, and what it writes to output and error goes
///   to the log.
/// - `--log` must not exist yet; what the program says beyond `--log-limit` is read and dropped.
/// - `--wall`: after so long the tree gets SIGTERM, and after `--grace` SIGKILL.
/// - `--memory`, `--cpu`, `--file-size`, `--open-files` are rlimits, so they hold for each process, not for their sum.
/// - `--memory`, `--processes` and `--output` also hold for all processes of the run together: the launcher looks at them
///   ten times a second at most, so that they can be exceeded for as long. Of output that is what takes room below the
///   folders of `--measured`, and in open files without a name.
/// - `--group` is a folder of cgroups(7) in which a run that takes longer than a tenth of a second gets a group, whose
///   limits the kernel sees to. What cannot be had there is done without.
/// - `--landlock` lets the program reach nothing of the file system but what is named: to read and execute, to write and
///   read, and devices to use. `--filter` denies it system calls that no tool needs; with `--landlock` also sockets, other
///   processes, and modes and owners of files.
/// - `--nice` is added to the niceness of the launcher; it holds for the program only. So does `--io-priority`, a value of
///   ioprio_set(2).
/// - `--bwrap` says that `PROGRAM` is bubblewrap, called with `--unshare-all` (or `--unshare-pid`) and
///   `--die-with-parent`, and without `--as-pid-1`.
///
/// Descriptors: input is the *leash*, a pipe to whose other end the server holds on; its end, like SIGTERM, SIGINT or
/// SIGHUP, ends the run: SIGTERM, then SIGKILL after `--grace` or 500 ms, whichever is shorter. On output comes the
/// *report* when nothing of the tree is left, one line:
///
///     outcome=exited code=0 signal=0 errno=0 cpuMicroseconds=512 peakMemoryBytes=8192 wallMicroseconds=2048
///     logBytes=10 droppedBytes=0 memoryKills=0
///
/// - `outcome`: `exited` (see `code`), `signaled` (see `signal`), `timedOut`, `stopped`, `memory`, `processes` or `output`
///   (the other two then tell how the program ended), `spawn` (could not be executed: see `errno`), `sandbox` (bubblewrap could not set up the
///   sandbox or execute the tool in it: the log says why).
/// - `cpuMicroseconds`: user and system time of every process that was waited for, by us or by its parent.
/// - `peakMemoryBytes`: the largest resident set of any one process among those.
/// - `wallMicroseconds`: from the fork until nothing of the tree was left.
/// - `logBytes`: what the program said and the log kept, without the line that tells what was dropped.
/// - `memoryKills`: processes that the kernel killed because the group had no memory left.
///
/// Exit code: 0 when the report was written, else one of these, with a sentence on standard error.
enum {
    /// The command line is wrong.
    KILN_LAUNCH_USAGE = 64,
    /// The kernel refused a pipe or a descriptor.
    KILN_LAUNCH_SYSTEM = 71,
    /// The log exists already or cannot be created.
    KILN_LAUNCH_LOG = 73,
    /// Nobody took the report.
    KILN_LAUNCH_REPORT = 74,
};

/// How many runs a forked launcher serves, one after the other.
enum { KILN_LAUNCH_RUNS = 100 };

/// The version of Landlock that the kernel has; 0 when it has none, or when it is switched off.
int kiln_landlock_version(void);

/// Passes the link of a run to the spawner behind this socket; the caller keeps its copy. 0, or -1 with `errno` when
/// there is no spawner any more.
int kiln_spawner_pass(int spawner, int link);

/// A descriptor that becomes readable when the process has ended (`pidfd_open(2)`), or -1 with `errno`. Swift cannot
/// call `syscall`, and Debian 12's glibc has no header for it.
int kiln_pidfd(int process);

/// The flags of an open folder (`ioctl_iflags(2)`), 0 where its file system has none; -1 where the folder has extended
/// attributes, as which access control lists are kept too. Swift knows neither call.
long kiln_folder_flags(int descriptor);

#endif
