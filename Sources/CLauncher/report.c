/// The report of one run.
#define _GNU_SOURCE
#include "report.h"
#include "CLauncher.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct verdict {
    const char *outcome;
    int code, signal, reason;
};

/// Bubblewrap tells an exit code only after it has executed the tool.
static bool sandboxFailed(const struct ending *ending)
{
    char told[4096];
    ssize_t count = read(ending->pipes->status[0], told, sizeof told - 1);
    told[count < 0 ? 0 : count] = 0;
    return ending->options->sandboxed && WIFEXITED(ending->tree->rootStatus) && !strstr(told, "\"exit-code\"");
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

static struct verdict judge(const struct ending *ending)
{
    struct verdict verdict = {0};
    if (read(ending->pipes->failure[0], &verdict.reason, sizeof verdict.reason) == sizeof verdict.reason) {
        verdict.outcome = "spawn";
        return verdict;
    }
    int status = ending->tree->rootStatus;
    verdict.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (WIFEXITED(status) && ending->options->sandboxed) verdict.signal = signalBehind(WEXITSTATUS(status));
    if (verdict.signal == 0) verdict.code = WEXITSTATUS(status);
    verdict.outcome = verdict.signal ? "signaled" : "exited";
    if (sandboxFailed(ending)) verdict.outcome = "sandbox";
    if (ending->endedAs) verdict.outcome = ending->endedAs;
    return verdict;
}

int kiln_report(struct ending ending)
{
    struct verdict verdict = judge(&ending);
    const struct tree *tree = ending.tree;
    int length = dprintf(STDOUT_FILENO,
        "outcome=%s code=%d signal=%d errno=%d cpuMicroseconds=%lld peakMemoryBytes=%lld wallMicroseconds=%lld "
        "logBytes=%lld droppedBytes=%lld memoryKills=%lld\n",
        verdict.outcome, verdict.code, verdict.signal, verdict.reason, tree->cpuMicroseconds,
        tree->peakBytes ? tree->peakBytes : tree->wrapperPeakBytes, ending.wallMicroseconds, ending.log->bytes,
        ending.log->dropped, ending.memoryKills);
    return length > 0 ? EXIT_SUCCESS : KILN_LAUNCH_REPORT;
}
