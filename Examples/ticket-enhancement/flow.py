"""Runs the whole flow once: tickets come in through the webhook, and their spans through the host to a backend.

Starts Redis, the stand-ins, the backend, the host, the app and the worker; shows the traces that came out, and checks
them. Ends with status 0 if every span arrived once and no secret did, with everything stopped in any case.
"""

import argparse
import collections
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import httpx

import made_up
import processes
import tree
from signing import signature
from sink import Sink
from stand_ins import StandIns

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# A ticket for which the model takes longer than the threshold, and one whose job waits longer than that for a worker.
# Nobody wants to wait for the minute of rules/slow_trace.lua.
THRESHOLD = 2.0
SLOW = 2.5
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

TICKETS = [
    made_up.ticket(made_up.GOOD_TICKET, "tenant-4", "high", made_up.EMAIL),
    made_up.ticket(made_up.FAILING_TICKET, "tenant-4", "normal", made_up.EMAIL),
    made_up.ticket(made_up.SLOW_TICKET, "tenant-9", "normal", made_up.SECOND_EMAIL),
    made_up.ticket(made_up.WAITING_TICKET, "tenant-9", "low", made_up.SECOND_EMAIL),
]


def main():
    arguments = parse_arguments()
    for number in SIGNALS:
        signal.signal(number, end)
    with ExitStack() as stack:
        folder = arguments.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ticket-enhancement-")))
        folder.mkdir(parents=True, exist_ok=True)
        ended_file = folder / "ended.jsonl"
        ended_file.write_bytes(b"")
        sink = Sink()
        stack.callback(sink.close)
        run(stack, arguments, folder, ended_file, sink)
        ended = {line["span_id"]: line for line in map(json.loads, ended_file.read_text().splitlines())}
        (folder / "arrived.otlp.pb").write_bytes(b"".join(sink.bodies))
        show(sink, ended)
        found = check(sink, ended, ended_file.read_text(), arguments.whole_traces)
    for line in found:
        print(f"WRONG: {line}", file=sys.stderr)
    if not found:
        print(
            f"{len(ended)} spans ended, each arrived once; none of {len(made_up.PLANTED)} planted secrets is among the bytes."
        )
    sys.exit(1 if found else 0)


def end(number: int, _):
    """Whatever asks this to end, what it has started is stopped; asking twice changes nothing."""
    for other in SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    sys.exit(128 + number)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="Examples/ticket-enhancement/run", description=__doc__)
    builds = [ROOT / ".build" / build / "processor-host" for build in ("release", "debug")]
    built = next((path for path in builds if path.exists()), builds[0])
    parser.add_argument(
        "--host", type=Path, default=built, help="the processor-host executable (default: the one that was built)"
    )
    parser.add_argument(
        "--rules", type=Path, default=ROOT / "rules", help="the directory with the rules (default: those that ship)"
    )
    parser.add_argument(
        "--whole-traces", action="store_true", help="have all spans of a slow trace tagged, instead of slow spans"
    )
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep logs, the spans that ended and what arrived there")
    arguments = parser.parse_args()
    if not os.access(arguments.host, os.X_OK):
        parser.error(f"there is no executable {arguments.host}; build it with 'make release', or name another with --host")
    if not shutil.which("redis-server"):
        parser.error("there is no redis-server; on Debian and Ubuntu it is in the package of that name")
    return arguments


def run(stack: ExitStack, arguments: argparse.Namespace, folder: Path, ended_file: Path, sink: Sink):
    """Everything is started, the tickets are sent, and the app, the worker and the host are stopped in this order."""
    redis, redis_client = stack.enter_context(processes.redis(folder))
    stand_ins = StandIns(SLOW)
    stack.callback(stand_ins.close)
    host = stack.enter_context(
        processes.host(arguments.host, arguments.rules, THRESHOLD, arguments.whole_traces, sink.url, folder)
    )
    ports = host.listening("otlp-grpc", "otlp-http")

    shared = {
        "TICKETS_REDIS": redis,
        "TICKETS_BACKENDS": stand_ins.url,
        "TICKETS_ENDED_SPANS": str(ended_file),
        "PYTHONPATH": str(HERE),
    }
    over_grpc = {"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{ports['otlp-grpc']}"}
    over_http = {
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{ports['otlp-http']}",
        "OTEL_EXPORTER_OTLP_COMPRESSION": "gzip",
    }

    def start_worker(name: str, *queues: str) -> processes.Process:
        return stack.enter_context(
            processes.python(
                ["-m", "celery", "-A", "worker", "worker", "--hostname", f"{name}@localhost", "--pool", "prefork"]
                + ["--concurrency", "2", "--queues", ",".join(queues), "--loglevel", "warning"]
                + ["--without-gossip", "--without-mingle", "--without-heartbeat"],
                shared | over_http,
                folder / f"{name}.log",
            )
        )

    worker = start_worker("worker", "enhancement.high", "enhancement.normal")
    app, url = stack.enter_context(processes.uvicorn("webhook:app", shared | over_grpc, folder / "webhook.log"))
    # Only the job that is meant to wait shall: a worker blocks on its queues once it is ready.
    processes.wait(lambda: redis_client.info("clients")["blocked_clients"] > 0, "the worker to be ready", 60, worker, host)

    send_tickets(url)
    needed = [app, worker, host]
    processes.wait(lambda: len(stand_ins.updated) == len(TICKETS) - 1, "three tickets to be updated", 60, *needed)
    # Nobody takes jobs of the lowest priority until the others are done, and then some.
    time.sleep(THRESHOLD)
    late_worker = start_worker("late-worker", "enhancement.low")
    processes.wait(lambda: len(stand_ins.updated) == len(TICKETS), "the last one to be updated", 60, *needed, late_worker)
    for process in (app, worker, late_worker):
        process.stop()
    status = host.stop()
    if status != 0:
        raise SystemExit(f"the host ended with status {status}:\n{host.said()}")


