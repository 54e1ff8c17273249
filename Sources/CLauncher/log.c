/// The log of one run.
#define _GNU_SOURCE
#include "log.h"
#include "CLauncher.h"
#include "options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct log kiln_log_open(const char *path, long long limit)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) kiln_refuse(KILN_LAUNCH_LOG, strerror(errno), path);
    return (struct log){.file = file, .limit = limit};
}

/// Writes what it can; less than `count` when the disk is full.
static long long writePiece(const struct log *log, const char *bytes, long long count)
{
    long long written = 0;
    ssize_t step;
    while (written < count && (step = write(log->file, bytes + written, (size_t)(count - written))) > 0)
        written += step;
    return written;
}

bool kiln_log_copy(struct log *log, int *source)
{
    static char piece[65536];
    ssize_t count = read(*source, piece, sizeof piece);
    if (count == 0) *source = -1;
    if (count <= 0) return false;
    long long room = log->dropped ? 0 : log->limit - log->bytes;
    long long kept = writePiece(log, piece, count < room ? count : room);
    if (kept > 0) log->lastByte = piece[kept - 1];
    log->bytes += kept;
    log->dropped += count - kept;
    return true;
}

/// At most 1 MiB is left, the largest pipe of an ordinary user. The bound is for the case that the dead passed the writing
/// end to a stranger.
void kiln_log_close(struct log *log, int *source)
{
    for (int piece = 0; piece < 64 && kiln_log_copy(log, source); piece++) {}
    if (log->dropped == 0) return;
    dprintf(log->file, "%s[log limit of %lld bytes reached, %lld bytes dropped]\n",
        log->bytes && log->lastByte != '\n' ? "\n" : "", log->limit, log->dropped);
}
