/// A disk that can fail, and that can lose its power: to be preloaded (ld.so(8)) into the server by its tests.
///
/// What is under FAULTY_DISK is watched. FAULTY_CONTROL names a file of 64 bytes, shared with the test, that says what
/// shall fail. FAULTY_SHADOW names a folder that gets all that a power cut would leave, by the strictest reading of
/// fsync(2): of a file what it was when it was last synced, of a folder the names that it had then. A shadow is a file
/// `f<serial>` for each file, and for each folder a list `d<serial>` of `<kind> <serial> <name>`; the top one is d1.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/// What the test and the server say to each other. Numbers of errors; 0: all is well.
struct control {
    int32_t database_sync, database_write, file_sync, file_write;
    /// 1: what the sync of a folder below blobs makes durable is forgotten. Shows that the tests would see it.
    int32_t forgets_folders;
    /// Syncs that were asked for after the first one failed.
    int32_t syncs_after_failure;
    int32_t has_failed;
};

static struct control none, *control = &none;

#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static int real_fsync(int descriptor) { REAL(fsync); return real(descriptor); }
static int real_fdatasync(int descriptor) { REAL(fdatasync); return real(descriptor); }
static ssize_t real_write(int d, const void *b, size_t n) { REAL(write); return real(d, b, n); }
static ssize_t real_pwrite(int d, const void *b, size_t n, off_t o) { REAL(pwrite); return real(d, b, n, o); }

#include "shadow.h"

static int is_database(const char *name) { return strncmp(name, "kiln.db", 7) == 0; }

/// Only in the server: its tools and launchers, which are the same program, have no environment.
__attribute__((constructor)) static void begin(void)
{
    const char *disk = getenv("FAULTY_DISK"), *file = getenv("FAULTY_CONTROL"), *copy = getenv("FAULTY_SHADOW");
    if (!disk || !file) return;
    int descriptor = open(file, O_RDWR | O_CLOEXEC);
    void *shared = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (descriptor < 0 || shared == MAP_FAILED) abort();
    close(descriptor);
    control = shared;
    // The folder itself is there from the beginning, so that it has the first number.
    mkdir(disk, 0700);
    if (!realpath(disk, root)) abort();
    if (copy) snprintf(shadow, sizeof shadow, "%s", copy);
    if (*shadow) keep_tree(root);
}

/// The error that shall be met at this place, or 0.
static int failure(int descriptor, int of_database, int of_files)
{
    char path[PATH_MAX];
    const char *name = of_database || of_files ? below(descriptor, path) : NULL;
    return name ? is_database(name) ? of_database : of_files : 0;
}

static int sync_failure(int descriptor)
{
    char path[PATH_MAX];
    if (control->has_failed && below(descriptor, path)) __sync_fetch_and_add(&control->syncs_after_failure, 1);
    int code = failure(descriptor, control->database_sync, control->file_sync);
    if (code) control->has_failed = 1;
    return code;
}

int fsync(int descriptor)
{
    int code = sync_failure(descriptor);
    if (code) return errno = code, -1;
    int result = real_fsync(descriptor);
    if (result == 0) keep(descriptor, control->forgets_folders);
    return result;
}

int fdatasync(int descriptor)
{
    int code = sync_failure(descriptor);
    if (code) return errno = code, -1;
    int result = real_fdatasync(descriptor);
    if (result == 0) keep(descriptor, control->forgets_folders);
    return result;
}

ssize_t write(int descriptor, const void *bytes, size_t size)
{
    int code = failure(descriptor, control->database_write, control->file_write);
    if (code) return errno = code, -1;
    off_t at = *shadow ? lseek(descriptor, 0, SEEK_CUR) : 0;
    ssize_t written = real_write(descriptor, bytes, size);
    note(descriptor, at, written);
    return written;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t size, off_t at)
{
    int code = failure(descriptor, control->database_write, control->file_write);
    if (code) return errno = code, -1;
    ssize_t written = real_pwrite(descriptor, bytes, size, at);
    note(descriptor, at, written);
    return written;
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t size, off64_t at)
{
    return pwrite(descriptor, bytes, size, at);
}

int unlink(const char *path)
{
    REAL(unlink);
    struct stat status;
    int is_last = *shadow && lstat(path, &status) == 0 && status.st_nlink == 1;
    int result = real(path);
    if (result == 0 && is_last) {
        pthread_mutex_lock(&lock);
        forget(status.st_ino);
        pthread_mutex_unlock(&lock);
    }
    return result;
}

int unlinkat(int folder, const char *path, int flags)
{
    REAL(unlinkat);
    struct stat status;
    int is_last = *shadow && fstatat(folder, path, &status, AT_SYMLINK_NOFOLLOW) == 0
        && (flags & AT_REMOVEDIR || status.st_nlink == 1);
    int result = real(folder, path, flags);
    if (result == 0 && is_last) {
        pthread_mutex_lock(&lock);
        forget(status.st_ino);
        pthread_mutex_unlock(&lock);
    }
    return result;
}
