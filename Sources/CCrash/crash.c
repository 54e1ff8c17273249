/// Writes down why this process dies, from within the signal handler.
#define _GNU_SOURCE
#include "CCrash.h"

#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { FRAMES = 128, STACK = 64 * 1024, PATIENCE = 5 };

static const struct { int number; const char *name; } deaths[] = {
    {SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"}, {SIGILL, "SIGILL"}, {SIGFPE, "SIGFPE"},
    {SIGABRT, "SIGABRT"}, {SIGTRAP, "SIGTRAP"}, {SIGSYS, "SIGSYS"},
};
enum { DEATHS = sizeof deaths / sizeof *deaths };

static struct sigaction before[DEATHS];
static int log_file = STDERR_FILENO;
static char version[64];
static char stack[STACK];

/// A line that is put together without anything that allocates.
struct line {
    char text[512];
    size_t length;
};

static void add(struct line *line, const char *text)
{
    while (*text && line->length < sizeof line->text - 1) line->text[line->length++] = *text++;
}

static void add_number(struct line *line, unsigned long number, unsigned base)
{
    char digits[24];
    size_t place = sizeof digits - 1;
    digits[place] = 0;
    do digits[--place] = "0123456789abcdef"[number % base];
    while ((number /= base) > 0);
    add(line, digits + place);
}

static void describe(struct line *line, int number, const siginfo_t *info)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    const char *name = "signal";
    for (size_t i = 0; i < DEATHS; i++)
        if (deaths[i].number == number) name = deaths[i].name;
    add(line, "--- crash at ");
    add_number(line, (unsigned long)now.tv_sec, 10);
    add(line, ": ");
    add(line, name);
    add(line, info->si_code < 0 ? ", code -" : ", code ");
    add_number(line, (unsigned long)(info->si_code < 0 ? -(long)info->si_code : info->si_code), 10);
    if (info->si_code > 0) {
        add(line, ", address 0x");
        add_number(line, (unsigned long)info->si_addr, 16);
    }
    add(line, ", process ");
    add_number(line, (unsigned long)getpid(), 10);
    add(line, ", thread ");
    add_number(line, (unsigned long)syscall(SYS_gettid), 10);
    add(line, ", version ");
    add(line, version);
    add(line, "\n");
}

static void record(int file, const struct line *line, void *const *frames, int count)
{
    // Nobody is left to be told that this failed.
    if (write(file, line->text, line->length) < 0) return;
    backtrace_symbols_fd(frames, count, file);
    fsync(file);
}

static void die(int number, siginfo_t *info, void *context)
{
    (void)context;
    // Whatever happens in here ends the process, as before; and it does not hang.
    for (size_t i = 0; i < DEATHS; i++) sigaction(deaths[i].number, &before[i], NULL);
    signal(SIGALRM, SIG_DFL);
    alarm(PATIENCE);

    void *frames[FRAMES];
    int count = backtrace(frames, FRAMES);
    struct line line = {.length = 0};
    describe(&line, number, info);
    record(log_file, &line, frames, count);
    if (log_file != STDERR_FILENO) record(STDERR_FILENO, &line, frames, count);
    alarm(0);

    // A fault comes again by itself when its instruction is executed again, with all that the next handler wants to
    // know.
    int comes_again = info->si_code > 0 && number != SIGTRAP && number != SIGABRT && number != SIGSYS;
    if (!comes_again) raise(number);
}

void kiln_crash_install(int file, const char *name)
{
    void *frame[1];
    backtrace(frame, 1);
    log_file = file;
    strncpy(version, name, sizeof version - 1);
    stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&alternative, NULL);
    struct sigaction action = {0};
    action.sa_sigaction = die;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < DEATHS; i++) sigaction(deaths[i].number, &action, &before[i]);
}

void kiln_crash_replace(int file, int other)
{
    dup3(other, file, O_CLOEXEC);
}
