/// The launcher: starts one program under limits, watches it, ends its whole tree, reports.
#define _GNU_SOURCE
#include "launcher.h"
#include "CLauncher.h"
#include "group.h"
#include "log.h"
#include "options.h"
#include "program.h"
#include "report.h"
#include "tree.h"
#include "use.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
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
    /// The shortest pause between two looks at what the tree uses; also as a multiple of what the last look took.
    lookPause = 100,
    lookShare = 9,
};

enum phase { running, terminating, killing };

/// One run, from the fork to the report. A descriptor is -1 once its other end is gone.
struct run {
    struct options options;
    struct pipes pipes;
    struct tree tree;
    struct log log;
    int leash, signals;
    enum phase phase;
    /// When we ended it, why: `timedOut`, `stopped`, or the cap that was exceeded; else NULL.
    const char *endedAs;
    /// Microseconds of the monotonic clock. `deadline` is that of the phase; for `killing`, that of bubblewrap.
    long long startedAt, deadline;
    /// When the next look at what the tree uses is due.
    long long lookAt;
    /// Milliseconds between two rounds of killing.
    int pause;
};

/// Microseconds of the monotonic clock.
static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

// MARK: - Preparation

/// Input and output must be there, else the log would get their numbers. Nothing else is ours to keep, not even what an
/// earlier run has left open.
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
    run->log = kiln_log_open(run->options.log, run->options.logLimit);
    int *pipes[] = {run->pipes.output, run->pipes.failure, run->pipes.status, run->pipes.filter};
    for (size_t i = 0; i < sizeof pipes / sizeof *pipes; i++) openPipe(pipes[i]);
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
    long long until = run->phase == running && run->lookAt < run->deadline ? run->lookAt : run->deadline;
    long long left = run->phase == killing ? run->pause : (until - now() + 999) / 1000;
    left = left < 0 ? 0 : left > 3600000 ? 3600000 : left;
    struct pollfd sources[] = {{run->leash, POLLIN, 0}, {run->pipes.output[0], POLLIN, 0}, {run->signals, POLLIN, 0}};
    if (poll(sources, 3, (int)left) <= 0) return;
    if (sources[0].revents) readLeash(run);
    if (sources[1].revents) kiln_log_copy(&run->log, &run->pipes.output[0]);
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

/// Whoever exceeds a cap of the whole tree gets no time to go on.
static void look(struct run *run)
{
    long long began = now();
    if (run->phase != running || began < run->lookAt) return;
    static struct people people;
    kiln_tree_list(&people);
    const char *excess = kiln_use_excess(&run->options, &people);
    if (!excess) kiln_group_gather(&run->options, &people);
    long long ended = now();
    long long pause = (ended - began) * lookShare;
    run->lookAt = ended + (pause < lookPause * 1000 ? lookPause * 1000 : pause);
    if (excess) end(run, excess, 0);
}

/// Until nothing is left, however long a process hangs in the kernel: only then may the server give the permit back.
static void watch(struct run *run)
{
    while (kiln_tree_reap(&run->tree)) {
        look(run);
        advance(run);
        if (run->phase == killing) killTree(run);
        await(run);
    }
}

int kiln_launch(char **arguments)
{
    struct run run = {.options = kiln_options(arguments)};
    int niceness = getpriority(PRIO_PROCESS, 0);
    inherit(&run);
    detach(&run);
    openFiles(&run);
    run.startedAt = now();
    run.deadline = run.startedAt + run.options.wall * 1000;
    run.lookAt = run.startedAt + lookPause * 1000;
    run.tree.sandboxed = run.options.sandboxed;
    run.tree.root = kiln_program_start(&run.options, &run.pipes);
    watch(&run);
    // What `advance` has taken is not for the next run.
    setpriority(PRIO_PROCESS, 0, niceness);
    kiln_log_close(&run.log, &run.pipes.output[0]);
    return kiln_report((struct ending){&run.options, &run.pipes, &run.tree, &run.log, run.endedAs, now() - run.startedAt,
        kiln_group_close(&run.options)});
}
