/// The filter of system calls (seccomp(2)), as a program of the classic Berkeley Packet Filter.
#define _GNU_SOURCE
#include "filter.h"
#include "CLauncher.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "The numbers of the system calls are known for x86-64 and arm64 only."
#endif

/// Calls that are newer than Debian 12's headers, or than some architecture: the same number everywhere.
enum {
    openTree = 428, moveMount, fsOpen, fsConfig, fsMount, fsPick, clone3 = 435, openat2 = 437, pidfdGetfd,
    processMadvise = 440, mountSetattr = 442, quotactlFd, memfdSecret = 447, processMrelease, fchmodat2 = 452,
    setxattrat = 463, removexattrat = 466, openTreeAttr = 467, fileSetattr = 469,
};

/// No tool's business, whatever it converts: other processes, the system's own state, keys, mounts, modules.
static const int forbidden[] = {
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, pidfdGetfd, processMadvise, processMrelease,
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_unshare, SYS_setns, openTree, openTreeAttr, moveMount, fsOpen,
    fsConfig, fsMount, fsPick, mountSetattr, SYS_open_by_handle_at, SYS_name_to_handle_at, SYS_fanotify_init,
    SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, memfdSecret, SYS_keyctl, SYS_add_key, SYS_request_key,
    SYS_kexec_load, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_reboot, SYS_swapon, SYS_swapoff, SYS_acct,
    SYS_quotactl, quotactlFd, SYS_syslog, SYS_settimeofday, SYS_clock_settime, SYS_clock_adjtime, SYS_adjtimex,
    SYS_sethostname, SYS_setdomainname, SYS_vhangup, SYS_migrate_pages, SYS_move_pages, fileSetattr,
#ifdef SYS_kexec_file_load
    SYS_kexec_file_load,
#endif
#ifdef SYS_iopl
    SYS_iopl, SYS_ioperm, SYS_modify_ldt,
#endif
};

/// Programs go on without them: what they pass cannot be looked into here, or escapes every filter.
static const int unknown[] = {
    SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register, clone3, openat2,
};

/// Without a file system of its own: these reach the objects of other processes by a number or a name.
static const int shared[] = {
    SYS_shmget, SYS_shmat, SYS_shmctl, SYS_msgget, SYS_msgsnd, SYS_msgrcv, SYS_msgctl, SYS_semget, SYS_semop, SYS_semctl,
    SYS_semtimedop, SYS_mq_open, SYS_mq_unlink, SYS_pidfd_send_signal, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo,
    SYS_sched_setscheduler, SYS_sched_setparam, SYS_sched_setattr,
};

/// Landlock lets them through. They do nothing, and say that they did: programs that copy files ask for them in passing.
static const int pretended[] = {
    SYS_fchmod, SYS_fchmodat, fchmodat2, SYS_fchown, SYS_fchownat, SYS_utimensat,
#ifdef SYS_chmod
    SYS_chmod, SYS_chown, SYS_lchown, SYS_utime, SYS_utimes, SYS_futimesat,
#endif
};

/// The same; of these programs know that a file system may not have them.
static const int unsupported[] = {
    SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr, SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr, setxattrat,
    removexattrat,
};

static struct sock_filter program[512];
static unsigned short length;

static void add(unsigned short code, unsigned int value, unsigned char then, unsigned char otherwise)
{
    if (length < sizeof program / sizeof *program)
        program[length++] = (struct sock_filter)BPF_JUMP(code, value, then, otherwise);
}

static void load(size_t offset) { add(BPF_LD | BPF_W | BPF_ABS, (unsigned int)offset, 0, 0); }

/// The lower half, which is all that the kernel looks at where the argument is an `int`.
static void loadArgument(int index)
{
    load(offsetof(struct seccomp_data, args) + sizeof(unsigned long long) * (size_t)index);
}

/// Every architecture that we know is little-endian.
static void answer(int error) { add(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned int)error, 0, 0); }

static void permit(void) { add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0); }

static void refuse(int call, int error)
{
    add(BPF_JMP | BPF_JEQ | BPF_K, (unsigned int)call, 0, 1);
    answer(error);
}

static void refuseAll(const int *calls, size_t size, int error)
{
    for (size_t i = 0; i < size / sizeof *calls; i++) refuse(calls[i], error);
}

/// Refused unless the argument is this.
static void demand(int call, int argument, unsigned int value, int error)
{
    add(BPF_JMP | BPF_JEQ | BPF_K, (unsigned int)call, 0, 4);
    loadArgument(argument);
    add(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0);
    answer(error);
    permit();
}

