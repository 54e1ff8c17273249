"""Fills a data folder that kiln has made with jobs as they would be after months: attempts, artifacts, blobs, events.

    python3 Benchmarks/seed.py DATA_FOLDER FINISHED PENDING

Written behind the server's back, with triggers and indexes put aside meanwhile and the rows that they would have made.
Waiting jobs have their files; those of finished jobs are only named: nothing reads them but a download.
"""

import json
import os
import pathlib
import random
import sqlite3
import sys
import time

ROUTE = json.dumps([{"from": "obj", "to": "stl", "converters": ["assimp"]}])
ARGUMENTS = json.dumps(["assimp", "export", "/in/model.obj", "/out/model.stl", "-fstlb", "-embtex"])
GEOMETRY = json.dumps({"vertices": 36, "triangles": 12, "extents": [1.0, 1.0, 2.5]})
FAILURE = "Assimp could not read the file: no reason was given."
# In bytes: more than what the database keeps of files (DB_FILE_SIZE).
FILE_SIZE = 20_000
BATCH = 20_000

TABLES = {
    "job": "id kind client requestId priority turn status reason sourceFilename sourceFormat targetFormat route tool attempt "
           "failures failureCode failureMessage createdAt changedAt startedAt finishedAt",
    "attempt": "jobId number step converter tool toolVersion arguments boot outcome failureCode failureMessage exitCode "
               "cpuSeconds peakMemoryBytes startedAt finishedAt",
    "blob": "key size sha256 createdAt",
    "artifact": "id jobId role step attempt filename format packaging blobKey geometry verifiedBy createdAt",
    "event": "at subjectKind subjectId fromStatus toStatus attempt client requestId reason",
}


def main(folder, finished, pending):
    folder = pathlib.Path(folder)
    database = sqlite3.connect(folder / "kiln.db", isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000", "foreign_keys = OFF"):
        database.execute(f"PRAGMA {pragma}")
    aside = database.execute(
        "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL").fetchall()
    database.execute("BEGIN IMMEDIATE")
    for kind, name, _ in aside:
        database.execute(f"DROP {kind} {name}")
    Seed(database, folder).fill(finished, pending)
    for _, _, statement in aside:
        database.execute(statement)
    database.execute("COMMIT")
    database.execute("PRAGMA journal_mode = WAL")
    database.close()


class Seed:
    def __init__(self, database, folder):
        self.database, self.folder = database, folder
        self.random = random.Random(1)
        self.rows = {table: [] for table in TABLES}
        self.tally = {}
        self.boot = database.execute("SELECT id FROM boot ORDER BY id DESC LIMIT 1").fetchone()[0]

    def fill(self, finished, pending):
        # The newest job is as old as this moment; the next ones that the server makes follow it.
        now = int(time.time() * 1000) - 15 * (finished + pending) - 1000
        for number in range(finished + pending):
            now += self.random.randrange(30)
            status = "pending" if number >= finished else self.ending(number)
            self.add(self.identifier(now), status, now)
            if number % BATCH == BATCH - 1:
                self.flush()
        self.flush()
        self.database.executemany(
            "INSERT INTO tally (name, label, value) VALUES (?, ?, ?)"
            " ON CONFLICT (name, label) DO UPDATE SET value = value + excluded.value",
            [(*key, value) for key, value in self.tally.items()])

    def ending(self, number):
        """One in a thousand was cancelled: the rare status; one in a hundred failed."""
        return "cancelled" if number % 1000 == 500 else "failed" if number % 100 == 50 else "succeeded"

    def identifier(self, now):
        """A UUIDv7 (RFC 9562 §5.7)."""
        text = f"{now:012x}7{self.random.getrandbits(12):03x}{8 + self.random.getrandbits(2):x}{self.random.getrandbits(60):015x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def add(self, job, status, now):
        ended = status != "pending"
        attempted = status in ("succeeded", "failed")
        failed = status == "failed"
        request = self.identifier(now)
        self.rows["job"].append((
            job, "conversion", "anonymous", request, 1, now + 3, status, "invalidInput" if failed else None,
            f"part-{now % 9973}.obj", "obj", "stl", ROUTE, "assimp", int(attempted), int(failed),
            "invalidInput" if failed else None, FAILURE if failed else None, now, now + 3 if not ended else now + 45,
            now + 5 if attempted else None, now + 45 if ended else None))
        self.artifact(job, "source", "source", 0, now + 3, filename=f"part-{now % 9973}.obj", format="obj")
        if not ended:
            self.write_source(job)
        if attempted:
            self.attempt(job, failed, now)
        path = [None, "uploading", "pending"] + (["running"] if attempted else []) + ([status] if ended else [])
        for place, (left, entered) in enumerate(zip(path, path[1:])):
            self.rows["event"].append((
                now + 12 * place, "job", job, left, entered, 1 if entered in ("running", "succeeded", "failed") else None,
                "anonymous", request, "invalidInput" if entered == "failed" else None))
        # Final statuses count all there ever were, active ones those of now.
        self.count("jobs", status)

    def attempt(self, job, failed, now):
        outcome = "failed" if failed else "succeeded"
        self.rows["attempt"].append((
            job, 1, 0, "assimp", "assimp", "5.2", ARGUMENTS, self.boot, outcome, "invalidInput" if failed else None,
            FAILURE if failed else None, 10 if failed else 0, 0.012, 12_000_000, now + 5, now + 45))
        self.count("attempts", f"assimp {outcome}")
        self.artifact(job, "log", "1.log", 1, now + 44)
        if not failed:
            self.artifact(
                job, "result", "1.output", 1, now + 44, filename=f"part-{now % 9973}.stl", format="stl",
                geometry=GEOMETRY, verified="kiln")

    def artifact(self, job, role, key, attempt, now, filename=None, format=None, geometry=None, verified=None):
        self.rows["blob"].append((f"{job}.{key}", FILE_SIZE, f"{self.random.getrandbits(256):064x}", now))
        self.rows["artifact"].append((
            self.identifier(now), job, role, 0, attempt, filename, format, "file", f"{job}.{key}", geometry, verified, now))

    def write_source(self, job):
        shard = self.folder / "blobs" / job[-2:]
        shard.mkdir(mode=0o700, exist_ok=True)
        (shard / f"{job}.source").write_bytes(b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n".ljust(FILE_SIZE))

    def count(self, name, label):
        self.tally[name, label] = self.tally.get((name, label), 0) + 1

    def flush(self):
        for table, columns in TABLES.items():
            columns = columns.split()
            # `blob`, `attempt` and `artifact` are stored in the order of their keys.
            self.rows[table].sort() if table in ("blob", "artifact", "attempt") else None
            self.database.executemany(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", self.rows[table])
            self.rows[table].clear()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