def send_tickets(url: str):
    with httpx.Client(base_url=url, timeout=30) as client:
        for ticket in TICKETS:
            send(client, ticket, expected=202)
        send(client, TICKETS[0] | {"subject": "Changed on its way"}, expected=401, signed_as=TICKETS[0])


def send(client: httpx.Client, ticket: dict, expected: int, signed_as: dict | None = None):
    body = json.dumps(ticket).encode()
    headers = {
        "content-type": "application/json",
        "authorization": f"Bearer {made_up.HELPDESK_TOKEN}",
        "x-webhook-signature": signature(json.dumps(signed_as or ticket).encode()),
    }
    response = client.post("/webhooks/tickets", content=body, headers=headers)
    if response.status_code != expected:
        raise SystemExit(f"the webhook answered with status {response.status_code}, expected {expected}: {response.text}")


def show(sink: Sink, ended: dict[str, dict]):
    traces = collections.defaultdict(list)
    for pair in sink.spans():
        traces[pair[1].trace_id.hex()].append(pair)
    for trace_id, spans in sorted(traces.items(), key=lambda item: min(span.start_time_unix_nano for _, span in item[1])):
        attributes = {key: value for _, span in spans for key, value in tree.attributes_of(span.attributes).items()}
        about = [str(attributes[key]) for key in ("ticket_id", "tenant_id", "priority") if key in attributes]
        seconds = tree.duration([span for _, span in spans])
        print(", ".join([f"trace {trace_id}", *about, f"{len(spans)} spans, {seconds:.1f} s"]))
        for line in tree.tree(spans, ended):
            print(f"  {line}")
        print()


def check(sink: Sink, ended: dict[str, dict], sent: str, whole_traces: bool) -> list[str]:
    """What is not as it should be."""
    found = []
    arrived = b"".join(sink.bodies)
    for secret, place in made_up.PLANTED:
        if secret not in sent:
            found.append(f"the app never sent the secret of {place}")
        if secret.encode() in arrived:
            found.append(f"a secret arrived at the backend: that of {place}")
    for span_id, line in ended.items():
        if sink.span_ids[span_id] != 1:
            found.append(f"the span {line['name']} {span_id} arrived {sink.span_ids[span_id]} times")
    services = collections.defaultdict(set)
    traces = collections.defaultdict(list)
    for _, span in sink.spans():
        traces[span.trace_id].append(span)
    for resource, span in sink.spans():
        line = ended.get(span.span_id.hex())
        attributes = tree.attributes_of(span.attributes)
        services[span.trace_id.hex()].add(tree.attributes_of(resource.attributes)["service.name"])
        if line is None:
            found.append(f"a span {span.name} arrived that never ended")
            continue
        if (line["trace_id"], line["parent_id"]) != (span.trace_id.hex(), span.parent_span_id.hex()):
            found.append(f"the span {span.name} has another trace or parent than the app gave it")
        seconds = tree.duration(traces[span.trace_id]) if whole_traces else line["duration"]
        if attributes.get("slow_trace", False) != (seconds > THRESHOLD):
            whose = "its trace" if whole_traces else "it"
            found.append(
                f"the span {span.name}: {whose} took {seconds:.3f} s, and slow_trace is {attributes.get('slow_trace')}"
            )
    through_both = [trace_id for trace_id, names in services.items() if names == {"ticket-webhook", "ticket-worker"}]
    if len(through_both) != len(TICKETS):
        found.append(f"{len(through_both)} traces go through the webhook and the worker, expected {len(TICKETS)}")
    if not any(line["duration"] > THRESHOLD for line in ended.values()):
        found.append("no span was slow")
    slow = [spans for spans in traces.values() if tree.duration(spans) > THRESHOLD]
    if not any(all(tree.duration([span]) <= THRESHOLD for span in spans) for spans in slow):
        found.append("no trace was slow by waiting alone")
    if len(slow) == len(traces):
        found.append("every trace was slow")
    return found


if __name__ == "__main__":
    main()
