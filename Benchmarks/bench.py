"""Measures the figures of docs/performance.md and prints them as a Markdown table.

    make bench                                   everything, about fifteen minutes
    make bench ONLY=convert,memory               a part
    make bench ONLY=history JOBS=100000          a smaller database
    make bench ARGS=--write                      also into docs/performance.md
"""

import argparse
import datetime
import pathlib
import shutil
import signal
import sys
import tempfile

import convert
import history
import machine
import memory
import recovery
import submissions
import watch

PARTS = {
    "convert": convert, "submissions": submissions, "memory": memory, "history": history, "watch": watch,
    "recovery": recovery,
}
PAGE = pathlib.Path(__file__).parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- figures: written by make bench -->", "<!-- end of figures -->"


class Bench:
    """What the parts share: options, scratch space, and the table they fill."""

    def __init__(self, options, scratch):
        self.kiln, self.jobs, self.rounds = options.kiln, options.jobs, options.rounds
        self.jobs_per_round, self.lone_jobs, self.submissions = 300, 100, 5000
        self.scratch = pathlib.Path(scratch)
        self.quiet = machine.Quiet(options.patience)
        self.rows = []

    def new_folder(self, name):
        folder = self.scratch / name
        folder.mkdir()
        return folder

    def row(self, what, goal, measured, is_reached):
        self.rows.append((what, goal, measured, "yes" if is_reached else "**no**"))
        self.say(f"{what}: {measured} [{goal}: {'yes' if is_reached else 'NO'}]")

    def say(self, text):
        print(text, file=sys.stderr, flush=True)

    def table(self):
        lines = ["| what | goal | measured | reached |", "|---|---|---|---|"]
        return "\n".join(lines + [f"| {' | '.join(row)} |" for row in self.rows])


def main():
    options = parse()
    # Asked to stop, it ends its servers and removes its folders first.
    signal.signal(signal.SIGTERM, lambda *unused: sys.exit(1))
    # Not /tmp: it may be in memory, where a sync costs nothing.
    scratch = tempfile.mkdtemp(prefix="kiln-bench-", dir=options.folder)
    try:
        bench = Bench(options, scratch)
        facts = machine.facts(scratch)
        for name in options.only:
            bench.say(f"-- {name}")
            PARTS[name].measure(bench)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    report = render(bench, facts)
    print(report)
    if options.write:
        write(report)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kiln", default=".build-release/release/kiln", help="the release binary")
    parser.add_argument("--only", default=",".join(PARTS), help="some of: " + ", ".join(PARTS))
    parser.add_argument("--jobs", type=int, default=1_000_000, help="finished jobs in the database of `history`")
    parser.add_argument("--rounds", type=int, default=5, help="how often each comparison is made")
    parser.add_argument("--patience", type=int, default=60, help="seconds to wait for a quiet machine before each round")
    parser.add_argument("--folder", default="/var/tmp", help="where the data folders are made; needs 8 GB")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/performance.md")
    options = parser.parse_args()
    options.only = options.only.split(",")
    unknown = set(options.only) - set(PARTS)
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; there are: {', '.join(PARTS)}")
    return options


def render(bench, facts):
    date = datetime.date.today().isoformat()
    about = "; ".join(f"{name} {value}" for name, value in facts)
    others = max(bench.quiet.others, default=0)
    return f"Measured on {date}: {about}; other work took at most {others:.0%} of it before a round.\n\n{bench.table()}"


def write(report):
    text = PAGE.read_text()
    head, rest = text.split(BEGIN)
    PAGE.write_text(f"{head}{BEGIN}\n{report}\n{END}{rest.split(END)[1]}")


if __name__ == "__main__":
    main()
