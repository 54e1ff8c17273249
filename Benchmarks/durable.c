// How many files the disk takes durably per second: write, fsync, rename, fsync of the folder, from many threads at once.
//
//   durable FOLDER THREADS COUNT SECONDS
//
// Each file has 1 KB, is made in FOLDER/staging and renamed to one of 256 folders, as the server does it. Ends after COUNT
// files or SECONDS. Prints one line of JSON: files, seconds.
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char *folder;
static long wanted;
static double deadline;
static atomic_long next, done;

static _Noreturn void stop(const char *why)
{
    perror(why);
    exit(1);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void store(long number)
{
    char staged[4096], shard[4096], final[8192], bytes[1024] = {0};
    snprintf(staged, sizeof staged, "%s/staging/%ld", folder, number);
    snprintf(shard, sizeof shard, "%s/%02x", folder, (unsigned)number % 256);
    snprintf(final, sizeof final, "%s/%ld", shard, number);
    int file = open(staged, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 || write(file, bytes, sizeof bytes) != sizeof bytes || fsync(file) != 0) stop("write");
    close(file);
    if (rename(staged, final) != 0) stop("rename");
    int directory = open(shard, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0 || fsync(directory) != 0) stop("fsync of the folder");
    close(directory);
}

static void *work(void *unused)
{
    (void)unused;
    for (long number; now() < deadline && (number = atomic_fetch_add(&next, 1)) < wanted;) {
        store(number);
        atomic_fetch_add(&done, 1);
    }
    return NULL;
}

static void makeFolders(void)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/staging", folder);
    if (mkdir(path, 0700) != 0) stop("make a folder");
    for (unsigned shard = 0; shard < 256; shard++) {
        snprintf(path, sizeof path, "%s/%02x", folder, shard);
        if (mkdir(path, 0700) != 0) stop("make a folder");
    }
}

int main(int count, char **words)
{
    if (count != 5) {
        fprintf(stderr, "usage: durable FOLDER THREADS COUNT SECONDS\n");
        return 1;
    }
    folder = words[1];
    int threads = atoi(words[2]);
    wanted = atol(words[3]);
    makeFolders();
    pthread_t workers[256];
    double began = now();
    deadline = began + atof(words[4]);
    for (int i = 0; i < threads && i < 256; i++)
        if (pthread_create(&workers[i], NULL, work, NULL) != 0) stop("start a thread");
    for (int i = 0; i < threads && i < 256; i++) pthread_join(workers[i], NULL);
    printf("{\"files\":%ld,\"seconds\":%.6f}\n", atomic_load(&done), now() - began);
    return 0;
}
