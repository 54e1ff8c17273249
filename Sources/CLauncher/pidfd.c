#include "CLauncher.h"

#include <unistd.h>

/// The number of the call, which is the same on every architecture.
static const long pidfd_open_call = 434;

int kiln_pidfd(int process) {
    return (int)syscall(pidfd_open_call, process, 0);
}
