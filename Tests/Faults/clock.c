/// A wall clock that can be turned: to be preloaded (ld.so(8)) into the server by its tests. FAULTY_CLOCK names a file
/// of 8 bytes, shared with the test: the seconds that are added.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int64_t none;
static volatile int64_t *offset = &none;

__attribute__((constructor)) static void begin(void)
{
    const char *file = getenv("FAULTY_CLOCK");
    if (!file) return;
    int descriptor = open(file, O_RDONLY | O_CLOEXEC);
    void *shared = mmap(NULL, sizeof *offset, PROT_READ, MAP_SHARED, descriptor, 0);
    if (descriptor < 0 || shared == MAP_FAILED) abort();
    close(descriptor);
    offset = shared;
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    static __typeof__(&clock_gettime) real;
    if (!real) real = (__typeof__(&clock_gettime))dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(clock, time);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += *offset;
    return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone)
{
    static __typeof__(&gettimeofday) real;
    if (!real) real = (__typeof__(&gettimeofday))dlsym(RTLD_NEXT, "gettimeofday");
    int result = real(time, zone);
    if (result == 0) time->tv_sec += *offset;
    return result;
}
