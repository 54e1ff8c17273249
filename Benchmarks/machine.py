"""The machine that measures: its facts, and what the kernel tells about a process."""

import os
import pathlib
import platform
import re
import subprocess
import time

TICKS = os.sysconf("SC_CLK_TCK")


def facts(folder):
    """What a reader needs to judge the figures by, as (name, value)."""
    processor = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text())[1]) / 1024**2
    release = re.search(r'PRETTY_NAME="(.*)"', pathlib.Path("/etc/os-release").read_text())
    disk = subprocess.run(["findmnt", "-no", "FSTYPE", "-T", folder], capture_output=True, text=True).stdout.strip()
    return [
        ("processor", f"{processor[1] if processor else platform.machine()}, {len(os.sched_getaffinity(0))} cores"),
        ("memory", f"{memory:.0f} GiB"),
        ("system", f"{release[1] if release else 'Linux'}, kernel {platform.release().split('-')[0]}, {disk}"),
    ]


class Quiet:
    """Waits until the machine has nothing else to do, and remembers how far that succeeded."""

    def __init__(self, patience):
        self.patience = patience
        self.others = []

    def wait(self):
        """Dirty pages are written, recently freed inodes are free again, and for a second nobody else works."""
        os.sync()
        # ext4 without a journal does not use an inode for a minute after it was freed, and searches past all of those for
        # each new file. What the measurements themselves make is not removed before they end.
        time.sleep(1 if self.others else 65)
        deadline = time.monotonic() + self.patience
        while (share := busy_share()) > 0.1 and time.monotonic() < deadline:
            pass
        self.others.append(share)


def busy_share(seconds=1):
    """The part of all cores that is in use."""
    def ticks():
        fields = list(map(int, pathlib.Path("/proc/stat").read_text().split("\n")[0].split()[1:9]))
        return sum(fields), fields[3] + fields[4]

    total, idle = ticks()
    time.sleep(seconds)
    later_total, later_idle = ticks()
    return 1 - (later_idle - idle) / (later_total - total)


def cpu_seconds(process_id):
    """CPU time of the process itself; and of all below it, with what they have waited for."""
    def seconds(process_id):
        fields = pathlib.Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()
        return [int(field) / TICKS for field in fields[11:15]]

    def below(process_id):
        for path in pathlib.Path(f"/proc/{process_id}/task").glob("*/children"):
            for child in path.read_text().split():
                yield child
                yield from below(child)

    user, system, *ended = seconds(process_id)
    return user + system, sum(ended) + sum(sum(seconds(process)) for process in below(process_id))


def memory(process_id, field="VmRSS"):
    """In MB (10⁶ bytes)."""
    text = pathlib.Path(f"/proc/{process_id}/status").read_text()
    return int(re.search(rf"{field}:\s*(\d+) kB", text)[1]) * 1024 / 1e6


def command_lines(needle):
    """The arguments of each process that has `needle` among them."""
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().decode(errors="replace").split("\0")[:-1]
        except OSError:
            continue
        if any(needle in word for word in words):
            yield words
