"""Starts the processes of the flow, and stops each of them, whatever happens."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Callable, Iterator

from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

import made_up

HERE = Path(__file__).resolve().parent


class Process:
    """A process with a session of its own, so that its children can be stopped with it."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path, **options):
        # What a shell says to OpenTelemetry's SDKs and to other hosts is not meant for the example.
        foreign = ("OTEL_", "PROCESSOR_HOST_", "SENTRY_")
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
        self.name = Path(command[0]).name
        self.log = log
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                command, env=inherited | environment, stdout=file, stderr=file, stdin=subprocess.DEVNULL,
                start_new_session=True, **options,
            )  # fmt: skip

    def stop(self) -> int:
        """Asks it to end, and makes it where it does not. Says with which status it ended."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        return self.process.wait()

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Host(Process):
    def listening(self, *receivers: str) -> dict[str, str]:
        """The addresses that the system has given to the receivers, as the host logs them."""
        addresses: dict[str, str] = {}

        def are_all_known() -> bool:
            for line in self.said().splitlines(keepends=True):
                if '"listening"' in line and line.endswith("\n"):
                    entry = json.loads(line)
                    addresses[entry["receiver"]] = entry["address"]
            return addresses.keys() >= set(receivers)

        wait(are_all_known, "the host to listen", 60, self)
        return addresses


def host(executable: Path, rules: Path, threshold: float, whole_traces: bool, backend: str, folder: Path) -> Host:
    command = [
        str(executable.resolve()), "run", "--rules", str(rules), "--set", f"slow_trace.threshold={threshold:g}s",
        "--set", f"slow_trace.whole_trace={str(whole_traces).lower()}",
        "--otlp-grpc", "127.0.0.1:0", "--otlp-http", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--log-format", "json",
    ]  # fmt: skip
    environment = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": backend,
        "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        # The root, the webhook's request, ends before its job is taken: a job may wait for so long, and still its spans
        # come before their trace is decided. When the host is told to end it decides what it holds.
        "PROCESSOR_HOST_TRACES_GRACE": "5m",
        "PROCESSOR_HOST_TRACES_WAIT": "5m",
    }
    return Host(command, environment, folder / "host.log")


def python(arguments: list[str], environment: dict[str, str], log: Path, **options) -> Process:
    return Process([sys.executable, *arguments], environment, log, cwd=HERE, **options)


@contextmanager
def uvicorn(app: str, environment: dict[str, str], log: Path) -> Iterator[tuple[Process, str]]:
    """Serves an app, at an address that it says."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        port = listener.getsockname()[1]
        command = ["-m", "uvicorn", app, "--fd", str(listener.fileno()), "--log-level", "warning"]
        with python(command, environment, log, pass_fds=[listener.fileno()]) as process:
            # A request that comes before the app is ready waits in the socket.
            yield process, f"http://127.0.0.1:{port}"


@contextmanager
def redis(folder: Path) -> Iterator[tuple[str, Redis]]:
    """A Redis of its own: on the loopback interface, with a password, and without a file that remembers anything."""
    # Redis cannot be told to choose a port, and this one may be taken before Redis is there; it is then said below.
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        "redis-server", "--port", str(port), "--bind", "127.0.0.1", "--requirepass", made_up.REDIS_PASSWORD,
        "--save", "", "--appendonly", "no", "--dir", str(folder),
    ]  # fmt: skip
    client = Redis(port=port, password=made_up.REDIS_PASSWORD)

    def answers() -> bool:
        try:
            return client.ping()
        except RedisConnectionError:
            return False

    with Process(command, {}, folder / "redis.log") as process:
        wait(answers, "Redis to answer", 20, process)
        with client:
            yield f"redis://:{made_up.REDIS_PASSWORD}@127.0.0.1:{port}/0", client


def wait(is_done: Callable[[], bool], what: str, seconds: float, *needed: Process):
    """Waits until something is done; ends the example where it is not in time, or where a process is gone it needs."""
    end = time.monotonic() + seconds
    while not is_done():
        for process in needed:
            if process.process.poll() is not None:
                raise SystemExit(f"{process.name} ended with status {process.process.returncode}:\n{process.said()}")
        if time.monotonic() > end:
            logs = "\n".join(f"{process.name} said:\n{process.said()}" for process in needed)
            raise SystemExit(f"waited {seconds:g} s for {what}\n{logs}")
        time.sleep(0.05)
