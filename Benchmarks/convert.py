"""Upload, conversion, download: the rate with eight clients, the server's own CPU time, and what it adds to a lone job."""

import pathlib
import shutil
import statistics
import subprocess
import time

import load
import machine
import models
from server import Server

CLIENTS = 8


def measure(bench):
    sample = models.small_obj()
    bare = BareTool(bench, sample)
    folder = bench.new_folder("convert")
    with Server(bench.kiln, folder) as server:
        upload = [load.multipart(sample, "stl")]
        load.run(bench.scratch, server, upload, CLIENTS, 50, mode="convert")
        eight_clients(bench, server, upload, bare)
        lone_job(bench, server, upload, bare)


def eight_clients(bench, server, upload, bare):
    bare_rates, rates, own, children, client = [], [], [], [], []
    for _ in range(bench.rounds):
        bench.quiet.wait()
        bare_rates.append(bare.rate(bench.jobs_per_round))
        bench.quiet.wait()
        before = machine.cpu_seconds(server.process_id)
        result = load.run(bench.scratch, server, upload, CLIENTS, bench.jobs_per_round, mode="convert")
        after = machine.cpu_seconds(server.process_id)
        rates.append(result["rate"])
        own.append((after[0] - before[0]) / result["units"] * 1e3)
        children.append((after[1] - before[1]) / result["units"] * 1e3)
        client.append(result["cpu"] / result["units"] * 1e3)
    rate, bare_rate = statistics.median(rates), statistics.median(bare_rates)
    bench.row(
        "upload → converted → downloaded, 1 KB OBJ to STL, 8 clients",
        "≥ 0.75 of the bare tool in the same sandbox, `xargs -P 2`",
        f"{rate / bare_rate:.2f} ({rate:.0f}/s against {bare_rate:.0f}/s; of {bench.rounds} rounds "
        f"{min(rates):.0f} to {max(rates):.0f} and {min(bare_rates):.0f} to {max(bare_rates):.0f})",
        rate / bare_rate >= 0.75)
    bench.row(
        "server's own CPU per such job", "≤ 5 ms",
        f"{statistics.median(own):.2f} ms (launcher, sandbox and tool together: {statistics.median(children):.1f} ms, "
        f"the measuring client: {statistics.median(client):.2f} ms)",
        statistics.median(own) <= 5)


def lone_job(bench, server, upload, bare):
    whole, sandboxed, naked = [], [], []
    bench.quiet.wait()
    for _ in range(bench.lone_jobs):
        whole.append(load.run(bench.scratch, server, upload, 1, 1, mode="convert")["p50"])
        sandboxed.append(bare.one(bare.command))
        naked.append(bare.one(bare.naked))
    whole, sandboxed, naked = map(statistics.median, (whole, sandboxed, naked))
    bench.row(
        "added to a lone job's latency over the bare tool, p50", "≤ 20 ms",
        f"{whole - naked:.1f} ms ({whole:.1f} ms against {naked:.1f} ms; the tool in the sandbox alone: {sandboxed:.1f} ms)",
        whole - naked <= 20)


class BareTool:
    """The tool as the server calls it, without the server: its command is read off a running one."""

    def __init__(self, bench, sample):
        self.folder = bench.new_folder("bare")
        self.sample = self.folder / "model.obj"
        self.sample.write_bytes(sample)
        self.tool = shutil.which("assimp")
        self.runs = 0
        self.command = self.spy(bench, sample)
        program = self.command.index("--") + 1
        (self.folder / "naked").mkdir()
        self.naked = [word.replace("/in/model.obj", str(self.sample)).replace("/out/", f"{self.folder}/naked/")
                      for word in self.command[program:]]

    def spy(self, bench, sample):
        """Submits a job to a server whose tool sleeps, and takes the sandbox's arguments from the process list."""
        with Server(bench.kiln, bench.new_folder("spy"), paused=True) as server:
            job = server.submit(sample)["id"]
            deadline = time.monotonic() + 10
            while time.monotonic() < deadline:
                for words in machine.command_lines(f"{job}.1/out"):
                    if words[0].endswith("bwrap"):
                        return self.translated(words, server.settings["ASSIMP_PATH"], job)
                time.sleep(0.01)
        raise SystemExit("The sandbox was not seen among the processes.")

    def translated(self, words, paused_tool, job):
        """The same arguments with our sample, our folders (`{}` is the run's number), and the real tool."""
        words = list(words)
        # The launcher's own channels, and the view of a tool that lies outside /usr.
        for option, before, length in (("--json-status-fd", 0, 2), ("--seccomp", 0, 2), (paused_tool, 1, 3)):
            if option in words[:words.index("--")]:
                at = words.index(option) - before
                del words[at:at + length]
        for at, word in enumerate(words):
            if word == paused_tool:
                words[at] = self.tool
            elif word.endswith((f"{job}.source", f"{job}.1/source")):
                words[at] = str(self.sample)
            elif f"{job}.1/" in word:
                words[at] = f"{self.folder}/{{}}/" + pathlib.Path(word).name
        return words

    def rate(self, count):
        """Runs per second of `xargs -P 2`. The folders are made before and removed in the end."""
        first = self.runs
        self.runs += count
        for number in range(first, self.runs):
            for name in ("out", "tmp"):
                (self.folder / str(number) / name).mkdir(parents=True)
        numbers = "\n".join(map(str, range(first, self.runs))).encode()
        began = time.perf_counter()
        subprocess.run(
            ["xargs", "-P", "2", "-I", "{}", *self.command], input=numbers, check=True, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - began
        if not all((self.folder / str(number) / "out/model.stl").exists() for number in range(first, self.runs)):
            raise SystemExit("The bare tool wrote no result.")
        return count / seconds

    def one(self, command):
        """Milliseconds of one run."""
        for name in ("out", "tmp"):
            (self.folder / "lone" / name).mkdir(parents=True, exist_ok=True)
        began = time.perf_counter()
        subprocess.run(
            [word.replace("{}", "lone") for word in command], check=True, stdout=subprocess.DEVNULL, close_fds=False)
        return (time.perf_counter() - began) * 1e3
