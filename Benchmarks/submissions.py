"""Durable submissions: how many 202s per second, against what the disk can take at all."""

import os
import sqlite3
import statistics

import load
import machine
import models
from server import Server

CONNECTIONS = 32
WARM_UP = 500


def measure(bench):
    upload = [load.multipart(models.small_obj(), "stl")]
    bare = []
    with (Side(bench, upload, "submissions") as usual, Side(bench, upload, "files", DB_FILE_SIZE="0") as files):
        for number in range(bench.rounds):
            folder = bench.new_folder(f"bare-{number}")
            bench.quiet.wait()
            bare.append(load.durable(bench.scratch, folder, CONNECTIONS, bench.submissions))
            usual.round()
            files.round()
        usual.count()
        files.count()
    rate, bare_rate, files_rate = usual.rate, statistics.median(bare), files.rate
    bench.row("durable submissions, 1 KB, 32 connections, tools paused", "> 1,000/s", usual.detail, rate > 1000)
    bench.row(
        "the same, against write + fsync + rename + fsync of the folder from 32 threads", "≥ 0.25",
        f"{rate / bare_rate:.2f} (bare {bare_rate:.0f}/s; {min(bare):.0f} to {max(bare):.0f}; "
        f"with a file for each, `DB_FILE_SIZE=0`: {files_rate:.0f}/s, {files_rate / bare_rate:.2f})",
        rate / bare_rate >= 0.25)


class Side:
    """One server, and what was measured of it."""

    def __init__(self, bench, upload, name, **settings):
        self.bench, self.upload = bench, upload
        self.server = Server(bench.kiln, bench.new_folder(name), paused=True, MAX_QUEUE="1000000", **settings)
        self.rates, self.own, self.waits, self.client = [], [], [], []

    def __enter__(self):
        self.server.__enter__()
        load.run(self.bench.scratch, self.server, self.upload, CONNECTIONS, WARM_UP)
        return self

    def __exit__(self, *error):
        self.server.__exit__(*error)

    def round(self):
        self.bench.quiet.wait()
        before = machine.cpu_seconds(self.server.process_id)[0]
        result = load.run(self.bench.scratch, self.server, self.upload, CONNECTIONS, self.bench.submissions)
        self.own.append((machine.cpu_seconds(self.server.process_id)[0] - before) / result["units"] * 1e3)
        self.client.append(result["cpu"] / result["seconds"])
        self.rates.append(result["rate"])
        self.waits.append(result["p99"])

    def count(self):
        """Stops unless as many are kept as were acknowledged."""
        kept = sum(len(files) for _, _, files in os.walk(self.server.folder / "blobs"))
        with sqlite3.connect(f"file:{self.server.folder / 'kiln.db'}?mode=ro", uri=True) as database:
            kept += database.execute("SELECT count(*) FROM content").fetchone()[0]
        if kept != WARM_UP + self.bench.rounds * self.bench.submissions:
            raise SystemExit(f"{kept} files are kept, which is not what was acknowledged.")

    @property
    def rate(self):
        return statistics.median(self.rates)

    @property
    def detail(self):
        return (f"{self.rate:.0f}/s (of {len(self.rates)} rounds {min(self.rates):.0f} to {max(self.rates):.0f}; "
                f"p99 {statistics.median(self.waits):.0f} ms; server {statistics.median(self.own):.2f} ms of CPU each, "
                f"client {statistics.median(self.client):.2f} of a core)")
