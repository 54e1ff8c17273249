/// The launcher: starts one program under limits, watches it, ends its whole tree, reports.
#define _GNU_SOURCE
#include "launcher.h"
#include "CLauncher.h"
#include "options.h"
#include "program.h"
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/// Milliseconds.
enum {
    /// The longest grace of a run that is stopped.
    stopGrace = 500,
    /// How long bubblewrap and its init outlive what is killed in the sandbox: they wait for it, so that it is billed.
    wrapperGrace = 100,
    /// The longest pause between two rounds of killing.
    longestPause = 64,
};

enum phase { running, terminating, killing };

/// One run, from the fork to the report. A descriptor is -1 once its other end is gone.
struct run {
    struct options options;
    struct pipes pipes;
    struct tree tree;
    int leash, log, signals;
    enum phase phase;
    /// `timedOut` or `stopped` when we ended it, else NULL.
    const char *endedAs;
    /// Microseconds of the monotonic clock. `deadline` is that of the phase; for `killing`, that of bubblewrap.
    long long startedAt, deadline;
    /// Milliseconds between two rounds of killing.
    int pause;
    long long logBytes, droppedBytes;
    char lastByte;
};

/// Microseconds of the monotonic clock.
static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

// MARK: - Preparation

/// Input and output must be there, else the log would get their numbers. Nothing else is ours to keep.
static void inherit(struct run *run)
{
    if (fcntl(STDIN_FILENO, F_GETFD) < 0 || fcntl(STDOUT_FILENO, F_GETFD) < 0)
        kiln_refuse(KILN_LAUNCH_USAGE, "closed", "standard input (the leash) or output (the report)");
    if (fcntl(STDERR_FILENO, F_GETFD) < 0 && open("/dev/null", O_WRONLY) < 0)
        kiln_refuse(KILN_LAUNCH_SYSTEM, "cannot open", "/dev/null");
    close_range(STDERR_FILENO + 1, ~0U, 0);
    run->leash = STDIN_FILENO;
}

/// Out of the reach of signals to the server's group; heir of every orphan below; asked to stop through a descriptor.
/// Not a session of its own: that is the program's, and each new one waits for a time slice on a busy machine.
static void detach(struct run *run)
{
    setpgid(0, 0);
    prctl(PR_SET_NAME, "kiln-launch");
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
    sigset_t watched;
    sigemptyset(&watched);
    sigaddset(&watched, SIGCHLD);
    sigaddset(&watched, SIGTERM);
    sigaddset(&watched, SIGINT);
    sigaddset(&watched, SIGHUP);
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0 || sigprocmask(SIG_SETMASK, &watched, NULL) != 0
        || (run->signals = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK)) < 0)
        kiln_refuse(KILN_LAUNCH_SYSTEM, strerror(errno), "subreaper or signals");
}

static void openPipe(int ends[2])
{
    if (pipe2(ends, O_CLOEXEC) != 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0)
        kiln_refuse(KILN_LAUNCH_SYSTEM, strerror(errno), "pipe");
}

