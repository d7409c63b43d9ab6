"""Measures `processor-host run` end to end: CPU time a span and throughput, the host on one core of its own.

    scripts/bench-host [--seconds N] [--minutes N] [--only TEXT] EXECUTABLE

Load and sinks run in a process on another core. What a case costs is the host's own CPU time, user and system, divided
by the spans that came out; the time that the driver and the sinks take is not in it. `--minutes` runs the shipped rules
under load, every key of every request distinct, and shows the host's memory over time.
"""

import argparse
import json
import multiprocessing
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

import standard_work
import traffic

ROOT = pathlib.Path(__file__).resolve().parents[2]
TICKS = os.sysconf("SC_CLK_TCK")


class Host:
    """A host on one core, with what it says about itself."""

    def __init__(self, executable, core, config, rules):
        self.folder = tempfile.TemporaryDirectory()
        file = pathlib.Path(self.folder.name) / "host.yaml"
        file.write_text(json.dumps(config))
        command = [executable, "run", "--config", str(file), "--log-format", "json", "--admin", "127.0.0.1:0"]
        command += ["--otlp-http", "127.0.0.1:0", "--otlp-grpc", "127.0.0.1:0", *rules]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("OTEL_", "SENTRY_"))}
        self.process = subprocess.Popen(
            command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment, text=True,
            preexec_fn=lambda: os.sched_setaffinity(0, {core}),
        )
        self.ports = {}
        while not {"otlp-http", "otlp-grpc", "admin"} <= self.ports.keys():
            line = self.process.stderr.readline()
            if not line:
                raise SystemExit("the host ended while it started")
            entry = json.loads(line)
            if entry.get("message") == "listening":
                self.ports[entry["receiver"]] = int(entry["address"].rsplit(":", 1)[1])
        self.drain = multiprocessing.get_context("fork").Process(target=self.read_log, daemon=True)
        self.drain.start()

    def read_log(self):
        for line in self.process.stderr:
            if json.loads(line).get("level") in ("error", "critical"):
                sys.stderr.write(line)

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) * 1024

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self.drain.kill()
        self.folder.cleanup()


def exporter(kind, port):
    return {"kind": kind, "name": "sink", "endpoint": f"http://127.0.0.1:{port}" + ("/v1/traces" if kind == "otlp-http" else "")}


def rules_by_name_and_word(folder):
    """The four rules without detectors inside text: the second line of the figures' table."""
    shutil.copytree(ROOT / "rules", folder, dirs_exist_ok=True)
    redact = pathlib.Path(folder) / "redact.lua"
    text = redact.read_text()
    changed = re.sub(r"\n\s*match\.text\s*\{[^}]*\},?", "", text)
    if changed == text:
        raise SystemExit("rules/redact.lua has no match.text to take out")
    redact.write_text(changed)
    for test in pathlib.Path(folder).glob("*.test.lua"):
        test.unlink()


def load_in_other_process(core, load, *arguments):
    """Runs the load where it takes nothing from the host's core; its counts."""
    context = multiprocessing.get_context("fork")
    results = context.Queue()

    def body():
        os.sched_setaffinity(0, {core})
        results.put(load(*arguments))

    process = context.Process(target=body)
    process.start()
    counts = results.get()
    process.join()
    return counts


def sinks_in_other_process(core):
    context = multiprocessing.get_context("fork")
    ports = context.Queue()

    def body():
        os.sched_setaffinity(0, {core})
        grpc_port, server = traffic.grpc_sink()
        ports.put({"otlp-http": traffic.http_sink(), "otlp-grpc": grpc_port})
        server.wait_for_termination()

    process = context.Process(target=body, daemon=True)
    process.start()
    return ports.get(), process


def measure(host, core, load, port, path, bodies, seconds):
    load_in_other_process(core, load, port, path, bodies, 1)
    before, start = host.cpu_seconds(), time.monotonic()
    counts = load_in_other_process(core, load, port, path, bodies, seconds)
    time.sleep(0.3)
    elapsed = time.monotonic() - start - 0.3
    spans = counts["requests"] * standard_work.SPANS
    return (host.cpu_seconds() - before) / spans * 1e9, spans / elapsed, counts["pushed back"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("executable")
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    host_core, other_core = cores[0], cores[-1]
    if host_core == other_core:
        print("only one core: load and host share it, throughput says little", file=sys.stderr)
    bodies = [standard_work.request(seed) for seed in range(1, 9)]
    sinks, sink_process = sinks_in_other_process(other_core)
    plain = tempfile.mkdtemp()
    rules_by_name_and_word(plain)
    shipped = ["--rules", str(ROOT / "rules")]
    words = ["--rules", plain]
    none = ["--chain", "none"]
    http, grpc = (traffic.http_load, "otlp-http"), (traffic.grpc_load, "otlp-grpc")
    cases = [
        ("HTTP in, HTTP out, the bytes untouched (as logs, passed on)", http, "otlp-http", none, "/v1/logs"),
        ("HTTP in, HTTP out, no rules", http, "otlp-http", none, "/v1/traces"),
        ("HTTP in, HTTP out, four rules by name and word", http, "otlp-http", words, "/v1/traces"),
        ("HTTP in, HTTP out, four rules as shipped", http, "otlp-http", shipped, "/v1/traces"),
        ("gRPC in, HTTP out, no rules", grpc, "otlp-http", none, ""),
        ("gRPC in, HTTP out, four rules by name and word", grpc, "otlp-http", words, ""),
        ("gRPC in, gRPC out, four rules by name and word", grpc, "otlp-grpc", words, ""),
        ("gRPC in, gRPC out, four rules as shipped", grpc, "otlp-grpc", shipped, ""),
    ]
    try:
        print(f"{'case':62} {'CPU ns/span':>11} {'spans/s':>9} {'pushed back':>11}")
        for name, (load, receiver), kind, rules, path in cases:
            if options.only not in name:
                continue
            config = {"exporters": [exporter(kind, sinks[kind])], "passthrough": {"logs": kind == "otlp-http"}}
            host = Host(options.executable, host_core, config, rules)
            cost, rate, pushed_back = measure(
                host, other_core, load, host.ports[receiver], path, bodies, options.seconds)
            host.end()
            print(f"{name:62} {cost:11.0f} {rate:9.0f} {pushed_back:11}", flush=True)
        if options.minutes:
            watch_memory(options, host_core, other_core, sinks, shipped)
    finally:
        shutil.rmtree(plain)
        sink_process.kill()


def watch_memory(options, host_core, other_core, sinks, rules):
    config = {"exporters": [exporter("otlp-http", sinks["otlp-http"])]}
    host = Host(options.executable, host_core, config, rules)
    deadline = time.monotonic() + options.minutes * 60
    seed = 1000
    print(f"{'minutes':>8} {'resident MiB':>12}")
    start = time.monotonic()
    while time.monotonic() < deadline:
        bodies = [standard_work.request(seed + index, distinct_keys=True) for index in range(8)]
        seed += 8
        load_in_other_process(
            other_core, traffic.http_load, host.ports["otlp-http"], "/v1/traces", bodies,
            min(15, max(deadline - time.monotonic(), 1)))
        print(f"{(time.monotonic() - start) / 60:8.2f} {host.resident() / (1 << 20):12.1f}", flush=True)
    host.end()


if __name__ == "__main__":
    main()
