"""How soon the server is there again when many jobs were running as it died. Their rows are made by this script."""

import pathlib
import sqlite3
import subprocess
import sys

from server import Server

HERE = pathlib.Path(__file__).parent
JOBS = 1000


def measure(bench):
    folder = bench.new_folder("recovery")
    with Server(bench.kiln, folder, paused=True):
        pass
    subprocess.run([sys.executable, HERE / "seed.py", folder, "0", str(JOBS)], check=True)
    times, counts = [], []
    for _ in range(3):
        counts.append(interrupt(folder))
        bench.quiet.wait()
        with Server(bench.kiln, folder, paused=True) as server:
            times.append(server.seconds_to_ready)
            expect_recovered(server)
            server.kill()
    bench.row(
        f"recovery of {min(counts):,} interrupted jobs (rows made by a script)", "ready within 2 s",
        f"{max(times):.2f} s (the slowest of three)", max(times) <= 2)


def interrupt(folder):
    """Has all jobs run, by the boot that was the last one. Returns how many there are."""
    database = sqlite3.connect(folder / "kiln.db", isolation_level=None)
    boot = database.execute("SELECT id FROM boot ORDER BY id DESC LIMIT 1").fetchone()[0]
    database.execute("BEGIN IMMEDIATE")
    database.execute(
        "UPDATE job SET status = 'running', attempt = attempt + 1, claimedBy = ? WHERE status = 'pending'", [boot])
    # Else those that ran in every round would fail as suspects.
    database.execute("UPDATE job SET crashes = 0 WHERE status = 'running'")
    database.execute(
        "INSERT OR IGNORE INTO attempt (jobId, number, step, converter, tool, boot, outcome, startedAt)"
        " SELECT id, attempt, step, tool, tool, claimedBy, 'running', changedAt FROM job WHERE status = 'running'")
    database.execute("COMMIT")
    count = database.execute("SELECT count(*) FROM job WHERE status = 'running'").fetchone()[0]
    database.close()
    # Python's SQLite takes the WAL in and removes it, which the server would take for a loss.
    (folder / "kiln.db-wal").touch(mode=0o600)
    return count


def expect_recovered(server):
    counts = server.json("/ready")["checks"]["queue"]
    if counts["running"] + counts["pending"] != JOBS:
        raise SystemExit(f"Of {JOBS} jobs there are {counts}")
