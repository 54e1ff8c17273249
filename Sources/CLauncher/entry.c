/// The way from the binary's first instruction to the launcher or the spawner.
#include "launcher.h"
#include "spawner.h"

#include <string.h>
#include <unistd.h>

/// 101 is the first priority that is not the compiler's: before every other constructor of the binary, so that no time
/// goes into a runtime that is not needed. glibc passes constructors the arguments of `main`.
__attribute__((constructor(101))) static void enter(int argc, char **argv)
{
    if (argc < 2 || strcmp(argv[1], "launch") != 0) return;
    if (argc == 3 && strcmp(argv[2], "--spawner") == 0) kiln_spawner();
    _exit(kiln_launch(argv + 2));
}
