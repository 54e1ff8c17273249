#ifndef KILN_LAUNCHER_H
#define KILN_LAUNCHER_H

/// Makes this process the launcher of one run, with what follows `launch` on the command line, up to the NULL.
/// Input and output are already the leash and the report.
_Noreturn void kiln_launch(char **arguments);

#endif
