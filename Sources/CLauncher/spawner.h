#ifndef KILN_SPAWNER_H
#define KILN_SPAWNER_H

/// Makes this process the spawner, as described in CLauncher.h. Its input is the socket of requests.
_Noreturn void kiln_spawner(void);

#endif
