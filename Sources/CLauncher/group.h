#ifndef KILN_GROUP_H
#define KILN_GROUP_H

#include "options.h"
#include "tree.h"

/// Control groups of one run, one in each folder of `groups`: version 2, or the hierarchies of version 1 that count memory
/// and processes (cgroups(7)). What cannot be had is done without: the other limits stand.

/// Puts those into them who are not in them yet; the first time it makes them, with the limits.
///
/// Not before the program starts: to join a group takes milliseconds in which nobody on the machine can fork, which a quick
/// run would feel. Memory that was taken before is not counted; of processes all are.
void kiln_group_gather(const struct options *options, const struct people *people);

/// How many processes the kernel killed in them because memory ran out; removes them. Nothing of the run may be left.
long long kiln_group_close(const struct options *options);

#endif
