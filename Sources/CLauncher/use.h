#ifndef KILN_USE_H
#define KILN_USE_H

#include "options.h"
#include "tree.h"

/// What the processes of the tree use at one moment, where the kernel only limits each process or each file.
/// Returns the name of the cap that is exceeded, as an outcome of the report: `memory`, `processes`, `output`; else NULL.
/// Memory is what the processes have for themselves; output is what takes room on the disk below the folders of `measured`,
/// and what the processes hold open that has no name any more.
const char *kiln_use_excess(const struct options *options, const struct people *people);

#endif