static void openFiles(struct run *run)
{
    run->log = open(run->options.log, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (run->log < 0) kiln_refuse(KILN_LAUNCH_LOG, strerror(errno), run->options.log);
    int *pipes[] = {run->pipes.output, run->pipes.failure, run->pipes.status};
    for (size_t i = 0; i < 3; i++) openPipe(pipes[i]);
}

// MARK: - Log

/// Writes what it can; less than `count` when the disk is full.
static long long writeLog(const struct run *run, const char *bytes, long long count)
{
    long long written = 0;
    ssize_t step;
    while (written < count && (step = write(run->log, bytes + written, (size_t)(count - written))) > 0) written += step;
    return written;
}

/// Copies one piece of what the program said. Once something was dropped, all is: the log has no holes.
/// False when there is nothing to read now.
static bool copyOutput(struct run *run)
{
    static char piece[65536];
    ssize_t count = read(run->pipes.output[0], piece, sizeof piece);
    if (count == 0) run->pipes.output[0] = -1;
    if (count <= 0) return false;
    long long room = run->droppedBytes ? 0 : run->options.logLimit - run->logBytes;
    long long kept = writeLog(run, piece, count < room ? count : room);
    if (kept > 0) run->lastByte = piece[kept - 1];
    run->logBytes += kept;
    run->droppedBytes += count - kept;
    return true;
}

/// Takes what the dead left in the pipe: at most 1 MiB, the largest pipe of an ordinary user. The bound is for the case
/// that they passed the writing end to a stranger.
static void closeLog(struct run *run)
{
    for (int piece = 0; piece < 64 && copyOutput(run); piece++) {}
    if (run->droppedBytes == 0) return;
    dprintf(run->log, "%s[log limit of %lld bytes reached, %lld bytes dropped]\n",
        run->logBytes && run->lastByte != '\n' ? "\n" : "", run->options.logLimit, run->droppedBytes);
}

// MARK: - Watch

/// Ends the run; when it is ending already, only the grace can get shorter.
static void end(struct run *run, const char *as, long long grace)
{
    long long deadline = now() + grace * 1000;
    if (run->phase == terminating && deadline < run->deadline) run->deadline = deadline;
    if (run->phase != running) return;
    run->endedAs = as;
    run->phase = terminating;
    run->deadline = deadline;
    kiln_tree_signal(&run->tree, SIGTERM, true);
}

static void stop(struct run *run)
{
    end(run, "stopped", run->options.grace < stopGrace ? run->options.grace : stopGrace);
}

/// What comes through the leash means nothing, only its end does.
static void readLeash(struct run *run)
{
    char ignored[256];
    ssize_t count = read(run->leash, ignored, sizeof ignored);
    if (count > 0 || (count < 0 && errno == EAGAIN)) return;
    run->leash = -1;
    stop(run);
}

static void readSignals(struct run *run)
{
    struct signalfd_siginfo arrived;
    while (read(run->signals, &arrived, sizeof arrived) == sizeof arrived)
        if (arrived.ssi_signo != SIGCHLD) stop(run);
}

/// Sleeps until something happens or the phase is over, or until it is time to kill again.
static void await(struct run *run)
{
    long long left = run->phase == killing ? run->pause : (run->deadline - now() + 999) / 1000;
    left = left < 0 ? 0 : left > 3600000 ? 3600000 : left;
    struct pollfd sources[] = {{run->leash, POLLIN, 0}, {run->pipes.output[0], POLLIN, 0}, {run->signals, POLLIN, 0}};
    if (poll(sources, 3, (int)left) <= 0) return;
    if (sources[0].revents) readLeash(run);
    if (sources[1].revents) copyOutput(run);
    if (sources[2].revents) readSignals(run);
}

/// One round. What runs in a sandbox is killed first, so that its init can wait for it; if that does not end the run
/// because it forks faster than we kill, the death of the init takes the whole namespace along.
static void killTree(struct run *run)
{
    kiln_tree_signal(&run->tree, SIGKILL, now() < run->deadline);
    run->pause = run->pause * 2 < longestPause ? run->pause * 2 : longestPause;
}

/// From one phase to the next, when the program has ended or time is up. As root we then outrank whatever is left:
/// a fork bomb must not keep us from the processor.
static void advance(struct run *run)
{
    bool isOver = now() >= run->deadline;
    if (run->phase == killing || !(isOver || run->tree.rootEnded)) return;
    if (run->phase == running && !run->tree.rootEnded) {
        end(run, "timedOut", run->options.grace);
        return;
    }
    run->phase = killing;
    nice(-40);
    run->pause = 1;
    run->deadline = now() + wrapperGrace * 1000;
}

/// Until nothing is left, however long a process hangs in the kernel: only then may the server give the permit back.
static void watch(struct run *run)
{
    while (kiln_tree_reap(&run->tree)) {
        advance(run);
        if (run->phase == killing) killTree(run);
        await(run);
    }
}

// MARK: - Report

struct verdict {
    const char *outcome;
    int code, signal, reason;
};

/// Bubblewrap tells an exit code only after it has executed the tool.
static bool sandboxFailed(const struct run *run)
{
    char told[4096];
    ssize_t count = read(run->pipes.status[0], told, sizeof told - 1);
    told[count < 0 ? 0 : count] = 0;
    return run->options.sandboxed && WIFEXITED(run->tree.rootStatus) && !strstr(told, "\"exit-code\"");
}

/// The signal behind exit code 128 + N of bubblewrap: like a shell it always exits, also when a signal ended the tool.
/// A tool that exits with such a code cannot be told apart, so only signals that in practice end programs count.
static int signalBehind(int code)
{
    const int fatal[] = {SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGKILL, SIGSEGV, SIGPIPE, SIGTERM, SIGXCPU, SIGXFSZ,
        SIGSYS};
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++)
        if (code == 128 + fatal[i]) return fatal[i];
    return 0;
}

static struct verdict judge(const struct run *run)
{
    struct verdict verdict = {0};
    if (read(run->pipes.failure[0], &verdict.reason, sizeof verdict.reason) == sizeof verdict.reason) {
        verdict.outcome = "spawn";
        return verdict;
    }
    int status = run->tree.rootStatus;
    verdict.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (WIFEXITED(status) && run->options.sandboxed) verdict.signal = signalBehind(WEXITSTATUS(status));
    if (verdict.signal == 0) verdict.code = WEXITSTATUS(status);
    verdict.outcome = verdict.signal ? "signaled" : "exited";
    if (sandboxFailed(run)) verdict.outcome = "sandbox";
    if (run->endedAs) verdict.outcome = run->endedAs;
    return verdict;
}

static int report(const struct run *run)
{
    struct verdict verdict = judge(run);
    const struct tree *tree = &run->tree;
    int length = dprintf(STDOUT_FILENO,
        "outcome=%s code=%d signal=%d errno=%d cpuMicroseconds=%lld peakMemoryBytes=%lld wallMicroseconds=%lld "
        "logBytes=%lld droppedBytes=%lld\n",
        verdict.outcome, verdict.code, verdict.signal, verdict.reason, tree->cpuMicroseconds,
        tree->peakBytes ? tree->peakBytes : tree->wrapperPeakBytes, now() - run->startedAt, run->logBytes,
        run->droppedBytes);
    return length > 0 ? EXIT_SUCCESS : KILN_LAUNCH_REPORT;
}

_Noreturn void kiln_launch(char **arguments)
{
    struct run run = {.options = kiln_options(arguments)};
    inherit(&run);
    detach(&run);
    openFiles(&run);
    run.startedAt = now();
    run.deadline = run.startedAt + run.options.wall * 1000;
    run.tree.sandboxed = run.options.sandboxed;
    run.tree.root = kiln_program_start(&run.options, &run.pipes);
    watch(&run);
    closeLog(&run);
    _exit(report(&run));
}
