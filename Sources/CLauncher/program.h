#ifndef KILN_PROGRAM_H
#define KILN_PROGRAM_H

#include "options.h"

#include <sys/types.h>

/// Pipes between the program and us, all closed at exec but those it gets: what it says, why it could not be executed
/// (an `errno`, as an `int`), what bubblewrap tells of its progress (JSON), and the filter that it is to apply.
struct pipes {
    int output[2], failure[2], status[2], filter[2];
};

/// Forks and executes the program, and closes our writing ends. -1 when there was no fork; the reason is in `failure`.
pid_t kiln_program_start(const struct options *options, const struct pipes *pipes);

#endif
