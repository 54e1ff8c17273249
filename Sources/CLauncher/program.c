/// The child: from the fork to the execution of the program, with its limits, session and descriptors.
#define _GNU_SOURCE
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
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

/// Input from nowhere, output and error to us; the rest but the status of bubblewrap closes at exec.
static bool redirect(const struct options *options, const struct pipes *pipes)
{
    int nowhere = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return nowhere >= 0 && dup2(nowhere, STDIN_FILENO) >= 0 && dup2(pipes->output[1], STDOUT_FILENO) >= 0
        && dup2(pipes->output[1], STDERR_FILENO) >= 0
        && (!options->sandboxed || fcntl(pipes->status[1], F_SETFD, 0) == 0);
}

/// After `isolate`: between sessions scheduled as groups only the niceness of the group counts. Best effort, both.
static void stepBack(int niceness)
{
    nice(niceness);
    int group = open("/proc/self/autogroup", O_WRONLY | O_CLOEXEC);
    if (group >= 0) dprintf(group, "%d", niceness);
}

static _Noreturn void execute(
    const struct options *options, const struct pipes *pipes, char **arguments, pid_t launcher)
{
    char *environment[] = {NULL};
    errno = 0;
    bool isReady = isolate(launcher) && setLimits(options) && redirect(options, pipes);
    if (isReady && options->nice > 0) stepBack(options->nice < 19 ? (int)options->nice : 19);
    if (isReady) execve(*arguments, arguments, environment);
    int reason = errno;
    ssize_t told = write(pipes->failure[1], &reason, sizeof reason);
    _exit(told == sizeof reason ? EXIT_SUCCESS : EXIT_FAILURE);
}

/// The program and its arguments; bubblewrap is asked to tell on `status` how far it got.
static char **argumentsOf(const struct options *options, const struct pipes *pipes)
{
    static char descriptor[16];
    if (!options->sandboxed) return options->program;
    size_t count = 0;
    while (options->program[count]) count++;
    char **arguments = calloc(count + 3, sizeof *arguments);
    if (!arguments) return NULL;
    snprintf(descriptor, sizeof descriptor, "%d", pipes->status[1]);
    arguments[0] = options->program[0];
    arguments[1] = "--json-status-fd";
    arguments[2] = descriptor;
    memcpy(arguments + 3, options->program + 1, (count - 1) * sizeof *arguments);
    return arguments;
}

pid_t kiln_program_start(const struct options *options, const struct pipes *pipes)
{
    char **arguments = argumentsOf(options, pipes);
    pid_t launcher = getpid();
    pid_t program = arguments ? vfork() : -1;
    if (program == 0) execute(options, pipes, arguments, launcher);
    int reason = errno;
    if (program < 0 && write(pipes->failure[1], &reason, sizeof reason) < 0) _exit(EXIT_FAILURE);
    close(pipes->output[1]);
    close(pipes->failure[1]);
    close(pipes->status[1]);
    return program;
}
