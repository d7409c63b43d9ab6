"""Runs the example once: starts the three processes, sends tickets, shows the traces that came out, and checks them."""

import argparse
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from . import load, made_up, traces
from .services import ROOT, Services
from .sink import Sink


def main():
    arguments = parse_arguments()
    with ExitStack() as stack:
        folder = arguments.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hummingbird-tickets-")))
        sink = Sink()
        stack.callback(sink.close)
        if arguments.load:
            found = load.run(arguments.executable, folder, arguments.rules, sink, arguments.load)
        elif arguments.cost:
            found = load.cost(arguments.executable, folder, arguments.rules, sink, arguments.cost, arguments.tokens)
        else:
            found = run(arguments.executable, folder, arguments.rules, sink)
    for line in found[:20]:
        print(f"WRONG: {line}", file=sys.stderr)
    sys.exit(1 if found else 0)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run", description=__doc__)
    parser.add_argument("--executable", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument(
        "--rules", type=Path, default=ROOT / "rules", help="the directory with the rules (default: those that ship)"
    )
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep what the processes say")
    parser.add_argument("--load", type=int, metavar="SECONDS", help="drive the webhook with wrk, and account for every span")
    parser.add_argument("--cost", type=int, metavar="PAIRS", help="measure CPU and memory with tracing and rules on and off")
    parser.add_argument(
        "--tokens", type=int, default=100, metavar="N", help="with --cost: how much the model works for a request (100)"
    )
    arguments = parser.parse_args()
    arguments.rules = arguments.rules.resolve()
    if not os.access(arguments.executable, os.X_OK):
        parser.error(f"there is no executable {arguments.executable}; without HUMMINGBIRD_TICKETS ./run builds one")
    return arguments


def run(executable: Path, folder: Path, rules: Path, sink: Sink) -> list[str]:
    with Services(executable, folder, sink.url, rules, OTEL_BSP_SCHEDULE_DELAY="200") as services:
        found = [f"a ticket was answered with {status}" for status in map(services.send, made_up.TICKETS) if status != 202]
        changed = made_up.TICKETS[0] | {"subject": "Changed on its way"}
        if (status := services.send(changed, as_if=made_up.TICKETS[0])) != 401:
            found.append(f"a wrong signature was answered with {status}")
        services.wait(lambda: services.updates() == len(made_up.TICKETS), "the tickets to be updated", 60)
        accounts = services.stop()

    spans = sink.spans()
    for trace_id, members in traces.by_trace(spans).items():
        print(f"trace {trace_id.hex()}, {len(members)} spans")
        for line in traces.tree(members):
            print(f"  {line}")
        print()
    print("What became of the planted secrets:")
    arrived = traces.secrets_in(sink.bodies)
    for secret, place in made_up.PLANTED:
        print(f"  {'ARRIVED' if secret in arrived else 'hidden '}  {place}")
    found += [f"a secret arrived: that of {place}" for secret, place in made_up.PLANTED if secret in arrived]
    found += traces.check(spans, len(made_up.TICKETS), refused=1)
    found += load.check_accounts(accounts, len(spans))
    if not found:
        print(f"{len(spans)} spans ended, each arrived once under its parent; no secret is among the bytes.")
    return found
