/// Looks at what the tree uses, through /proc and the folders that it writes to.
#define _GNU_SOURCE
#include "use.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/// More is taken for excess: it could not be looked through, nor be removed, in a reasonable time.
enum { mostFiles = 100000, deepest = 64 };

// MARK: - Memory

/// Pages that the process does not share with files: quick, but what a fork has in common with its parent counts twice.
static long long privatePages(pid_t process)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/statm", process);
    FILE *file = fopen(path, "re");
    long long resident = 0, shared = 0;
    if (!file) return 0;
    if (fscanf(file, "%*d %lld %lld", &resident, &shared) != 2) resident = shared = 0;
    fclose(file);
    return resident - shared;
}

/// Its share of what it has in common with others, in KiB; slow. -1 when the kernel does not tell.
static long long proportionalShare(pid_t process)
{
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", process);
    FILE *file = fopen(path, "re");
    long long share = -1;
    if (!file) return -1;
    while (share < 0 && fgets(line, sizeof line, file)) sscanf(line, "Pss: %lld kB", &share);
    fclose(file);
    return share;
}

static bool exceedsMemory(const struct people *people, long long limit)
{
    long long quick = 0, exact = 0;
    for (size_t i = 0; i < people->count; i++) quick += privatePages(people->all[i]) * sysconf(_SC_PAGESIZE);
    if (quick <= limit) return false;
    for (size_t i = 0; i < people->count; i++) {
        long long share = proportionalShare(people->all[i]);
        exact += share >= 0 ? share * 1024 : privatePages(people->all[i]) * sysconf(_SC_PAGESIZE);
    }
    return exact > limit;
}

// MARK: - Files

struct amount {
    long long bytes, files;
};

static const struct amount tooMuch = {1LL << 60, mostFiles + 1};

static void count(struct amount *amount, const struct stat *status)
{
    amount->bytes += status->st_blocks * 512LL;
    amount->files++;
}

/// A folder that was closed to us is opened again: what is in it takes room all the same.
static int openFolder(int parent, const char *name)
{
    const int mode = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    int folder = openat(parent, name, mode);
    if (folder >= 0 || fchmodat(parent, name, 0700, 0) != 0) return folder;
    return openat(parent, name, mode);
}

static void countBelow(struct amount *amount, int folder, int depth)
{
    DIR *entries = folder < 0 ? NULL : fdopendir(folder);
    if (!entries) {
        if (folder >= 0) close(folder);
        return;
    }
    for (struct dirent *entry; amount->files <= mostFiles && (entry = readdir(entries));) {
        struct stat status;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        if (fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
        count(amount, &status);
        if (!S_ISDIR(status.st_mode)) continue;
        if (depth == deepest) *amount = tooMuch;
        else countBelow(amount, openFolder(folder, entry->d_name), depth + 1);
    }
    closedir(entries);
}

/// What was already counted of the files without a name; a process inherits them from its parent.
struct nameless {
    struct {
        dev_t device;
        ino_t number;
    } all[1024];
    size_t count;
};

static bool isNew(struct nameless *nameless, const struct stat *status)
{
    for (size_t i = 0; i < nameless->count; i++)
        if (nameless->all[i].number == status->st_ino && nameless->all[i].device == status->st_dev) return false;
    if (nameless->count == sizeof nameless->all / sizeof *nameless->all) return false;
    nameless->all[nameless->count].device = status->st_dev;
    nameless->all[nameless->count++].number = status->st_ino;
    return true;
}

static void countOpen(struct amount *amount, struct nameless *nameless, pid_t process)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd", process);
    DIR *descriptors = opendir(path);
    if (!descriptors) return;
    for (struct dirent *entry; (entry = readdir(descriptors));) {
        struct stat status;
        if (fstatat(dirfd(descriptors), entry->d_name, &status, 0) != 0) continue;
        if (S_ISREG(status.st_mode) && status.st_nlink == 0 && isNew(nameless, &status)) count(amount, &status);
    }
    closedir(descriptors);
}

static bool exceedsOutput(const struct people *people, const struct options *options)
{
    static struct nameless nameless;
    struct amount amount = {0};
    nameless.count = 0;
    for (size_t i = 0; i < options->measured.count; i++)
        countBelow(&amount, openFolder(AT_FDCWD, options->measured.all[i]), 0);
    for (size_t i = 0; i < people->count; i++) countOpen(&amount, &nameless, people->all[i]);
    return amount.bytes > options->output || amount.files > mostFiles;
}

const char *kiln_use_excess(const struct options *options, const struct people *people)
{
    if (options->processes >= 0 && (long long)people->count > options->processes) return "processes";
    if (options->memory >= 0 && exceedsMemory(people, options->memory)) return "memory";
    if (options->output >= 0 && exceedsOutput(people, options)) return "output";
    return NULL;
}
