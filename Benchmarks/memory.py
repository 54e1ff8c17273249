"""Resident memory of the server: idle, and after a file of 1 GB went in and came out again."""

import time

import machine
import models
from server import Server

GIGABYTE = 10**9


def measure(bench):
    model = bench.scratch / "large.stl"
    size = models.write_large_stl(model, GIGABYTE)
    with Server(bench.kiln, bench.new_folder("memory"), paused=True, MAX_FILE_SIZE="2GB") as server:
        for path in ("/", "/api/jobs", "/api/formats", "/health"):
            server.get(path)
        time.sleep(5)
        idle = machine.memory(server.process_id)
        with open(model, "rb") as file:
            began = time.perf_counter()
            job = server.submit(file, source="stl", target="obj")
            up = size / 1e6 / (time.perf_counter() - began)
        after_upload = machine.memory(server.process_id)
        down = download(server, job["id"], size)
        after_download = machine.memory(server.process_id)
        peak = machine.memory(server.process_id, "VmHWM")
    model.unlink()
    bench.row("memory, idle", "< 60 MB", f"{idle:.0f} MB resident", idle < 60)
    bench.row(
        "memory after a 1 GB upload and a 1 GB download", "< 80 MB",
        f"{after_upload:.0f} MB and {after_download:.0f} MB, never more than {peak:.0f} MB ({up:.0f} MB/s in, {down:.0f} MB/s out)",
        max(after_upload, after_download) < 80)


def download(server, job, size):
    """MB per second."""
    connection = server.connect()
    began = time.perf_counter()
    connection.request("GET", f"/api/jobs/{job}/source")
    answer = connection.getresponse()
    buffer, received = bytearray(1 << 20), 0
    while count := answer.readinto(buffer):
        received += count
    connection.close()
    if answer.status != 200 or received != size:
        raise SystemExit(f"The download was answered with {answer.status} and {received} of {size} bytes.")
    return size / 1e6 / (time.perf_counter() - began)
