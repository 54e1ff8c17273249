/// The spawner: forks a launcher for each run, so that a run does not pay for executing a large binary.
#define _GNU_SOURCE
#include "spawner.h"
#include "CLauncher.h"
#include "launcher.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/// Room for one descriptor beside a message (cmsg(3)).
union passed {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
};

int kiln_spawner_pass(int spawner, int link)
{
    union passed passed = {
        .header = {.cmsg_len = CMSG_LEN(sizeof link), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS}};
    memcpy(CMSG_DATA(&passed.header), &link, sizeof link);
    char one = 1;
    struct iovec bytes = {&one, 1};
    struct msghdr message = {
        .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &passed, .msg_controllen = sizeof passed};
    ssize_t sent;
    do sent = sendmsg(spawner, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == 1 ? 0 : -1;
}

/// The link of the next run; -1 when the server is gone.
static int nextLink(int requests)
{
    union passed passed;
    char one;
    struct iovec bytes = {&one, 1};
    struct msghdr message = {
        .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &passed, .msg_controllen = sizeof passed};
    ssize_t received;
    do received = recvmsg(requests, &message, MSG_CMSG_CLOEXEC);
    while (received < 0 && errno == EINTR);
    struct cmsghdr *header = received == 1 ? CMSG_FIRSTHDR(&message) : NULL;
    if (!header || header->cmsg_type != SCM_RIGHTS) return -1;
    int link;
    memcpy(&link, CMSG_DATA(header), sizeof link);
    return link;
}

/// False when the other side let go before all was there.
static bool readAll(int link, void *bytes, size_t count)
{
    for (size_t filled = 0; filled < count;) {
        ssize_t step = read(link, (char *)bytes + filled, count - filled);
        if (step == 0 || (step < 0 && errno != EINTR)) return false;
        if (step > 0) filled += (size_t)step;
    }
    return true;
}

/// The command line of one run: its length in bytes, and its words, each with a zero at the end. NULL as above.
static char **readArguments(int link)
{
    uint32_t length;
    if (!readAll(link, &length, sizeof length)) return NULL;
    char *text = calloc((size_t)length + 1, 1);
    if (!text || !readAll(link, text, length)) return NULL;
    size_t count = 0;
    for (size_t i = 0; i < length; i++) count += text[i] == 0;
    char **arguments = calloc(count + 1, sizeof *arguments);
    if (!arguments) return NULL;
    for (size_t i = 0; i < count; i++, text += strlen(text) + 1) arguments[i] = text;
    return arguments;
}

/// The child: what the spawner changed in it is put back, and it is a launcher like any other, of one run after the other
/// until the link is closed. What the runs have allocated goes with it, so there is an end to them.
static _Noreturn void serve(int link)
{
    const int changed[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP};
    for (size_t i = 0; i < sizeof changed / sizeof *changed; i++) signal(changed[i], SIG_DFL);
    if (dup2(link, STDIN_FILENO) < 0 || dup2(link, STDOUT_FILENO) < 0) _exit(KILN_LAUNCH_SYSTEM);
    for (int run = 0; run < KILN_LAUNCH_RUNS; run++) {
        char **arguments = readArguments(STDIN_FILENO);
        if (!arguments) {
            if (run == 0) dprintf(STDOUT_FILENO, "outcome=stopped\n");
            break;
        }
        if (kiln_launch(arguments) != EXIT_SUCCESS) break;
    }
    _exit(EXIT_SUCCESS);
}

/// At once, so that there are no zombies, and their use of the processor is in our bill.
static void reap(int number)
{
    (void)number;
    int before = errno;
    while (waitpid(-1, NULL, WNOHANG) > 0) {}
    errno = before;
}

/// Out of the reach of signals to the server's group, and deaf to polite ones: it ends with the server, and not before.
static void settle(void)
{
    setpgid(0, 0);
    prctl(PR_SET_NAME, "kiln-spawner");
    close_range(STDERR_FILENO + 1, ~0U, 0);
    const int ignored[] = {SIGTERM, SIGINT, SIGHUP, SIGPIPE};
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++) signal(ignored[i], SIG_IGN);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    struct sigaction reaping = {.sa_handler = reap, .sa_flags = SA_RESTART | SA_NOCLDSTOP};
    sigaction(SIGCHLD, &reaping, NULL);
}

_Noreturn void kiln_spawner(void)
{
    settle();
    for (int link; (link = nextLink(STDIN_FILENO)) >= 0; close(link)) {
        pid_t launcher = fork();
        if (launcher == 0) serve(link);
        if (launcher < 0) dprintf(link, "outcome=spawn errno=%d\n", errno);
    }
    _exit(EXIT_SUCCESS);
}
