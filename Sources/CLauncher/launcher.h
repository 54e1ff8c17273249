#ifndef KILN_LAUNCHER_H
#define KILN_LAUNCHER_H

/// Makes this process the launcher of one run, with what follows `launch` on the command line, up to the NULL.
/// Input and output are already the leash and the report. Returns the exit code when the report is written; then it may
/// be called again for another run, of which nothing but memory is left over from the one before.
int kiln_launch(char **arguments);

#endif
