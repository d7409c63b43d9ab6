"""Starts the three processes, sends tickets to them, and stops each, whatever happens."""

import http.client
import json
import os
import signal
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Callable
from urllib.parse import urlsplit

from . import made_up

ROOT = Path(__file__).resolve().parents[3]
# Spans that take longer are tagged: nobody wants to wait for the minute of rules/slow_trace.lua.
THRESHOLD = 1.0
# What a shell says to OpenTelemetry's SDKs and to other hosts is not meant for the example.
FOREIGN = ("OTEL_", "PROCESSOR_HOST_", "TICKETS_")


class Service:
    """One of the processes."""

    def __init__(self, executable: Path, role: str, environment: dict[str, str], folder: Path):
        self.role = role
        self.output = folder / f"{role}.out"
        self.log = folder / f"{role}.log"
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)}
        with self.output.open("wb") as output, self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [str(executable), role], env=inherited | environment, stdin=subprocess.DEVNULL, stdout=output, stderr=log
            )

    def said(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]

    def line(self, word: str) -> str | None:
        """What follows a word at the start of a line of its output."""
        lines = [line for line in self.output.read_text().splitlines(keepends=True) if line.endswith("\n")]
        return next((line.removeprefix(word).strip() for line in lines if line.startswith(word)), None)

    def cpu(self) -> float:
        """Seconds of CPU, user and system, of all its threads, those too that have ended meanwhile."""
        # What clock_getcpuclockid(3) makes of a process id on Linux; Python has no function for it.
        return time.clock_gettime(~self.process.pid << 3 | 2)

    def memory(self) -> float:
        """Resident memory in MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024

    def stop(self) -> int:
        """Asks it to end, and makes it where it does not. Says with which status it ended."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        return self.process.wait()


class Services:
    """`tickets`, `webhook` and `worker`, on ports that the system chooses."""

    def __init__(self, executable: Path, folder: Path, endpoint: str | None, rules: Path, **variables: str):
        """Without an endpoint there is no tracer in the processes."""
        folder.mkdir(parents=True, exist_ok=True)
        self.executable, self.folder = executable, folder
        self.environment = made_up.ENVIRONMENT | variables
        if endpoint:
            self.environment |= {
                "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
                "PROCESSOR_HOST_RULES_DIR": str(rules),
                "PROCESSOR_HOST_RULES_SETTINGS": f"slow_trace.threshold={THRESHOLD * 1000:.0f}ms",
            }
        else:
            self.environment["TICKETS_TRACING"] = "off"
        self.all: list[Service] = []

    def __enter__(self) -> "Services":
        try:
            self.environment["TICKETS_BACKEND_URL"] = self.start("tickets")
            self.environment["TICKETS_QUEUE_URL"] = self.start("webhook")
            self.start("worker", listens=False)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self, role: str, listens: bool = True) -> str | None:
        service = Service(self.executable, role, self.environment, self.folder)
        self.all.append(service)
        if not listens:
            return None
        self.wait(lambda: service.line("listening"), f"{role} to listen", 30)
        return service.line("listening")

    @property
    def webhook(self) -> str:
        return self.environment["TICKETS_QUEUE_URL"]

    def send(self, content: dict, as_if: dict | None = None) -> int:
        """Sends a webhook; says with which status it was answered."""
        body, headers = made_up.signed(content, as_if)
        connection = http.client.HTTPConnection(urlsplit(self.webhook).netloc, timeout=30)
        try:
            connection.request("POST", "/webhook/tickets", body, headers)
            return connection.getresponse().status
        finally:
            connection.close()

    def updates(self) -> int:
        """How many tickets were updated: each webhook that was taken leads to one."""
        with urllib.request.urlopen(self.environment["TICKETS_BACKEND_URL"] + "/updates", timeout=30) as response:
            return json.load(response)["count"]

    def wait(self, is_done: Callable[[], object], what: str, seconds: float):
        """Waits until something is done; ends the example where it is not in time, or where a process is gone."""
        end = time.monotonic() + seconds
        while not is_done():
            for service in self.all:
                if service.process.poll() is not None:
                    raise SystemExit(f"{service.role} ended with status {service.process.returncode}:\n{service.said()}")
            if time.monotonic() > end:
                logs = "\n".join(f"{service.role} said:\n{service.said()}" for service in self.all)
                raise SystemExit(f"waited {seconds:g} s for {what}\n{logs}")
            time.sleep(0.02)

    def cpu(self) -> dict[str, float]:
        return {service.role: service.cpu() for service in self.all}

    def memory(self) -> dict[str, float]:
        return {service.role: service.memory() for service in self.all}

    def stop(self) -> dict[str, dict]:
        """Ends the worker, the webhook and the tickets; says what became of each one's spans."""
        accounts = {}
        for service in reversed(self.all):
            status = service.stop()
            if status != 0:
                accounts[service.role] = {"status": status, "said": service.said()}
            elif account := service.line("account"):
                accounts[service.role] = json.loads(account)
        return accounts
