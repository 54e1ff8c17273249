#!/usr/bin/env python3
"""Sends hostile inputs to a server, and checks that each costs nothing but its own job.

    python3 Tests/Hostile/run.py --kiln .build-release/release/kiln           all of them
    python3 Tests/Hostile/run.py --kiln .build/debug/kiln --quick             a choice of them, within half a minute
    python3 Tests/Hostile/run.py --kiln ... --only zip                        those whose names hold a word

For each: the expected end. In all: no crash of the server, nothing of the host in any answer, result or log, no process
and no file left, and other people's jobs unharmed. Exit code 1 where one of these does not hold.
"""

import argparse
import collections
import concurrent.futures
import io
import json
import pathlib
import secrets
import sys
import tempfile
import threading
import time
import unicodedata
import zipfile

import bombs
import broken
import reaching
from pieces import one, sample
from server import Server

BIDI = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}


def arguments():
    parser = argparse.ArgumentParser(description="Sends hostile inputs to a server of its own.")
    parser.add_argument("--kiln", required=True, help="the program")
    parser.add_argument("--quick", action="store_true", help="a choice of them")
    parser.add_argument("--only", default="", help="those whose names hold this word")
    parser.add_argument("--part", default="1/1", help="a share of them, such as 2/3")
    parser.add_argument("--tools", default="", help="tools to use; all that are found")
    parser.add_argument("--verbose", action="store_true", help="every input with its end")
    return parser.parse_args()


def is_fit_to_show(name):
    """Neither folders, nor what breaks a line or turns the order of letters."""
    return not any(
        c in "/\\" or unicodedata.category(c) in ("Cc", "Zl", "Zp") or unicodedata.bidirectional(c) in BIDI
        for c in name
    )


class Attack:
    def __init__(self, server, secrets_of_the_host):
        self.server, self.secrets = server, secrets_of_the_host
        self.leaks, self.wrong, self.ends = [], [], collections.Counter()

    def run(self, case):
        began = time.monotonic()
        status, body, _ = self.server.upload(case)
        self.search(case, "answer", body)
        end, job = f"{status} ?", None
        try:
            answer = json.loads(body)
            end = f"{status} {answer.get('code')}"
        except ValueError:
            answer = {}
        if status == 202:
            job = self.server.end(answer["id"])
            end = self.outcome(case, job)
        is_right = end in case.ends or end.split()[0] in case.ends or end == "422 noRoute"
        if job and not is_fit_to_show(job["source"]["filename"]):
            is_right, end = False, end + " with a hostile name"
        if not is_right:
            self.wrong.append(f"{case.name}: {end}, not {' | '.join(sorted(case.ends))}")
        return case.name, end, is_right, time.monotonic() - began

    def outcome(self, case, job):
        for part in ("", "/log", "/result", "/source", "/events"):
            status, body, headers = self.server.request("GET", f"/api/jobs/{job['id']}{part}")
            if part != "/source":
                self.search(case, part or "job", body)
            if status == 200 and part in ("/result", "/source"):
                self.check_headers(case, headers)
        if job["status"] == "failed":
            return "failed " + job["failure"]["code"]
        return job["status"]

    def check_headers(self, case, headers):
        headers = {name.lower(): value for name, value in headers.items()}
        if (
            not headers.get("content-disposition", "").startswith("attachment")
            or headers.get("x-content-type-options") != "nosniff"
            or "sandbox" not in headers.get("content-security-policy", "")
        ):
            self.wrong.append(f"{case.name}: served without its guards: {headers}")

    def search(self, case, place, body):
        pieces = [body]
        if body[:2] == b"PK":
            try:
                with zipfile.ZipFile(io.BytesIO(body)) as file:
                    pieces += [file.read(name) for name in file.namelist()]
            except (zipfile.BadZipFile, OSError, RuntimeError, ValueError):
                pass
        for secret in self.secrets:
            if any(secret in piece for piece in pieces):
                self.leaks.append(f"{case.name}: {secret[:20]!r} in its {place}")


class Bystander(threading.Thread):
    """Someone whose jobs go on meanwhile."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server, self.done, self.harmed, self.is_over = server, 0, [], threading.Event()

    def run(self):
        case = one("benign", "box.obj", sample("obj"), "stl", [])
        while not self.is_over.wait(0.2):
            try:
                status, body, _ = self.server.upload(case)
                job = self.server.end(json.loads(body)["id"])
                if job["status"] != "succeeded":
                    self.harmed.append(f"{job['status']}: {job['failure']}")
                self.done += 1
            except (OSError, KeyError, ValueError) as error:
                self.harmed.append(repr(error))


def cases(options, canary):
    found = [case for family in broken.FAMILIES + bombs.FAMILIES for case in family(canary)] + list(
        reaching.cases(canary)
    )
    part, parts = map(int, options.part.split("/"))
    chosen = [c for c in found if options.only in c.name and (c.is_quick or not options.quick)]
    return chosen[part - 1 :: parts]


def main():
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="kiln-hostile-") as folder:
        token = "CANARY-" + secrets.token_hex(16)
        canary = pathlib.Path(folder) / "canary.txt"
        canary.write_text(f"solid {token}\n" * 3)
        # The account that a tool may need is of the sandbox's own making; nobody else is in it.
        host = [token.encode(), b"daemon:x:1:1", b"root:x:0:0:root:/root"]
        server = Server(options.kiln, folder, **({"TOOLS": options.tools} if options.tools else {}))
        attack, bystander = Attack(server, host), Bystander(server)
        bystander.start()
        began = time.monotonic()
        chosen = cases(options, str(canary))
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            for name, end, is_right, seconds in pool.map(attack.run, chosen):
                attack.ends[end] += 1
                if options.verbose or not is_right:
                    print(f"{'  ' if is_right else '! '}{name:52} {end:32} {seconds:6.1f} s", flush=True)
        bystander.is_over.set()
        bystander.join()
        return report(attack, bystander, server, len(chosen), time.monotonic() - began)


def report(attack, bystander, server, count, seconds):
    is_alive = server.process.poll() is None
    processes, files = server.leftovers()
    code = server.stop()
    log = server.log.read_bytes()
    attack.leaks += [f"{secret[:20]!r} in the server's log" for secret in attack.secrets if secret in log]
    print(f"\n{count} hostile inputs in {seconds:.0f} s, and how they ended:")
    for end, number in attack.ends.most_common():
        print(f"  {number:5}  {end}")
    checks = {
        "inputs with another end than expected": attack.wrong,
        "places where something of the host was seen": attack.leaks,
        "crashes of the server": [] if is_alive and code == 0 else [f"it ended with {code}"],
        "processes left": sorted(processes),
        "files left in workspaces and staging": files,
        f"other jobs harmed, of {bystander.done}": bystander.harmed or ([] if bystander.done else ["none was done"]),
    }
    for check, found in checks.items():
        print(f"{len(found):7}  {check}" + "".join(f"\n         {line}" for line in found[:40]))
    if any(checks.values()):
        return 1
    print("All is as it should be.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
