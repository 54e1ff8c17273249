"""A kiln under attack: the program itself, its data in a folder of its own, and all that it leaves behind."""

import http.client
import json
import os
import pathlib
import re
import subprocess
import time
import uuid

# Short enough that what never ends ends soon.
SETTINGS = {
    "PORT": "0",
    "SELF_TEST": "off",
    "DISK_RESERVE": "0",
    "LOG_LEVEL": "info",
    "MAX_CONCURRENT": "2",
    "SHUTDOWN_TIMEOUT": "10s",
    "CONVERSION_TIMEOUT": "6s",
    "MAX_FILE_SIZE": "32MiB",
}


class Server:
    def __init__(self, kiln, folder, **settings):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.log = self.folder / "server.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [os.path.abspath(kiln), "serve"],
                env={"PATH": os.environ["PATH"], "DATA_DIR": str(self.data), "CACHE": "off"} | SETTINGS | settings,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.port = self.wait_for_port()
        self.quiet = self.children()

    def wait_for_port(self, limit=120):
        end = time.monotonic() + limit
        while time.monotonic() < end and self.process.poll() is None:
            found = re.search(rb"listens on http://127\.0\.0\.1:(\d+)", self.log.read_bytes())
            if found:
                return int(found[1])
            time.sleep(0.02)
        raise SystemExit("The server did not start:\n" + self.log.read_text())

    def request(self, method, path, body=None, headers={}):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())
        finally:
            connection.close()

    def upload(self, case):
        boundary = uuid.uuid4().hex
        body = bytearray()
        for name, filename, content in (
            [("file", name, content) for name, content in case.files]
            + [("format", None, case.target.encode())]
            + ([("options", None, case.options.encode())] if case.options else [])
        ):
            disposition = f'form-data; name="{name}"'
            if filename is not None:
                escaped = filename.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
                # Control characters may not stand in a header; the extended form carries them all the same.
                plain = "".join(c for c in escaped if c.isprintable() or ord(c) > 127)
                disposition += f'; filename="{plain}"' + (
                    "" if plain == escaped else "; filename*=UTF-8''" + "".join(f"%{b:02X}" for b in filename.encode())
                )
            body += f"--{boundary}\r\nContent-Disposition: {disposition}\r\n\r\n".encode() + content + b"\r\n"
        body += f"--{boundary}--\r\n".encode()
        return self.request(
            "POST", "/api/convert", bytes(body), {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        )

    def end(self, job, limit=180):
        """The job when it has ended."""
        until = time.monotonic() + limit
        while time.monotonic() < until:
            found = json.loads(self.request("GET", f"/api/jobs/{job}?wait=20")[1])
            if found["status"] in ("succeeded", "failed", "cancelled"):
                return found
        return found

    def children(self):
        """Every process below the server, and every one that sees its folders in a mount of its own."""
        parents, seers = {}, set()
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                if str(self.data) in (entry / "mountinfo").read_text():
                    seers.add(int(entry.name))
            except OSError:
                continue
        family = {self.process.pid}
        while True:
            more = {pid for pid, parent in parents.items() if parent in family} - family
            if not more:
                return (family | seers) - {self.process.pid}
            family |= more

    def leftovers(self, limit=10):
        """Processes and workspace files that are still there when all jobs have ended."""
        end = time.monotonic() + limit
        while True:
            processes = {process for process in self.children() - self.quiet if not waits_for_a_run(process)}
            files = [str(path) for name in ("work", "staging") for path in (self.data / name).rglob("*")]
            if not processes and not files or time.monotonic() > end:
                return processes, files
            time.sleep(0.1)

    def stop(self):
        """The exit code after a polite request."""
        self.process.terminate()
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


def waits_for_a_run(process):
    """Whether it is a launcher of the server's with nothing below it."""
    folder = pathlib.Path(f"/proc/{process}")
    try:
        children = (folder / f"task/{process}/children").read_text().split()
        return (folder / "comm").read_text() == "kiln-launch\n" and not children
    except OSError:
        return False
