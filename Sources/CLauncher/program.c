/// The child: from the fork to the execution of the program, with its limits, session and descriptors.
#define _GNU_SOURCE
#include "program.h"
#include "confine.h"
#include "filter.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/// False with `errno`. Never above the hard limit we have ourselves: an ordinary user could not set that.
static bool limit(int resource, long long soft, long long hard)
{
    if (soft < 0) return true;
    struct rlimit own;
    if (getrlimit(resource, &own) != 0) return false;
    struct rlimit wanted = {(rlim_t)soft, (rlim_t)hard};
    if (wanted.rlim_max > own.rlim_max) wanted.rlim_max = own.rlim_max;
    if (wanted.rlim_cur > wanted.rlim_max) wanted.rlim_cur = wanted.rlim_max;
    return setrlimit(resource, &wanted) == 0;
}

/// One second after SIGXCPU comes SIGKILL. Dumps are never wanted: they would fill the workspace.
static bool setLimits(const struct options *options)
{
    return limit(RLIMIT_AS, options->memory, options->memory) && limit(RLIMIT_CPU, options->cpu, options->cpu + 1)
        && limit(RLIMIT_FSIZE, options->fileSize, options->fileSize)
        && limit(RLIMIT_NOFILE, options->openFiles, options->openFiles) && limit(RLIMIT_CORE, 0, 0);
}

/// A session of its own: no terminal, no signals to others' groups, and where sessions are scheduled as groups
/// (sched(7), autogroup) a fork bomb gets no more of the machine than the launcher.
/// The program dies with the launcher, which may have died just before we asked for that. No program it runs can gain
/// privileges, so that we can kill them all.
static bool isolate(pid_t launcher)
{
    setsid();
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
    if (getppid() != launcher) _exit(EXIT_FAILURE);
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    return sigprocmask(SIG_SETMASK, &none, NULL) == 0;
}

/// Input from nowhere, output and error to us; the rest but what bubblewrap gets closes at exec.
static bool redirect(const struct options *options, const struct pipes *pipes)
{
    int nowhere = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return nowhere >= 0 && dup2(nowhere, STDIN_FILENO) >= 0 && dup2(pipes->output[1], STDOUT_FILENO) >= 0
        && dup2(pipes->output[1], STDERR_FILENO) >= 0
        && (!options->sandboxed
            || (fcntl(pipes->status[1], F_SETFD, 0) == 0 && fcntl(pipes->filter[0], F_SETFD, 0) == 0));
}

/// Last of all: what is withheld from the program from here on is withheld from us.
static bool confine(const struct options *options, int rules)
{
    if (options->directory && chdir(options->directory) != 0) return false;
    if (options->confined && !kiln_confine(rules)) return false;
    return !options->filtered || options->sandboxed || kiln_filter_apply(true);
}

/// After `isolate`: between sessions scheduled as groups only the niceness of the group counts. Best effort, all of it.
static void stepBack(int niceness, long long ioPriority)
{
    enum { thisProcess = 1 };
    if (ioPriority > 0) syscall(SYS_ioprio_set, thisProcess, 0, (int)ioPriority);
    if (niceness <= 0) return;
    nice(niceness);
    int group = open("/proc/self/autogroup", O_WRONLY | O_CLOEXEC);
    if (group >= 0) dprintf(group, "%d", niceness);
}

struct start {
    const struct options *options;
    const struct pipes *pipes;
    char **arguments;
    /// Rules of Landlock, or -1.
    int rules;
    pid_t launcher;
};

static _Noreturn void execute(struct start start)
{
    const struct options *options = start.options;
    char *nothing[] = {NULL};
    char **environment = options->environment.count ? (char **)options->environment.all : nothing;
    errno = 0;
    bool isReady = isolate(start.launcher) && setLimits(options) && redirect(options, start.pipes);
    if (isReady) stepBack(options->nice < 19 ? (int)options->nice : 19, options->ioPriority);
    if (isReady && confine(options, start.rules)) execve(*start.arguments, start.arguments, environment);
    int reason = errno;
    ssize_t told = write(start.pipes->failure[1], &reason, sizeof reason);
    _exit(told == sizeof reason ? EXIT_SUCCESS : EXIT_FAILURE);
}

/// A small pipe takes it whole; bubblewrap reads to the end, which must have come by then.
static bool passFilter(const struct options *options, const struct pipes *pipes)
{
    bool isPassed = true;
    if (options->sandboxed && options->filtered) {
        struct sock_fprog filter = kiln_filter(false, 0);
        size_t size = filter.len * sizeof *filter.filter;
        isPassed = write(pipes->filter[1], filter.filter, size) == (ssize_t)size;
    }
    close(pipes->filter[1]);
    return isPassed;
}

/// The program and its arguments; bubblewrap is asked to tell on `status` how far it got, and to apply the filter.
static char **argumentsOf(const struct options *options, const struct pipes *pipes)
{
    static char descriptors[2][16];
    if (!options->sandboxed) return options->program;
    size_t count = 0;
    while (options->program[count]) count++;
    char **arguments = calloc(count + 5, sizeof *arguments);
    if (!arguments) return NULL;
    snprintf(descriptors[0], sizeof descriptors[0], "%d", pipes->status[1]);
    snprintf(descriptors[1], sizeof descriptors[1], "%d", pipes->filter[0]);
    char *own[] = {options->program[0], "--json-status-fd", descriptors[0], "--seccomp", descriptors[1]};
    size_t used = options->filtered ? 5 : 3;
    memcpy(arguments, own, used * sizeof *own);
    memcpy(arguments + used, options->program + 1, (count - 1) * sizeof *arguments);
    return arguments;
}

static pid_t startProgram(struct start start)
{
    if (!start.arguments || !passFilter(start.options, start.pipes)) return -1;
    if (start.options->confined && (start.rules = kiln_confinement(start.options)) < 0) return -1;
    pid_t program = vfork();
    if (program == 0) execute(start);
    return program;
}

pid_t kiln_program_start(const struct options *options, const struct pipes *pipes)
{
    pid_t program = startProgram((struct start){options, pipes, argumentsOf(options, pipes), -1, getpid()});
    int reason = errno;
    if (program < 0 && write(pipes->failure[1], &reason, sizeof reason) < 0) _exit(EXIT_FAILURE);
    close(pipes->output[1]);
    close(pipes->failure[1]);
    close(pipes->status[1]);
    close(pipes->filter[0]);
    return program;
}
