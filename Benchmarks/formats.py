#!/usr/bin/env python3
"""Converts a collection of models to each target that its kind allows, and writes what came out as a table.

    formats.py --kiln KILN --corpus FOLDER [--write docs/formats.md] [--only obj,stl]

FOLDER has MANIFEST.tsv, with the columns file, side_files, vertices, faces, extents and notes: counts by other readers. The
server is started on a free port with a data folder of its own, and stopped afterwards.
"""
import argparse
import ast
import csv
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid

SHAPES = ["glb", "stl", "obj"]
SHEETS = ["pdf", "svg", "png"]


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--kiln", required=True)
    words.add_argument("--corpus", required=True, type=pathlib.Path)
    words.add_argument("--write", type=pathlib.Path)
    words.add_argument("--only", default="")
    choice = words.parse_args()
    only = set(filter(None, choice.only.split(",")))
    models = [m for m in manifest(choice.corpus) if not only or m["file"].split("/")[0] in only]
    with tempfile.TemporaryDirectory() as folder, Server(choice.kiln, folder) as server:
        tools = server.get("/api/converters")["converters"]
        rows = [row for model in models for row in convert(server, choice.corpus, model)]
    text = table(rows, tools)
    if choice.write:
        choice.write.write_text(text)
    print(text)


def manifest(corpus):
    with open(corpus / "MANIFEST.tsv", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


class Server:
    """A server of our own, for as long as the table takes."""

    def __init__(self, kiln, folder):
        self.kiln, self.folder = kiln, folder

    def __enter__(self):
        command = [self.kiln, "serve", "--port", "0", "--data-dir", f"{self.folder}/data", "--disk-reserve", "0"]
        self.log = open(f"{self.folder}/log", "w+")
        self.process = subprocess.Popen(command, stderr=self.log)
        for _ in range(600):
            found = re.search(r"listens on (http://\S+?),", pathlib.Path(self.log.name).read_text())
            if found:
                self.address = found[1]
                return self
            time.sleep(0.1)
        raise SystemExit("The server did not start.")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(60)
        self.log.close()

    def get(self, path):
        with urllib.request.urlopen(self.address + path, timeout=600) as answer:
            return json.load(answer)

    def post(self, fields, files):
        edge = uuid.uuid4().hex
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields.items()]
        for name, path in files:
            head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
            parts.append(head.encode() + path.read_bytes() + b"\r\n")
        body = b"".join(parts) + f"--{edge}--\r\n".encode()
        request = urllib.request.Request(
            self.address + "/api/convert", body, {"Content-Type": f"multipart/form-data; boundary={edge}"})
        try:
            with urllib.request.urlopen(request, timeout=600) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return json.load(error)


def convert(server, corpus, model):
    path = corpus / model["file"]
    kind = path.suffix[1:].lower()
    sides = [s for s in (model["side_files"] or "").split(";") if s]
    files = [(path.name, path)] + [(s, path.parent / s) for s in sides if (path.parent / s).exists()]
    targets = SHAPES + SHEETS if kind == "dxf" else SHEETS if kind == "dwg" else SHAPES
    for target in targets:
        fields = {"format": target} | ({"root": path.name} if len(files) > 1 else {})
        job = server.post(fields, files)
        while job.get("status") in ("pending", "running"):
            job = server.get(f"/api/jobs/{job['id']}?wait=60")
        yield model, kind, target, job


def table(rows, tools):
    versions = ", ".join(f"{t['name']} {t['version']}" for t in tools if t["installed"])
    done = sum(1 for _, _, _, job in rows if job.get("status") == "succeeded")
    lines = [
        "# What converts into what", "",
        "Written by `python3 Benchmarks/formats.py --kiln KILN --corpus FOLDER --write docs/formats.md` from a real run of a server on",
        f"{time.strftime('%Y-%m-%d')}: {done} of {len(rows)} conversions succeeded. Tools: {versions}.", "",
        "Counts of the source are the corpus' own, by other readers; *as told* means within 1 % (triangles) and 2 % (extents, after",
        "unit and axis). Of exact models and drawings the corpus counts no triangles. Time is the wall clock of all attempts, memory the largest of their tools.", "",
        "| model | target | way | triangles | extents | time | memory | remarks |", "|---|---|---|---|---|---|---|---|"]
    return "\n".join(lines + [row(*cells) for cells in rows]) + "\n"


def row(model, kind, target, job):
    if job.get("status") != "succeeded":
        failure = job.get("failure") or {"code": job.get("code"), "message": job.get("detail")}
        return f"| {model['file']} | {target} | {way(job)} | | | | | **{failure['code']}**: {flat(failure['message'])} |"
    facts = job["result"]["geometry"] or {}
    attempts = job["attempts"]
    seconds = sum(moment(a["finishedAt"]) - moment(a["startedAt"]) for a in attempts)
    memory = max((a["peakMemoryBytes"] or 0 for a in attempts), default=0)
    return (f"| {model['file']} | {target} | {way(job)} | {triangles(model, facts)} | {extents(model, kind, target, job, facts)} | "
            f"{seconds:.2f} s | {memory / 1e6:.0f} MB | {flat(' '.join(job['warnings']))} |")


def way(job):
    attempts = [a for a in job.get("attempts") or [] if a["outcome"] == "succeeded"]
    return " → ".join(a["converter"] for a in attempts)


def flat(text):
    return (text or "").replace("|", "/").replace("\n", " ")


def moment(text):
    import datetime
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def triangles(model, facts):
    found = facts.get("triangles")
    if found is None:
        return " ".join(f"{facts[n]} {n}" for n in ("entities", "pages", "pixels") if facts.get(n))
    kind = model["file"].split("/")[0]
    if kind in ("step", "iges", "brep", "dxf"):
        # The corpus counts faces of solids there, or entities.
        return str(found)
    polygons = re.search(r"= (\d+) triangles", model["notes"] or "")
    told = int(polygons[1] if polygons else model["faces"] or 0)
    return f"{found}, as told" if told and abs(found - told) <= 0.01 * told else f"{found} (told: {told})"


def extents(model, kind, target, job, facts):
    found = facts.get("extents")
    if not found:
        return ""
    try:
        told = [float(v) for v in ast.literal_eval(model["extents"])]
    except (ValueError, SyntaxError, TypeError):
        return size(found)
    ways = [sorted(v * scale for v in told) for scale in (1, 0.001, 1000, 0.01, 100, 10, 0.1, 0.0254, 25.4)]
    fits = any(len(w) == len(found) and all(abs(a - b) <= 0.02 * max(b, 1e-9 + 0.001 * w[-1]) for a, b in zip(sorted(found), w)) for w in ways)
    return size(found) + (", as told" if fits else f" (told: {size(told)})")


def size(values):
    return " × ".join(f"{v:.4g}" for v in values)


if __name__ == "__main__":
    main()
