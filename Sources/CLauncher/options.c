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

/// Options with a value, by what becomes of it.
static const struct {
    const char *name;
    enum { number, word, list } kind;
    size_t field;
} known[] = {
    {"--log", word, offsetof(struct options, log)},
    {"--directory", word, offsetof(struct options, directory)},
    {"--log-limit", number, offsetof(struct options, logLimit)},
    {"--wall", number, offsetof(struct options, wall)},
    {"--grace", number, offsetof(struct options, grace)},
    {"--memory", number, offsetof(struct options, memory)},
    {"--cpu", number, offsetof(struct options, cpu)},
    {"--file-size", number, offsetof(struct options, fileSize)},
    {"--open-files", number, offsetof(struct options, openFiles)},
    {"--nice", number, offsetof(struct options, nice)},
    {"--io-priority", number, offsetof(struct options, ioPriority)},
    {"--processes", number, offsetof(struct options, processes)},
    {"--output", number, offsetof(struct options, output)},
    {"--environment", list, offsetof(struct options, environment)},
    {"--readable", list, offsetof(struct options, readable)},
    {"--writable", list, offsetof(struct options, writable)},
    {"--device", list, offsetof(struct options, devices)},
    {"--measured", list, offsetof(struct options, measured)},
    {"--group", list, offsetof(struct options, groups)},
};
static const size_t knownCount = sizeof known / sizeof *known;

static const struct {
    const char *name;
    size_t field;
} flags[] = {
    {"--bwrap", offsetof(struct options, sandboxed)},
    {"--landlock", offsetof(struct options, confined)},
    {"--filter", offsetof(struct options, filtered)},
};

static long long numberIn(const char *text)
{
    char *end = NULL;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    bool isDigits = *text >= '0' && *text <= '9' && *end == 0;
    if (!isDigits || errno || number > largest) kiln_refuse(KILN_LAUNCH_USAGE, "not a number from 0 to 2^50", text);
    return number;
}

/// One more place than there are values, so that the list ends with a NULL.
static void append(struct values *values, const char *value)
{
    const char **all = realloc(values->all, (values->count + 2) * sizeof *all);
    if (!all) kiln_refuse(KILN_LAUNCH_SYSTEM, "no memory for", value);
    values->all = all;
    all[values->count++] = value;
    all[values->count] = NULL;
}

static bool takeFlag(struct options *options, const char *name)
{
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (strcmp(flags[i].name, name) != 0) continue;
        *(bool *)((char *)options + flags[i].field) = true;
        return true;
    }
    return false;
}

static void take(struct options *options, const char *name, const char *value)
{
    for (size_t i = 0; i < knownCount; i++) {
        if (strcmp(known[i].name, name) != 0) continue;
        if (!value) kiln_refuse(KILN_LAUNCH_USAGE, "value missing", name);
        void *field = (char *)options + known[i].field;
        if (known[i].kind == number) *(long long *)field = numberIn(value);
        else if (known[i].kind == word) *(const char **)field = value;
        else append(field, value);
        return;
    }
    kiln_refuse(KILN_LAUNCH_USAGE, "unknown option", name);
}

struct options kiln_options(char **arguments)
{
    struct options options = {0};
    for (size_t i = 0; i < knownCount; i++)
        if (known[i].kind == number) *(long long *)((char *)&options + known[i].field) = -1;
    for (; *arguments && strcmp(*arguments, "--") != 0; arguments++) {
        if (takeFlag(&options, *arguments)) continue;
        take(&options, arguments[0], arguments[1]);
        arguments++;
    }
    if (!*arguments || !arguments[1]) kiln_refuse(KILN_LAUNCH_USAGE, "needed at the end", "-- PROGRAM ARGUMENT...");
    if (!options.log || options.logLimit < 0 || options.wall < 0 || options.grace < 0)
        kiln_refuse(KILN_LAUNCH_USAGE, "needed", "--log, --log-limit, --wall, --grace");
    options.program = arguments + 1;
    return options;
}
