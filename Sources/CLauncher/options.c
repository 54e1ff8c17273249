/// The command line of the launcher, checked.
#define _GNU_SOURCE
#include "options.h"
#include "CLauncher.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/// Largest number taken from the command line: 2^50, which is a petabyte, and still no overflow as microseconds.
static const long long largest = 1LL << 50;

_Noreturn void kiln_refuse(int code, const char *sentence, const char *subject)
{
    dprintf(STDERR_FILENO, "kiln launch: %s: %s\n", sentence, subject);
    _exit(code);
}

static const struct {
    const char *name;
    size_t field;
} numbers[] = {
    {"--log-limit", offsetof(struct options, logLimit)},
    {"--wall", offsetof(struct options, wall)},
    {"--grace", offsetof(struct options, grace)},
    {"--memory", offsetof(struct options, memory)},
    {"--cpu", offsetof(struct options, cpu)},
    {"--file-size", offsetof(struct options, fileSize)},
    {"--open-files", offsetof(struct options, openFiles)},
    {"--nice", offsetof(struct options, nice)},
};
static const size_t numbersCount = sizeof numbers / sizeof *numbers;

static long long *numberNamed(const char *name, struct options *options)
{
    for (size_t i = 0; i < numbersCount; i++)
        if (strcmp(numbers[i].name, name) == 0) return (long long *)((char *)options + numbers[i].field);
    return NULL;
}

static long long numberIn(const char *text)
{
    char *end = NULL;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    bool isDigits = *text >= '0' && *text <= '9' && *end == 0;
    if (!isDigits || errno || number > largest) kiln_refuse(KILN_LAUNCH_USAGE, "not a number from 0 to 2^50", text);
    return number;
}

struct options kiln_options(char **arguments)
{
    struct options options = {0};
    for (size_t i = 0; i < numbersCount; i++) *numberNamed(numbers[i].name, &options) = -1;
    for (; *arguments && strcmp(*arguments, "--") != 0; arguments++) {
        const char *name = *arguments;
        if (strcmp(name, "--bwrap") == 0) {
            options.sandboxed = true;
            continue;
        }
        long long *number = numberNamed(name, &options);
        if (!number && strcmp(name, "--log") != 0) kiln_refuse(KILN_LAUNCH_USAGE, "unknown option", name);
        if (!*++arguments) kiln_refuse(KILN_LAUNCH_USAGE, "value missing", name);
        if (number) *number = numberIn(*arguments);
        else options.log = *arguments;
    }
    if (!*arguments || !arguments[1]) kiln_refuse(KILN_LAUNCH_USAGE, "needed at the end", "-- PROGRAM ARGUMENT...");
    if (!options.log || options.logLimit < 0 || options.wall < 0 || options.grace < 0)
        kiln_refuse(KILN_LAUNCH_USAGE, "needed", "--log, --log-limit, --wall, --grace");
    options.program = arguments + 1;
    return options;
}
