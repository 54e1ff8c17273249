"""A large database: pages of the history, a claim, and how soon the server is ready on it."""

import pathlib
import re
import sqlite3
import statistics
import subprocess
import sys
import time

import load
from server import Server

HERE = pathlib.Path(__file__).parent
PENDING = 10_000
PAGE = 50
REQUESTS = 2000


def measure(bench):
    folder = bench.new_folder("history")
    with Server(bench.kiln, folder, paused=True):
        pass
    began = time.perf_counter()
    subprocess.run([sys.executable, HERE / "seed.py", folder, str(bench.jobs), str(PENDING)], check=True)
    bench.say(f"{bench.jobs} jobs made in {time.perf_counter() - began:.0f} s")
    start(bench, folder)
    claim(bench, folder)
    with Server(bench.kiln, folder, paused=True) as server:
        pages(bench, server)


def start(bench, folder):
    """After a polite stop, and after a kill that leaves attempts running."""
    polite, killed = [], []
    for times in (polite, killed) * 3:
        bench.quiet.wait()
        with Server(bench.kiln, folder, paused=True) as server:
            times.append(server.seconds_to_ready)
            # The paused tool holds its permits: attempts are under way when the kill comes.
            wait_for_running(server)
            if times is polite:
                server.kill()
    # The order of the loop: what follows a kill is counted as `killed`.
    polite, killed = sorted(polite), sorted(killed)
    bench.row(
        f"start with {bench.jobs:,} finished and {PENDING:,} pending jobs", "ready within 1 s",
        f"{max(polite):.2f} s after a stop, {max(killed):.2f} s after kill -9 (the slowest of three each)",
        max(polite + killed) <= 1)


def wait_for_running(server, limit=10):
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if server.json("/api/jobs?status=running&pageSize=1")["items"]:
            return
        time.sleep(0.01)
    raise SystemExit("No job was claimed.")


def claim(bench, folder):
    """The server's own statements, one transaction with FULL each, on the same database while no server runs."""
    text = (HERE.parent / "Sources/Persistence/Jobs/Transitions.swift").read_text()
    update = re.search(r'"""\s*(UPDATE job SET status = \'running\'.*?RETURNING \*)\s*"""', text, re.DOTALL)[1]
    insert = re.search(r'"""\s*(INSERT INTO attempt .*?)\s*"""', text, re.DOTALL)[1]
    database = sqlite3.connect(folder / "kiln.db", isolation_level=None)
    database.row_factory = sqlite3.Row
    database.execute("PRAGMA synchronous = FULL")
    boot = database.execute("SELECT id FROM boot ORDER BY id DESC LIMIT 1").fetchone()[0]
    whole, statements = [], []
    bench.quiet.wait()
    for _ in range(1000):
        began = time.perf_counter()
        database.execute("BEGIN IMMEDIATE")
        job = database.execute(update, {"tool": "assimp", "boot": boot, "now": 1}).fetchall()[0]
        database.execute(insert, {
            "job": job["id"], "number": job["attempt"], "step": 0, "converter": "assimp", "tool": "assimp", "boot": boot,
            "now": 1})
        statements.append(time.perf_counter() - began)
        database.execute("COMMIT")
        whole.append(time.perf_counter() - began)
    for job in database.execute("SELECT id FROM job WHERE status = 'running'").fetchall():
        database.execute("UPDATE job SET status = 'pending', attempt = 0, claimedBy = NULL WHERE id = ?", job)
        database.execute("DELETE FROM attempt WHERE jobId = ?", job)
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    p50, p99 = (statistics.quantiles(statements, n=100)[at] * 1e3 for at in (49, 98))
    durable = statistics.median(whole) * 1e3
    bench.row(
        f"a claim with {bench.jobs:,} finished jobs", "< 1 ms",
        f"p50 {p50:.3f} ms, p99 {p99:.3f} ms (p50 with its own commit to disk: {durable:.2f} ms)", p99 < 1)


def pages(bench, server):
    places = walk(server, bench.jobs + PENDING)
    rare = [f"/api/jobs?status=cancelled&pageSize={PAGE}"]
    rare_token = server.json(rare[0]).get("nextPageToken")
    if rare_token:
        rare.append(f"{rare[0]}&pageToken={rare_token}")
    places["a rare status"] = rare
    for name, paths in places.items():
        requests = [load.get(path) for path in paths]
        load.run(bench.scratch, server, requests, 1, 200)
        bench.quiet.wait()
        alone = load.run(bench.scratch, server, requests, 1, REQUESTS)
        crowd = load.run(bench.scratch, server, requests, 8, REQUESTS)
        bench.row(
            f"history page of {PAGE} at {bench.jobs:,} jobs, p99: {name}", "< 10 ms",
            f"{alone['p99']:.2f} ms (p50 {alone['p50']:.2f} ms; 8 connections at once: p50 {crowd['p50']:.1f} ms, "
            f"p99 {crowd['p99']:.1f} ms, {crowd['rate']:.0f} pages/s)", alone["p99"] < 10)


def walk(server, expected):
    """Addresses of the first, middle and last pages, found as a client finds them; every job is seen once on the way."""
    connection = server.connect()
    tokens, seen, token, newest = [], 0, None, None
    while True:
        page = server.json("/api/jobs?pageSize=200" + (f"&pageToken={token}" if token else ""), connection)
        keys = [(item["createdAt"], item["id"]) for item in page["items"]]
        if keys != sorted(keys, reverse=True) or (newest and keys and keys[0] >= newest):
            raise SystemExit("The history is not in order.")
        seen, newest, token = seen + len(keys), keys[-1] if keys else newest, page["nextPageToken"]
        if not token:
            break
        tokens.append(token)
    connection.close()
    if seen != expected:
        raise SystemExit(f"The history has {seen} jobs instead of {expected}.")
    address = f"/api/jobs?pageSize={PAGE}"
    middle = tokens[len(tokens) // 2 - 50:len(tokens) // 2 + 50]
    return {
        "first": [address],
        "middle": [f"{address}&pageToken={token}" for token in middle or tokens[:1]],
        "last": [f"{address}&pageToken={tokens[-1]}"],
    }
