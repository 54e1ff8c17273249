"""A kiln that is started for a measurement, and ended with it."""

import http.client
import json
import os
import pathlib
import socket
import subprocess
import time

PAUSED_TOOL = """#!/bin/sh
# Stands for a tool that never ends, so that jobs stay where they are.
case "$1" in version) echo 'Version v5.2'; exit 0 ;; esac
exec sleep 3600
"""


class Server:
    """Use as a context: `with Server(kiln, folder) as server`. Settings are the variables of the environment."""

    def __init__(self, kiln, folder, paused=False, **settings):
        self.kiln = os.path.abspath(kiln)
        self.folder = pathlib.Path(folder)
        self.port = free_port()
        # Only the tool that is measured, and nothing of its self-test in the figures.
        standard = {"TOOLS": "assimp", "SELF_TEST": "off"}
        self.settings = standard | {"SHUTDOWN_TIMEOUT": "1s", "LOG_LEVEL": "warning", "DISK_RESERVE": "0"} | settings
        if paused:
            self.settings["ASSIMP_PATH"] = str(self.make_paused_tool())
        self.process = None
        self.seconds_to_ready = None

    def make_paused_tool(self):
        path = self.folder.parent / "paused-tool"
        path.write_text(PAUSED_TOOL)
        path.chmod(0o755)
        return path

    def __enter__(self):
        environment = {"PATH": os.environ["PATH"], "PORT": str(self.port), "DATA_DIR": str(self.folder), "CACHE": "off"}
        self.log = open(self.folder.parent / "server.log", "ab")
        began = time.perf_counter()
        self.process = subprocess.Popen(
            [self.kiln, "serve"], env=environment | self.settings, cwd=self.folder.parent,
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        try:
            self.wait_until_ready(began)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *unused):
        self.stop()

    def wait_until_ready(self, began, limit=120):
        while time.perf_counter() < began + limit:
            if self.process.poll() is not None:
                raise SystemExit(f"The server ended with {self.process.returncode}; see {self.log.name}")
            try:
                if self.get("/ready")[0] == 200:
                    self.seconds_to_ready = time.perf_counter() - began
                    return
            except OSError:
                pass
            time.sleep(0.002)
        raise SystemExit(f"The server was not ready within {limit} s; see {self.log.name}")

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()

    def kill(self):
        self.process.kill()
        self.process.wait()

    @property
    def process_id(self):
        return self.process.pid

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def get(self, path, connection=None):
        """Status and body."""
        own = connection or self.connect()
        try:
            own.request("GET", path)
            answer = own.getresponse()
            return answer.status, answer.read()
        finally:
            if connection is None:
                own.close()

    def json(self, path, connection=None):
        status, body = self.get(path, connection)
        if status != 200:
            raise SystemExit(f"{path} answered {status}: {body[:300]!r}")
        return json.loads(body)

    def submit(self, content, source="obj", target="stl"):
        """The job."""
        connection = self.connect()
        try:
            connection.request("POST", f"/api/convert?format={target}&filename=model.{source}", content)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 202:
                raise SystemExit(f"A submission was answered with {answer.status}: {body[:300]!r}")
            return json.loads(body)
        finally:
            connection.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
