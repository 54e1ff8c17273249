#ifndef KILN_FILTER_H
#define KILN_FILTER_H

#include <stdbool.h>
#include <linux/filter.h>
#include <sys/types.h>

/// System calls that no tool has a use for, refused with an error that tools know how to take.
/// `strict` is for a program that shares the machine's file system, processes and network with us: there it may neither
/// make a socket, nor change modes and owners, nor reach a process by its number, its own excepted.
/// The filter is this process's only one: the next call replaces it.
struct sock_fprog kiln_filter(bool strict, pid_t own);

/// Binds this process, and all that it will start, to the filter. False with `errno`.
bool kiln_filter_apply(bool strict);

#endif
