/// What a power cut would leave of the watched folder: see disk.c, which is the only one to include this.
#pragma once

/// What is known of a file: which part of it no sync has made durable yet.
struct file {
    ino_t inode;
    uint64_t serial;
    off_t from, to;
    int is_kept;
};

static char root[PATH_MAX], shadow[PATH_MAX];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct file *files;
static size_t count, room;
static uint64_t serials;

/// Where the open file is below the root; NULL for what is elsewhere, or has no name any more.
static const char *below(int descriptor, char *path)
{
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    size_t prefix = strlen(root);
    if (length < 0 || !prefix) return NULL;
    path[length] = 0;
    if (strncmp(path, root, prefix) != 0 || (path[prefix] && path[prefix] != '/')) return NULL;
    return path[prefix] ? path + prefix + 1 : path + prefix;
}

/// Under the lock.
static struct file *find(ino_t inode)
{
    for (size_t at = count; at-- > 0;)
        if (files[at].inode == inode) return &files[at];
    if (count == room) files = realloc(files, (room = room * 2 + 64) * sizeof *files);
    files[count] = (struct file){.inode = inode, .serial = ++serials, .from = -1};
    return &files[count++];
}

/// The number of a file that has lost its last name may be given to another one. Under the lock.
static void forget(ino_t inode)
{
    for (size_t at = 0; at < count; at++)
        if (files[at].inode == inode) files[at--] = files[--count];
}

static void note(int descriptor, off_t from, ssize_t size)
{
    struct stat status;
    if (!*shadow || size <= 0 || fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return;
    pthread_mutex_lock(&lock);
    struct file *file = find(status.st_ino);
    if (file->from < 0 || from < file->from) file->from = from;
    if (from + size > file->to) file->to = from + size;
    pthread_mutex_unlock(&lock);
}

/// Takes over what no sync had reached before. The order of pieces does not matter: a disk may keep more than it must.
static void keep_file(int descriptor, const struct stat *status)
{
    char name[PATH_MAX + 32], buffer[1 << 16];
    struct file *file = find(status->st_ino);
    snprintf(name, sizeof name, "%s/f%lu", shadow, (unsigned long)file->serial);
    int copy = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (copy < 0) abort();
    // What others have written, such as a tool, is known as a whole.
    off_t at = file->is_kept && file->from >= 0 ? file->from : 0;
    off_t end = file->is_kept && file->from >= 0 ? file->to : status->st_size;
    char again[32];
    snprintf(again, sizeof again, "/proc/self/fd/%d", descriptor);
    int source = open(again, O_RDONLY | O_CLOEXEC);
    while (at < end) {
        ssize_t got = pread(source, buffer, end - at < (off_t)sizeof buffer ? (size_t)(end - at) : sizeof buffer, at);
        if (got <= 0) break;
        if (real_pwrite(copy, buffer, (size_t)got, at) != got) abort();
        at += got;
    }
    if (ftruncate(copy, status->st_size) != 0) abort();
    close(source);
    close(copy);
    *file = (struct file){.inode = file->inode, .serial = file->serial, .from = -1, .is_kept = 1};
}

static void keep_folder(const char *path, ino_t inode)
{
    char name[PATH_MAX + 32], draft[PATH_MAX + 32], entry_path[PATH_MAX * 2];
    uint64_t serial = find(inode)->serial;
    snprintf(name, sizeof name, "%s/d%lu", shadow, (unsigned long)serial);
    snprintf(draft, sizeof draft, "%s/draft", shadow);
    FILE *list = fopen(draft, "we");
    DIR *folder = opendir(path);
    if (!list || !folder) abort();
    struct dirent *entry;
    while ((entry = readdir(folder))) {
        struct stat status;
        snprintf(entry_path, sizeof entry_path, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] == '.' || lstat(entry_path, &status) != 0) continue;
        char kind = S_ISDIR(status.st_mode) ? 'd' : S_ISREG(status.st_mode) ? 'f' : 0;
        if (kind) fprintf(list, "%c %lu %s\n", kind, (unsigned long)find(status.st_ino)->serial, entry->d_name);
    }
    closedir(folder);
    if (fclose(list) != 0 || rename(draft, name) != 0) abort();
}

/// After a sync that went well.
static void keep(int descriptor, int forgets)
{
    struct stat status;
    char path[PATH_MAX];
    const char *name = *shadow ? below(descriptor, path) : NULL;
    if (!name || fstat(descriptor, &status) != 0) return;
    pthread_mutex_lock(&lock);
    if (S_ISREG(status.st_mode)) keep_file(descriptor, &status);
    if (S_ISDIR(status.st_mode) && !(forgets && strncmp(name, "blobs/", 6) == 0))
        keep_folder(path, status.st_ino);
    pthread_mutex_unlock(&lock);
}

/// What is there at the start is durable.
static void keep_tree(const char *path)
{
    struct stat status;
    char below_path[PATH_MAX * 2];
    if (stat(path, &status) != 0) return;
    find(status.st_ino);
    DIR *folder = opendir(path);
    if (!folder) return;
    struct dirent *entry;
    while ((entry = readdir(folder))) {
        snprintf(below_path, sizeof below_path, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] == '.' || lstat(below_path, &status) != 0) continue;
        if (S_ISDIR(status.st_mode)) keep_tree(below_path);
        if (!S_ISREG(status.st_mode)) continue;
        int descriptor = open(below_path, O_RDONLY | O_CLOEXEC);
        if (descriptor >= 0) keep_file(descriptor, &status);
        if (descriptor >= 0) close(descriptor);
    }
    closedir(folder);
    if (stat(path, &status) == 0) keep_folder(path, status.st_ino);
}

