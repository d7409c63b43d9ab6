"""Runs `processor-host run` in a folder of a test's own, talks to it, and stops it."""

import http.client
import json
import os
import re
import signal
import subprocess
import time
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The status of a host that had to end with spans inside.
LEFT = 1
RECEIVERS = ("otlp-grpc", "otlp-http", "admin")


def exporters_to(sinks, options=None) -> list[dict]:
    """Exporters for the configuration file, with short waits between attempts.

    `options` go to every exporter; a function gives those for one backend.
    """
    retry = {"initial_interval": "50ms", "max_interval": "200ms"}
    return [
        {"kind": f"otlp-{sink.protocol}", "name": f"backend-{number}", "endpoint": sink.url, "retry": retry}
        | (options(sink) if callable(options) else options or {})
        for number, sink in enumerate(sinks)
    ]


class RunningHost:
    """A host that listens on ports of the system's choosing and exports to the given backends."""

    def __init__(
        self, executable: Path, folder: Path, exporters: list[dict], settings: dict[str, object],
        rules: Path | None = None, options: tuple[str, ...] = (),
    ):  # fmt: skip
        """`settings` are by their dotted names, with two underscores for each dot."""
        folder.mkdir(parents=True, exist_ok=True)
        file: dict = {"exporters": exporters}
        for name, value in ({"queue__schedule_delay": "50ms"} | settings).items():
            *sections, last = name.split("__")
            section = file
            for part in sections:
                section = section.setdefault(part, {})
            section[last] = value
        # JSON is YAML, too.
        (folder / "config.yaml").write_text(json.dumps(file))
        self.log_path = folder / "host.log"
        command = [
            str(executable), "run", "--config", str(folder / "config.yaml"), "--rules", str(rules or ROOT / "rules"),
            "--otlp-grpc", "127.0.0.1:0", "--otlp-http", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--log-format", "json",
            *options,
        ]  # fmt: skip
        # What the shell says to SDKs and to other hosts is not meant for this one.
        foreign = ("OTEL_", "PROCESSOR_HOST_", "SENTRY_")
        environment = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
        with self.log_path.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        try:
            self.addresses = self._find_addresses()
            self.wait(lambda: self.get("/ready")[0] == 200, "it to be ready")
        except BaseException:
            self.kill()
            raise

    # Talking to it.

    @property
    def grpc(self) -> str:
        return self.addresses["otlp-grpc"]

    @property
    def http(self) -> str:
        return self.addresses["otlp-http"]

    def get(self, path: str) -> tuple[int, bytes]:
        """Asks the admin port."""
        connection = http.client.HTTPConnection(self.addresses["admin"], timeout=10)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def metrics(self) -> "Metrics":
        status, body = self.get("/metrics")
        assert status == 200
        return Metrics(body.decode())

    def ledger(self) -> "Ledger":
        return Ledger(self.metrics())

    def wait_until_settled(self, seconds: float = 30):
        """Waits until every span that came has left, or is counted as lost."""
        self.wait(lambda: self.ledger().is_settled, "all spans to be settled", seconds)

    def assert_balanced(self):
        """Figures are read one after the other, so that a batch on its way can be between two of them."""
        self.wait(lambda: self.ledger().is_balanced, "the ledger to balance", seconds=5)

    def resident_bytes(self) -> int:
        """Memory of the process, from outside."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    @property
    def log(self) -> list[dict]:
        """The entries of the log so far."""
        lines = self.log_path.read_text(errors="replace").splitlines(keepends=True)
        # The last one may not be whole yet.
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("\n")]

    def wait(self, is_done, what: str, seconds: float = 30):
        end = time.monotonic() + seconds
        while not is_done():
            assert self.process.poll() is None, f"it ended with status {self.process.returncode}:\n{self.said}"
            assert time.monotonic() < end, f"waited {seconds:g} s for {what}:\n{self.said}"
            time.sleep(0.02)

    @property
    def said(self) -> str:
        return self.log_path.read_text(errors="replace")[-6000:]

    # Ending it.

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def stop(self, seconds: float = 30) -> int:
        """Asks it to end; returns its status."""
        if self.process.poll() is None:
            self.terminate()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"it did not end within {seconds:g} s of SIGTERM:\n{self.said}") from None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def _find_addresses(self) -> dict[str, str]:
        found: dict[str, str] = {}

        def are_known() -> bool:
            listening = [entry for entry in self.log if entry["message"] == "listening"]
            found.update((entry["receiver"], entry["address"]) for entry in listening)
            return found.keys() >= set(RECEIVERS)

        self.wait(are_known, "it to listen", seconds=60)
        return found


class Metrics:
    """Prometheus's text format, read strictly: each sample's family has been declared before it."""

    SAMPLE = re.compile(r"^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$")
    LABEL = re.compile(r'([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"')

    def __init__(self, text: str):
        self.text = text
        self.samples: dict[str, list[tuple[dict[str, str], float]]] = defaultdict(list)
        for line in text.splitlines():
            if not line or line.startswith("#"):
                continue
            match = self.SAMPLE.match(line)
            assert match, f"not a sample: {line}"
            name, labels, value = match.groups()
            self.samples[name].append((dict(self.LABEL.findall(labels or "")), float(value)))

    def sum(self, name: str, **labels: str) -> float:
        """All samples of a name that carry the labels."""
        return sum(value for own, value in self.samples.get(name, []) if labels.items() <= own.items())


class Ledger:
    """What became of spans, as the metrics say: of one exporter, or of all together."""

    def __init__(self, metrics: Metrics, exporter: str | None = None):
        def count(name: str, **labels: str) -> int:
            return int(metrics.sum(f"processor_host_{name}", **labels))

        own = {"exporter": exporter} if exporter else {}
        self.metrics = metrics
        self.received = count("spans_received_total")
        self.sampled_out = count("spans_sampled_out_total")
        self.dropped = count("spans_dropped_total")
        self.pushed_back = count("receiver_request_duration_seconds_count", outcome="full")
        # In the batch under construction, which is no exporter's yet.
        self.gathered = count("batch_spans")
        # Of whole traces that are not yet decided.
        self.held = count("traces_held_spans")
        self.offered = count("exporter_spans_total", **own)
        self.exported = count("exporter_spans_exported_total", **own)
        self.refused = count("exporter_spans_refused_total", **own)
        self.lost = count("exporter_spans_lost_total", **own)
        self.inside = count("exporter_queue_spans", **own)
        self.uncertain = count("exporter_uncertain_spans", **own)
        self.attempts = count("exporter_attempts_total", **own)

    def of(self, exporter: str) -> "Ledger":
        return Ledger(self.metrics, exporter)

    @property
    def exporters(self) -> list["Ledger"]:
        return [self.of(labels["exporter"]) for labels, _ in self.metrics.samples["processor_host_exporter_spans_total"]]

    @property
    def is_balanced(self) -> bool:
        """Whether both sides are the same: what came, and what became of it, at each exporter."""
        left = self.received - self.sampled_out - self.dropped - self.gathered - self.held
        return all(left == own.offered == own.exported + own.refused + own.lost + own.inside for own in self.exporters) and (
            bool(self.exporters) or left == 0
        )

    @property
    def is_settled(self) -> bool:
        """Whether it is balanced, and nothing is inside any more."""
        return self.is_balanced and self.gathered == 0 and self.inside == 0
