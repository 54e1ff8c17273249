/// The tree below the launcher: found through /proc, signalled, reaped, billed.
#define _GNU_SOURCE
#include "tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/// Most zombies taken, and most processes signalled, in one go: a fork bomb must not keep the caller from its clock.
/// Nobody is forgotten when killing: the children of those killed become ours, and ours come first.
enum { atOnce = 4096 };

/// A process, and who its parent was when it was found.
struct member {
    pid_t pid, parent;
};

struct members {
    struct member *all;
    size_t count, capacity;
};

/// Out of memory loses the member for this round only.
static void add(struct members *members, pid_t pid, pid_t parent)
{
    if (members->count == members->capacity) {
        size_t capacity = members->capacity ? members->capacity * 2 : 64;
        struct member *all = realloc(members->all, capacity * sizeof *all);
        if (!all) return;
        members->all = all;
        members->capacity = capacity;
    }
    members->all[members->count++] = (struct member){pid, parent};
}

/// The parent of `pid`, or 0 when there is no such process. The name before it (proc(5)) may itself contain brackets.
static pid_t parentOf(pid_t pid)
{
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    if (length <= 0) return 0;
    text[length] = 0;
    char *name = strrchr(text, ')');
    int parent = 0;
    return name && sscanf(name, ") %*c %d", &parent) == 1 ? parent : 0;
}

/// Adds the children of one thread. The list may skip some while others end (proc(5)): the next round finds them.
static void addChildrenOfThread(struct members *found, pid_t pid, const char *thread)
{
    char path[512];
    snprintf(path, sizeof path, "/proc/%d/task/%s/children", pid, thread);
    FILE *file = fopen(path, "re");
    if (!file) return;
    int child;
    while (found->count < atOnce && fscanf(file, "%d", &child) == 1) add(found, child, pid);
    fclose(file);
}

static void addChildren(struct members *found, pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", pid);
    DIR *threads = opendir(path);
    if (!threads) return;
    for (struct dirent *entry; (entry = readdir(threads));)
        if (entry->d_name[0] != '.') addChildrenOfThread(found, pid, entry->d_name);
    closedir(threads);
}

/// Every process of the machine, for kernels without CONFIG_PROC_CHILDREN.
static struct members everybody(void)
{
    struct members all = {0};
    DIR *processes = opendir("/proc");
    if (!processes) return all;
    for (struct dirent *entry; (entry = readdir(processes));) {
        pid_t pid = atoi(entry->d_name);
        if (pid > 0) add(&all, pid, parentOf(pid));
    }
    closedir(processes);
    return all;
}

static void addChildrenFrom(const struct members *machine, struct members *found, pid_t pid)
{
    for (size_t i = 0; i < machine->count; i++)
        if (found->count < atOnce && machine->all[i].parent == pid) add(found, machine->all[i].pid, pid);
}

/// Signals through a descriptor of the process, and only when its parent is still the one it was found under, or us.
/// False when not: a pid that was reused since then belongs to a stranger, and so do the children found under it.
/// The pid of a child of ours cannot be reused before we reap it.
static bool signalMember(struct member member, int number, pid_t spared)
{
    int handle = pidfd_open(member.pid, 0);
    if (handle < 0) return false;
    pid_t parent = member.parent == getpid() ? member.parent : parentOf(member.pid);
    bool ours = parent == member.parent || parent == getpid();
    bool excused = spared && (member.pid == spared || parent == spared);
    if (ours && !excused) pidfd_send_signal(handle, number, NULL, 0);
    close(handle);
    return ours;
}

/// Visits the tree from the top; of whom the visitor denies, the children are not visited.
static void visit(bool (*visitor)(struct member, void *), void *context)
{
    bool listsChildren = access("/proc/thread-self/children", R_OK) == 0;
    struct members machine = listsChildren ? (struct members){0} : everybody();
    struct members found = {0};
    add(&found, getpid(), getppid());
    for (size_t next = 0; next < found.count; next++) {
        struct member member = found.all[next];
        size_t before = found.count;
        if (listsChildren) addChildren(&found, member.pid);
        else addChildrenFrom(&machine, &found, member.pid);
        if (next > 0 && !visitor(member, context)) found.count = before;
    }
    free(found.all);
    free(machine.all);
}

struct signalling {
    int number;
    pid_t spared;
};

static bool signalVisited(struct member member, void *context)
{
    const struct signalling *signalling = context;
    return signalMember(member, signalling->number, signalling->spared);
}

void kiln_tree_signal(const struct tree *tree, int number, bool sparing)
{
    pid_t spared = sparing && tree->sandboxed && !tree->rootEnded ? tree->root : 0;
    visit(signalVisited, &(struct signalling){number, spared});
}

static bool list(struct member member, void *context)
{
    struct people *people = context;
    if (people->count < sizeof people->all / sizeof *people->all) people->all[people->count++] = member.pid;
    return true;
}

void kiln_tree_list(struct people *people)
{
    people->count = 0;
    visit(list, people);
}

/// Adds what `wait4` says of one process and of all those it had waited for.
///
/// The peak has a floor: execve(2) keeps that of the forking process. Without a sandbox this is the launcher's, a few
/// megabytes; in one it is bubblewrap's two, because bubblewrap itself is billed apart.
/// In a sandbox the tool comes with the bill of the init, which waits for the tool before it tells bubblewrap of the
/// end, and comes to us when bubblewrap has ended. Not billed is what the tool leaves behind: the kernel sweeps it up,
/// without a bill, when the init dies.
static void bill(struct tree *tree, pid_t pid, const struct rusage *usage)
{
    tree->cpuMicroseconds += (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000LL
        + usage->ru_utime.tv_usec + usage->ru_stime.tv_usec;
    long long *peak = tree->sandboxed && pid == tree->root ? &tree->wrapperPeakBytes : &tree->peakBytes;
    long long bytes = usage->ru_maxrss * 1024LL;
    if (bytes > *peak) *peak = bytes;
}

bool kiln_tree_reap(struct tree *tree)
{
    for (int reaped = 0; reaped < atOnce; reaped++) {
        int status;
        struct rusage usage;
        pid_t pid = wait4(-1, &status, WNOHANG | __WALL, &usage);
        if (pid == 0) return true;
        if (pid < 0) return false;
        bill(tree, pid, &usage);
        if (pid != tree->root) continue;
        tree->rootEnded = true;
        tree->rootStatus = status;
    }
    return true;
}
