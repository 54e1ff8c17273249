#ifndef KILN_TREE_H
#define KILN_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/// Everything alive below the launcher, and what it has used so far.
/// The launcher is its subreaper: a process that loses its parent, daemons too, becomes our child.
struct tree {
    /// The launched program; with `sandboxed` that is bubblewrap, whose child is the init of the pid namespace.
    pid_t root;
    bool sandboxed;
    bool rootEnded;
    /// As from `wait4`; valid once `rootEnded`.
    int rootStatus;
    long long cpuMicroseconds;
    /// Largest resident set of one process, bubblewrap itself left out.
    long long peakBytes;
    /// The same for bubblewrap alone.
    long long wrapperPeakBytes;
};

/// Numbers of processes.
struct people {
    pid_t all[4096];
    size_t count;
};

/// Reaps and bills what has ended. False when nothing is left.
bool kiln_tree_reap(struct tree *tree);

/// Sends `number` to every process of the tree, parents first, so that none sees its child die and starts another.
/// With `sparing`, bubblewrap and its init are left out; everything in the sandbox is reached all the same.
/// Not reached are processes born meanwhile, and those after the first few thousand: to kill a tree, repeat until
/// `kiln_tree_reap` says that nothing is left.
void kiln_tree_signal(const struct tree *tree, int number, bool sparing);

/// Who is alive in the tree, as far as there is room. It may be out of date at once.
void kiln_tree_list(struct people *people);

#endif
