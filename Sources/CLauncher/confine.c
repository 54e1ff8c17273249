/// Landlock (landlock(7)): which places of the file system the program may reach, without a view of its own.
///
/// What it leaves open is for the filter of system calls: modes, owners and times of files, sockets of the file system, and
/// before version 3 truncation, before version 6 signals. Names and sizes of files can be seen all over the machine.
#define _GNU_SOURCE
#include "confine.h"
#include "CLauncher.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/// The calls have the same number on every architecture; the headers of Debian 12 know only the first rights.
enum { createRuleset = 444, addRule = 445, restrictSelf = 446 };

enum {
    execute = 1 << 0,
    writeFile = 1 << 1,
    readFile = 1 << 2,
    readFolder = 1 << 3,
    removeFolder = 1 << 4,
    removeFile = 1 << 5,
    makeFolder = 1 << 7,
    makeFile = 1 << 8,
    makeLink = 1 << 12,
    /// From version 2: renaming and linking from folder to folder.
    refer = 1 << 13,
    /// From version 3.
    truncate_ = 1 << 14,
};

struct ruleset {
    uint64_t files, ports, scopes;
};

struct __attribute__((packed)) below {
    uint64_t allowed;
    int32_t parent;
};

int kiln_landlock_version(void)
{
    long version = syscall(createRuleset, NULL, 0, 1);
    return version > 0 ? (int)version : 0;
}

/// All that this kernel can withhold.
static struct ruleset everything(int version)
{
    const int rights[] = {0, 13, 14, 15, 15, 16};
    return (struct ruleset){
        .files = (1ULL << (version > 5 ? 16 : rights[version])) - 1,
        // TCP: to bind, and to connect.
        .ports = version >= 4 ? 3 : 0,
        // Abstract sockets, and signals.
        .scopes = version >= 6 ? 3 : 0,
    };
}

/// What is not there needs no rule.
static bool allow(int rules, const char *path, uint64_t folder, uint64_t file)
{
    int place = open(path, O_PATH | O_CLOEXEC);
    if (place < 0) return errno == ENOENT || errno == ENOTDIR;
    struct stat status;
    bool isFolder = fstat(place, &status) == 0 && S_ISDIR(status.st_mode);
    struct below rule = {isFolder ? folder : file, place};
    bool isAllowed = syscall(addRule, rules, 1, &rule, 0) == 0;
    int reason = errno;
    close(place);
    errno = reason;
    return isAllowed;
}

static bool allowAll(int rules, const struct values *paths, uint64_t folder, uint64_t file)
{
    for (size_t i = 0; i < paths->count; i++)
        if (!allow(rules, paths->all[i], folder, file)) return false;
    return true;
}

int kiln_confinement(const struct options *options)
{
    int version = kiln_landlock_version();
    if (version == 0) {
        errno = ENOSYS;
        return -1;
    }
    struct ruleset all = everything(version);
    int rules = (int)syscall(createRuleset, &all, version >= 6 ? 24 : version >= 4 ? 16 : 8, 0);
    if (rules < 0) return -1;
    uint64_t seen = execute | readFile, changed = (readFile | writeFile | truncate_) & all.files;
    uint64_t kept = changed | readFolder | removeFolder | removeFile | makeFolder | makeFile | makeLink;
    if (allowAll(rules, &options->readable, seen | readFolder, seen)
        && allowAll(rules, &options->writable, kept | (refer & all.files), changed)
        && allowAll(rules, &options->devices, 0, changed))
        return rules;
    int reason = errno;
    close(rules);
    errno = reason;
    return -1;
}

bool kiln_confine(int rules)
{
    return allow(rules, "/proc/self", readFile | readFolder, readFile) && syscall(restrictSelf, rules, 0) == 0;
}
