#ifndef KILN_REPORT_H
#define KILN_REPORT_H

#include "log.h"
#include "options.h"
#include "program.h"
#include "tree.h"

/// How a run ended of which nothing is left.
struct ending {
    const struct options *options;
    const struct pipes *pipes;
    const struct tree *tree;
    const struct log *log;
    /// Why we ended it, else NULL.
    const char *endedAs;
    long long wallMicroseconds, memoryKills;
};

/// Writes the report, as described in CLauncher.h. Returns the launcher's exit code.
int kiln_report(struct ending ending);

#endif
