#ifndef KILN_OPTIONS_H
#define KILN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/// Values of an option that may be given more than once.
struct values {
    const char **all;
    size_t count;
};

/// The command line, as described in CLauncher.h; a number that was not given is -1.
struct options {
    const char *log, *directory;
    long long logLimit, wall, grace, memory, cpu, fileSize, openFiles, nice, ioPriority, processes, output;
    /// By bubblewrap, by Landlock, and beside one of them by a filter of system calls.
    bool sandboxed, confined, filtered;
    struct values environment, readable, writable, devices, measured, groups;
    char **program;
};

/// Reads what follows `launch`, up to the NULL. Exits with `KILN_LAUNCH_USAGE` on a mistake.
struct options kiln_options(char **arguments);

/// Ends the launcher with a sentence on standard error; `code` is one of CLauncher.h.
_Noreturn void kiln_refuse(int code, const char *sentence, const char *subject);

#endif