/// The same for one of two: a process is named as 0 by itself, or by its number.
static void demandEither(int call, int argument, unsigned int value, unsigned int other, int error)
{
    add(BPF_JMP | BPF_JEQ | BPF_K, (unsigned int)call, 0, 5);
    loadArgument(argument);
    add(BPF_JMP | BPF_JEQ | BPF_K, value, 2, 0);
    add(BPF_JMP | BPF_JEQ | BPF_K, other, 1, 0);
    answer(error);
    permit();
}

/// Refused when the argument is one of the two.
static void exclude(int call, int argument, unsigned int value, unsigned int other, int error)
{
    add(BPF_JMP | BPF_JEQ | BPF_K, (unsigned int)call, 0, 5);
    loadArgument(argument);
    add(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0);
    add(BPF_JMP | BPF_JEQ | BPF_K, other, 0, 1);
    answer(error);
    permit();
}

/// Refused when, of the bits of `mask`, exactly `bits` are set.
static void excludeBits(int call, int argument, unsigned int mask, unsigned int bits, int error)
{
    add(BPF_JMP | BPF_JEQ | BPF_K, (unsigned int)call, 0, 5);
    loadArgument(argument);
    add(BPF_ALU | BPF_AND | BPF_K, mask, 0, 0);
    add(BPF_JMP | BPF_JEQ | BPF_K, bits, 0, 1);
    answer(error);
    permit();
}

/// Refused when any of the bits is set.
static void excludeAny(int call, int argument, unsigned int bits, int error)
{
    add(BPF_JMP | BPF_JEQ | BPF_K, (unsigned int)call, 0, 4);
    loadArgument(argument);
    add(BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1);
    answer(error);
    permit();
}

/// In any sandbox.
static void addCommon(void)
{
    refuseAll(forbidden, sizeof forbidden, EPERM);
    refuseAll(unknown, sizeof unknown, ENOSYS);
    const unsigned int spaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER
        | CLONE_NEWPID | CLONE_NEWNET;
    excludeAny(SYS_clone, 0, spaces, EPERM);
    // TIOCSTI and TIOCLINUX type into a terminal.
    exclude(SYS_ioctl, 1, 0x5412, 0x541C, EPERM);
    demand(SYS_socketpair, 0, AF_UNIX, EAFNOSUPPORT);
}

/// A socket of the file system could be the server's own. To read with O_TRUNC empties a file (open(2)), which Landlock
/// takes for reading before version 3.
static void addStrict(unsigned int own)
{
    refuseAll(shared, sizeof shared, EPERM);
    refuseAll(pretended, sizeof pretended, 0);
    refuseAll(unsupported, sizeof unsupported, EOPNOTSUPP);
    refuse(SYS_socket, EAFNOSUPPORT);
    excludeBits(SYS_openat, 2, O_TRUNC | O_ACCMODE, O_TRUNC | O_RDONLY, EACCES);
#ifdef SYS_open
    excludeBits(SYS_open, 1, O_TRUNC | O_ACCMODE, O_TRUNC | O_RDONLY, EACCES);
#endif
    demandEither(SYS_prlimit64, 0, 0, own, EPERM);
    demand(SYS_setpriority, 1, 0, EPERM);
    demand(SYS_ioprio_set, 1, 0, EPERM);
    demandEither(SYS_sched_setaffinity, 0, 0, own, EPERM);
    // F_SETOWN and F_SETOWN_EX have the kernel send signals.
    exclude(SYS_fcntl, 1, 8, 15, EPERM);
    int version = kiln_landlock_version();
    if (version < 3) refuse(SYS_truncate, EACCES);
    if (version >= 6) return;
    demand(SYS_kill, 0, own, EPERM);
    demand(SYS_tgkill, 0, own, EPERM);
    demand(SYS_tkill, 0, own, EPERM);
}

struct sock_fprog kiln_filter(bool strict, pid_t own)
{
    length = 0;
    load(offsetof(struct seccomp_data, arch));
    add(BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCHITECTURE, 1, 0);
    answer(ENOSYS);
    load(offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
    // Those of its 32-bit form, which have numbers of their own.
    add(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1);
    answer(ENOSYS);
#endif
    if (strict) addStrict((unsigned int)own);
    else demand(SYS_socket, 0, AF_UNIX, EAFNOSUPPORT);
    addCommon();
    permit();
    return (struct sock_fprog){length, program};
}

bool kiln_filter_apply(bool strict)
{
    struct sock_fprog filter = kiln_filter(strict, getpid());
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}
