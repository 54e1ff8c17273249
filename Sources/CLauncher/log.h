#ifndef KILN_LOG_H
#define KILN_LOG_H

#include <stdbool.h>

/// What the program says, up to a limit. Once something was dropped, all is: the log has no holes.
struct log {
    int file;
    long long limit, bytes, dropped;
    char lastByte;
};

/// Exits with `KILN_LAUNCH_LOG` when there is one already.
struct log kiln_log_open(const char *path, long long limit);

/// Copies one piece. False when there is nothing to read now; `source` is -1 once there never will be.
bool kiln_log_copy(struct log *log, int *source);

/// Takes what the dead left in the pipe, and says what was dropped.
void kiln_log_close(struct log *log, int *source);

#endif
