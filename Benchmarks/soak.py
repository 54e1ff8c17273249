"""Jobs through a tool that does nothing, for as long as told: nothing is lost, and nothing grows that should not.

    python3 Benchmarks/soak.py --kiln .build-release/release/kiln --minutes 60

With --rows the database begins with so many jobs that are only rows, made up by seed.py.
"""

import argparse
import json
import os
import pathlib
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from server import Server

IDLE_TOOL = """#!/bin/sh
# Its result is its source.
case "$1" in version) echo 'Version v5.2'; exit 0 ;; esac
exec cp "$2" "$3"
"""
HERE = pathlib.Path(__file__).parent
CLIENTS = 4
PERIOD = 5


class Client(threading.Thread):
    """Submits until told to stop."""

    def __init__(self, server, stop, number):
        super().__init__(daemon=True)
        self.server, self.stop, self.number = server, stop, number
        self.acknowledged, self.failed = [], None

    def run(self):
        try:
            connection = self.server.connect()
            count = 0
            while not self.stop.is_set():
                count += 1
                body = f"# {self.number} {count}\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n".encode()
                connection.request("POST", "/api/convert?format=obj&filename=model.obj", body)
                answer = connection.getresponse()
                content = answer.read()
                if answer.status == 429:
                    time.sleep(0.2)
                elif answer.status == 202:
                    self.acknowledged.append(json.loads(content)["id"])
                else:
                    raise SystemExit(f"A submission was answered with {answer.status}: {content[:300]!r}")
        except BaseException as error:
            self.failed = error
            self.stop.set()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kiln", default=".build-release/release/kiln")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rows", type=int, default=0, help="made-up jobs that are there before the first one")
    parser.add_argument("--folder", default="/var/tmp", help="where the data folder is made; 15 KB for each job")
    options = parser.parse_args()
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="kiln-soak-", dir=options.folder))
    try:
        soak(options, scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def soak(options, scratch):
    tool = scratch / "idle-tool"
    tool.write_text(IDLE_TOOL)
    tool.chmod(0o755)
    (scratch / "data").mkdir()
    settings = {"ASSIMP_PATH": str(tool), "MAX_QUEUE": "200", "CACHE": "off", "SHUTDOWN_TIMEOUT": "30s"}
    if options.rows:
        with Server(options.kiln, scratch / "data", **settings):
            pass
        subprocess.run([sys.executable, HERE / "seed.py", scratch / "data", str(options.rows), "0"], check=True)
    with Server(options.kiln, scratch / "data", **settings) as server:
        made_up = ended(server).get("succeeded", 0)
        stop = threading.Event()
        clients = [Client(server, stop, number) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        samples, end = [], time.monotonic() + options.minutes * 60
        while time.monotonic() < end and not stop.wait(PERIOD):
            samples.append(sample(server, scratch / "data"))
            print(samples[-1], file=sys.stderr, flush=True)
        stop.set()
        for client in clients:
            client.join()
        failed = [client.failed for client in clients if client.failed]
        if failed:
            raise SystemExit(f"A client failed: {failed[0]}")
        acknowledged = sum(len(client.acknowledged) for client in clients)
        judge(samples, acknowledged, made_up, drained(server))


def drained(server):
    """The jobs in each status once none waits any more."""
    while True:
        queue = server.json("/health")["checks"]["queue"]
        if queue["pending"] + queue["running"] + queue["uploading"] == 0:
            break
        time.sleep(0.5)
    return ended(server)


def ended(server):
    database = sqlite3.connect(server.folder / "kiln.db")
    return dict(database.execute("SELECT label, value FROM tally WHERE name = 'jobs' AND value > 0"))


def sample(server, data):
    process = pathlib.Path(f"/proc/{server.process_id}")
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    wal = data / "kiln.db-wal"
    return {
        "rssMB": int(status["VmRSS"].split()[0]) // 1024, "threads": int(status["Threads"]),
        "descriptors": len(os.listdir(process / "fd")), "processes": descendants(server.process_id),
        "walMB": wal.stat().st_size // 2**20 if wal.exists() else 0, "work": len(os.listdir(data / "work")),
    }


def descendants(root):
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                fields = pathlib.Path(f"/proc/{name}/stat").read_text().rsplit(")", 1)[1].split()
                parents[int(name)] = int(fields[1])
            except OSError:
                pass
    count, layer = 0, {root}
    while layer:
        layer = {child for child, parent in parents.items() if parent in layer}
        count += len(layer)
    return count


def judge(samples, acknowledged, made_up, ended):
    third = max(1, len(samples) // 3)
    early, late = samples[third:2 * third] or samples, samples[-third:]
    allowed = {"rssMB": 24, "threads": 8, "descriptors": 24, "processes": 12, "walMB": 64, "work": 8}
    print(f"{acknowledged:,} jobs acknowledged, and {made_up:,} succeeded ones made up; ended as {ended}")
    print("| what | early | late |\n|---|---|---|")
    grown = []
    for name, most in allowed.items():
        before, after = (statistics.median(one[name] for one in part) for part in (early, late))
        print(f"| {name} | {before:g} | {after:g} |")
        if after > before + most:
            grown.append(name)
    lost = acknowledged + made_up - ended.get("succeeded", 0)
    if lost or grown:
        raise SystemExit(f"{lost} jobs did not succeed; grown: {', '.join(grown) or 'nothing'}")
    print("All is as it should be.")


if __name__ == "__main__":
    main()
