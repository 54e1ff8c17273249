"""A large database with every permit in use: what probes and scrapes cost, alone and beside tools that want every core."""

import os
import pathlib
import statistics
import subprocess
import sys
import time

import history
from server import Server

HERE = pathlib.Path(__file__).parent
# What each may take, in milliseconds.
BUDGETS = {"/metrics": 10, "/live": 10, "/ready": 100, "/health": 200}
REQUESTS = 200
# A new row is written for probes at most every second: so often the whole price is paid.
SPACED = 20


def measure(bench):
    folder = bench.new_folder("watch")
    with Server(bench.kiln, folder, paused=True):
        pass
    subprocess.run([sys.executable, HERE / "seed.py", folder, str(bench.jobs), str(history.PENDING)], check=True)
    with Server(bench.kiln, folder, paused=True) as server:
        history.wait_for_running(server)
        bench.quiet.wait()
        report(bench, server, "every permit in use")
        burners = [
            subprocess.Popen(["nice", "-n", "5", "sh", "-c", "while :; do :; done"]) for _ in range(os.cpu_count() or 2)]
        try:
            report(bench, server, "and every core by tools")
        finally:
            for burner in burners:
                burner.kill()
                burner.wait()


def report(bench, server, load):
    connection = server.connect()
    for path, budget in BUDGETS.items():
        quick = [one(server, path, connection) for _ in range(REQUESTS)]
        spaced = []
        for _ in range(SPACED):
            time.sleep(1.05)
            spaced.append(one(server, path, connection))
        worst = max(quick + spaced)
        bench.row(
            f"{path} at {bench.jobs:,} jobs, {load}", f"< {budget} ms",
            f"p50 {statistics.median(quick):.2f} ms, slowest of {len(quick)} {max(quick):.2f} ms; one a second: "
            f"p50 {statistics.median(spaced):.2f} ms, slowest of {len(spaced)} {max(spaced):.2f} ms", worst < budget)
    connection.close()


def one(server, path, connection):
    """Milliseconds."""
    began = time.perf_counter()
    status, _ = server.get(path, connection)
    if status != 200:
        raise SystemExit(f"{path} answered {status}")
    return (time.perf_counter() - began) * 1e3
