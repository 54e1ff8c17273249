/// The control groups of one run.
#define _GNU_SOURCE
#include "group.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/// For each process that is allowed, on average.
enum { threadsEach = 4 };

static bool isMade;
/// Of an earlier run of this launcher, whose group would not go.
static long long killsBefore;

/// The launcher's own number makes the name unique while it lives.
static void nameGroup(char path[PATH_MAX], const char *folder, const char *file)
{
    snprintf(path, PATH_MAX, "%s/kiln-%d%s%s", folder, getpid(), *file ? "/" : "", file);
}

static int openFile(const char *folder, const char *name, int mode)
{
    char path[PATH_MAX];
    nameGroup(path, folder, name);
    return open(path, mode | O_CLOEXEC);
}

static void put(const char *folder, const char *name, const char *text)
{
    int file = openFile(folder, name, O_WRONLY);
    if (file < 0) return;
    // What the kernel does not take is done without.
    if (write(file, text, strlen(text)) < 0) {}
    close(file);
}

static void putNumber(const char *folder, const char *name, long long number)
{
    char text[32];
    snprintf(text, sizeof text, "%lld", number);
    if (number >= 0) put(folder, name, text);
}

static void make(const struct options *options, const char *folder)
{
    char path[PATH_MAX];
    nameGroup(path, folder, "");
    mkdir(path, 0700);
    // Of these files a group has those of its version and its hierarchy.
    putNumber(folder, "memory.max", options->memory);
    put(folder, "memory.swap.max", "0");
    put(folder, "memory.oom.group", "1");
    putNumber(folder, "memory.limit_in_bytes", options->memory);
    putNumber(folder, "memory.memsw.limit_in_bytes", options->memory);
    // Threads count here: a process may have several.
    putNumber(folder, "pids.max", options->processes < 0 ? -1 : options->processes * threadsEach);
}

static void readMembers(const char *folder, struct people *members)
{
    members->count = 0;
    int descriptor = openFile(folder, "cgroup.procs", O_RDONLY);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "r");
    if (!file) return;
    int process;
    while (members->count < sizeof members->all / sizeof *members->all && fscanf(file, "%d", &process) == 1)
        members->all[members->count++] = process;
    fclose(file);
}

static bool contains(const struct people *people, pid_t process)
{
    for (size_t i = 0; i < people->count; i++)
        if (people->all[i] == process) return true;
    return false;
}

/// The number behind `oom_kill` in one of the files that have such a line.
static long long killsIn(const char *folder, const char *name)
{
    char text[1024];
    int file = openFile(folder, name, O_RDONLY);
    ssize_t length = file < 0 ? 0 : read(file, text, sizeof text - 1);
    if (file >= 0) close(file);
    text[length < 0 ? 0 : length] = 0;
    const char *line = strstr(text, "oom_kill ");
    return line ? strtoll(line + strlen("oom_kill "), NULL, 10) : 0;
}

static long long kills(const struct options *options)
{
    long long sum = 0;
    for (size_t i = 0; i < options->groups.count; i++)
        sum += killsIn(options->groups.all[i], "memory.events") + killsIn(options->groups.all[i], "memory.oom_control");
    return sum;
}

void kiln_group_gather(const struct options *options, const struct people *people)
{
    static struct people members;
    if (!isMade) {
        for (size_t i = 0; i < options->groups.count; i++) make(options, options->groups.all[i]);
        killsBefore = kills(options);
        isMade = true;
    }
    for (size_t i = 0; i < options->groups.count; i++) {
        const char *folder = options->groups.all[i];
        readMembers(folder, &members);
        for (size_t j = 0; j < people->count; j++)
            if (!contains(&members, people->all[j])) putNumber(folder, "cgroup.procs", people->all[j]);
    }
}

long long kiln_group_close(const struct options *options)
{
    if (!isMade) return 0;
    long long killed = kills(options) - killsBefore;
    for (size_t i = 0; i < options->groups.count; i++) {
        char path[PATH_MAX];
        nameGroup(path, options->groups.all[i], "");
        rmdir(path);
    }
    isMade = false;
    return killed;
}
