// A client over HTTP that is cheap enough not to be what is measured: one thread, epoll, connections that stay open.
//
//   load PORT CONNECTIONS COUNT SECONDS repeat|convert FILE
//
// FILE holds requests, each after its length (32 bits, little-endian); they are sent in turn.
// repeat   one request after the other on each connection; a unit is a request
// convert  each request uploads; its job is waited for, its result fetched; a unit is all three
// Ends after COUNT units or SECONDS. Prints one line of JSON: units, failures, seconds, latencies in ms, its own CPU time.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum stage { upload, waiting, download };

struct request {
    const char *bytes;
    uint32_t length;
};

struct connection {
    int socket;
    enum stage stage;
    double began;
    char location[256];
    char *answer;
    size_t length, room;
};

static struct request *requests;
static size_t requestsCount, sent, finished, failures, wanted;
static double *latencies;
static bool converts;
static char firstFailure[400];

static _Noreturn void stop(const char *why)
{
    fprintf(stderr, "load: %s\n", why);
    exit(1);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void readRequests(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) stop("cannot read the file of requests");
    for (uint32_t length; fread(&length, sizeof length, 1, file) == 1;) {
        char *bytes = malloc(length);
        requests = realloc(requests, (requestsCount + 1) * sizeof *requests);
        if (!bytes || !requests || fread(bytes, 1, length, file) != length) stop("the file of requests is cut off");
        requests[requestsCount++] = (struct request){bytes, length};
    }
    fclose(file);
    if (requestsCount == 0) stop("the file of requests is empty");
}

static int dial(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
    if (socket_ < 0 || connect(socket_, (struct sockaddr *)&address, sizeof address) != 0) stop("cannot connect");
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return socket_;
}

/// Requests are small: the socket's buffer takes them whole.
static void say(struct connection *connection, const char *bytes, size_t length)
{
    connection->length = 0;
    while (length > 0) {
        ssize_t count = send(connection->socket, bytes, length, MSG_NOSIGNAL);
        if (count <= 0) stop("the server closed the connection");
        bytes += count;
        length -= (size_t)count;
    }
}

static bool begin(struct connection *connection)
{
    if (sent >= wanted) return false;
    struct request request = requests[sent++ % requestsCount];
    connection->stage = upload;
    connection->began = now();
    say(connection, request.bytes, request.length);
    return true;
}

static void ask(struct connection *connection, enum stage stage, const char *suffix)
{
    char request[512];
    int length = snprintf(request, sizeof request, "GET %s%s HTTP/1.1\r\nHost: localhost\r\n\r\n",
        connection->location, suffix);
    connection->stage = stage;
    say(connection, request, (size_t)length);
}

/// The length of the whole answer, or 0 while its head is incomplete.
static size_t answerLength(struct connection *connection)
{
    connection->answer[connection->length] = 0;
    char *end = strstr(connection->answer, "\r\n\r\n");
    if (!end) return 0;
    char *field = strcasestr(connection->answer, "\r\ncontent-length:");
    if (!field || field > end) stop("an answer without Content-Length");
    return (size_t)(end + 4 - connection->answer) + strtoull(field + 17, NULL, 10);
}

static bool isSuccess(const struct connection *connection)
{
    int status = atoi(connection->answer + 9);
    bool isFine = status >= 200 && status < 300;
    if (connection->stage == waiting) isFine = isFine && strstr(connection->answer, "\"status\":\"succeeded\"");
    if (!isFine && !*firstFailure) snprintf(firstFailure, sizeof firstFailure, "%s", connection->answer);
    return isFine;
}

static void keepLocation(struct connection *connection)
{
    char *field = strcasestr(connection->answer, "\r\nlocation:");
    if (!field || sscanf(field + 11, " %255[^\r]", connection->location) != 1) stop("an answer without Location");
}

/// The unit is over; false when the connection has nothing more to do.
static bool note(struct connection *connection, bool isFine)
{
    latencies[finished++] = (now() - connection->began) * 1e3;
    failures += !isFine;
    return begin(connection);
}

/// One answer is complete; false when the connection has nothing more to do.
static bool advance(struct connection *connection)
{
    bool isFine = isSuccess(connection);
    if (!converts || !isFine || connection->stage == download) return note(connection, isFine);
    if (connection->stage == upload) {
        keepLocation(connection);
        ask(connection, waiting, "?wait=60");
    } else {
        ask(connection, download, "/result");
    }
    return true;
}

/// Takes what has come; false when the connection has nothing more to do.
static bool hear(struct connection *connection)
{
    if (connection->room - connection->length < 64 << 10) {
        connection->room = connection->room * 2 + (128 << 10);
        connection->answer = realloc(connection->answer, connection->room);
        if (!connection->answer) stop("out of memory");
    }
    ssize_t count = recv(connection->socket, connection->answer + connection->length,
        connection->room - connection->length - 1, 0);
    if (count <= 0) stop("the server closed the connection");
    connection->length += (size_t)count;
    size_t whole = answerLength(connection);
    if (whole == 0 || connection->length < whole) return true;
    return advance(connection);
}

static void work(int port, size_t count, double deadline)
{
    int poll = epoll_create1(EPOLL_CLOEXEC);
    struct connection *connections = calloc(count, sizeof *connections);
    if (poll < 0 || !connections) stop("out of memory");
    size_t busy = 0;
    for (size_t i = 0; i < count; i++) {
        connections[i].socket = dial(port);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[i]};
        epoll_ctl(poll, EPOLL_CTL_ADD, connections[i].socket, &event);
    }
    for (size_t i = 0; i < count; i++) busy += begin(&connections[i]);
    while (busy > 0) {
        struct epoll_event events[64];
        double left = deadline - now();
        if (left <= 0) return;
        int ready = epoll_wait(poll, events, 64, (int)(left * 1e3) + 1);
        for (int i = 0; i < ready; i++) busy -= !hear(events[i].data.ptr);
    }
}

static int byValue(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double quantile(double share)
{
    return finished ? latencies[(size_t)(share * (double)(finished - 1) + 0.5)] : 0;
}

int main(int count, char **words)
{
    if (count != 7) stop("usage: load PORT CONNECTIONS COUNT SECONDS repeat|convert FILE");
    wanted = strtoull(words[3], NULL, 10);
    converts = strcmp(words[5], "convert") == 0;
    readRequests(words[6]);
    latencies = calloc(wanted + 1, sizeof *latencies);
    if (!latencies) stop("out of memory");
    double began = now();
    work(atoi(words[1]), strtoull(words[2], NULL, 10), began + atof(words[4]));
    double seconds = now() - began;
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    double cpu = (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec)
        + (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
    qsort(latencies, finished, sizeof *latencies, byValue);
    printf("{\"units\":%zu,\"failures\":%zu,\"seconds\":%.6f,\"p50\":%.4f,\"p90\":%.4f,\"p99\":%.4f,\"max\":%.4f,"
           "\"cpu\":%.4f}\n",
        finished, failures, seconds, quantile(0.5), quantile(0.9), quantile(0.99), quantile(1), cpu);
    if (*firstFailure) fprintf(stderr, "load: the first failure was\n%s\n", firstFailure);
    return 0;
}
