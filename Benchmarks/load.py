"""The clients in C: built when they are needed, fed with requests, read by their one line of JSON."""

import json
import pathlib
import struct
import subprocess

HERE = pathlib.Path(__file__).parent


def compiled(name, folder):
    program = pathlib.Path(folder) / name
    source = HERE / f"{name}.c"
    if not program.exists():
        subprocess.run(["cc", "-O2", "-pthread", "-o", program, source], check=True)
    return program


def run(scratch, server, requests, connections, count, seconds=120, mode="repeat"):
    """What `load.c` prints, as a dictionary with `rate` per second; latencies are in ms."""
    file = pathlib.Path(scratch) / "requests"
    file.write_bytes(b"".join(struct.pack("<I", len(request)) + request for request in requests))
    command = [compiled("load", scratch), server.port, connections, count, seconds, mode, file]
    answer = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if answer.returncode != 0:
        raise SystemExit(answer.stderr)
    result = json.loads(answer.stdout)
    if result["failures"] or result["units"] < count:
        raise SystemExit(f"{result['units']} of {count} done, {result['failures']} of them failed. {answer.stderr}")
    result["rate"] = result["units"] / result["seconds"]
    return result


def durable(scratch, folder, threads, count, seconds=60):
    """Files per second of the bare loop in `durable.c`."""
    command = [compiled("durable", scratch), folder, threads, count, seconds]
    answer = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True)
    result = json.loads(answer.stdout)
    return result["files"] / result["seconds"]


def get(path):
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def post(path, content):
    return f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content


def multipart(content, target, filename="model.obj"):
    """An upload as a browser or curl sends it."""
    boundary = "kiln-bench-7d1f0c"
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n'
        f"Content-Type: application/octet-stream\r\n\r\n".encode() + content
        + f'\r\n--{boundary}\r\nContent-Disposition: form-data; name="format"\r\n\r\n{target}\r\n--{boundary}--\r\n'.encode())
    head = (f"POST /api/convert HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
            f"Content-Type: multipart/form-data; boundary={boundary}\r\n\r\n")
    return head.encode() + body
