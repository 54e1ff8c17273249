"""Durable submissions: how many 202s per second, against what the disk can take at all."""

import os
import statistics

import load
import machine
import models
from server import Server

CONNECTIONS = 32


def measure(bench):
    upload = [load.multipart(models.small_obj(), "stl")]
    rates, bare_rates, own, waits, client = [], [], [], [], []
    with Server(bench.kiln, bench.new_folder("submissions"), paused=True, MAX_QUEUE="1000000") as server:
        load.run(bench.scratch, server, upload, CONNECTIONS, 500)
        for number in range(bench.rounds):
            folder = bench.new_folder(f"bare-{number}")
            bench.quiet.wait()
            bare_rates.append(load.durable(bench.scratch, folder, CONNECTIONS, bench.submissions))
            bench.quiet.wait()
            before = machine.cpu_seconds(server.process_id)[0]
            result = load.run(bench.scratch, server, upload, CONNECTIONS, bench.submissions)
            own.append((machine.cpu_seconds(server.process_id)[0] - before) / result["units"] * 1e3)
            client.append(result["cpu"] / result["seconds"])
            rates.append(result["rate"])
            waits.append(result["p99"])
        kept = sum(len(files) for _, _, files in os.walk(server.folder / "blobs"))
    if kept != 500 + bench.rounds * bench.submissions:
        raise SystemExit(f"{kept} files are kept, which is not what was acknowledged.")
    rate, bare_rate = statistics.median(rates), statistics.median(bare_rates)
    detail = (f"{rate:.0f}/s (of {bench.rounds} rounds {min(rates):.0f} to {max(rates):.0f}; p99 {statistics.median(waits):.0f} ms; "
              f"server {statistics.median(own):.2f} ms of CPU each, client {statistics.median(client):.2f} of a core)")
    bench.row("durable submissions, 1 KB, 32 connections, tools paused", "> 1,000/s", detail, rate > 1000)
    bench.row(
        "the same, against write + fsync + rename + fsync of the folder from 32 threads", "≥ 0.25",
        f"{rate / bare_rate:.2f} (bare {bare_rate:.0f}/s; {min(bare_rates):.0f} to {max(bare_rates):.0f})",
        rate / bare_rate >= 0.25)
