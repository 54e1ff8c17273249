#ifndef KILN_CONFINE_H
#define KILN_CONFINE_H

#include "options.h"

/// What the program may reach, as a descriptor for `kiln_confine`; -1 with `errno`.
int kiln_confinement(const struct options *options);

/// Binds this process, and all that it will start, to the rules, and lets it see itself in /proc. False with `errno`.
bool kiln_confine(int rules);

#endif
