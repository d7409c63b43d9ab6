"""Drives the webhook with wrk, and measures: where every span is, and what tracing with all rules costs."""

import os
import re
import shutil
import statistics
import subprocess
import time
from pathlib import Path

from . import made_up, traces
from .services import Services
from .sink import Sink

SCRIPT = Path(__file__).resolve().parent / "load.lua"
TICKET = made_up.ticket("TCK-4001")
# How long wrk goes on after its last request, in seconds: the queue may be full, which each request waits for.
TAIL = 4


def drive(url: str, seconds: float, connections: int, pause: int = 0, tail: int = TAIL) -> int:
    """Sends webhooks for some seconds; says how many were taken."""
    if not shutil.which("wrk"):
        raise SystemExit("there is no wrk; on Debian and Ubuntu it is in the package of that name")
    body, headers = made_up.signed(TICKET)
    environment = os.environ | {
        "TICKETS_BODY": body.decode(),
        "TICKETS_AUTHORIZATION": headers["authorization"],
        "TICKETS_SIGNATURE": headers["x-webhook-signature"],
        "TICKETS_LAST_REQUEST": f"{time.time() + seconds:.0f}",
        "TICKETS_PAUSE": f"{pause}",
    }
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds + tail:.0f}s", "--timeout", "30s", "-s", str(SCRIPT), url]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(f"wrk met errors:\n{said}")
    return int(re.search(r"(\d+) requests in", said)[1])


def run(executable: Path, folder: Path, rules: Path, sink: Sink, seconds: int) -> list[str]:
    """As fast as it goes: one whole trace for each webhook, no secret, and no span that is not accounted for."""
    with Services(executable, folder, sink.url, rules) as services:
        start = time.monotonic()
        before = services.cpu()
        taken = drive(services.webhook, seconds, connections=16)
        services.wait(lambda: services.updates() >= taken, "the queue to become empty", 120)
        updates = services.updates()
        cpu = {role: used - before[role] for role, used in services.cpu().items()}
        memory = services.memory()
        elapsed = time.monotonic() - start - TAIL
        accounts = services.stop()
    spans = sink.spans()
    dropped = sum(account.get("dropped", 0) + account.get("sampledOut", 0) for account in accounts.values())
    whole = sum(traces.shape(members) == traces.SHAPE for members in traces.by_trace(spans).values())
    print(f"{taken} webhooks in about {elapsed:.0f} s, {taken / elapsed:.0f} a second; {updates} tickets were updated")
    print(f"CPU for a webhook: {sum(cpu.values()) / taken * 1000:.2f} ms" + of_each(cpu, taken / 1000, "ms"))
    print(f"resident memory behind it: {sum(memory.values()):.0f} MiB" + of_each(memory, 1, "MiB"))
    expected = updates * traces.SPANS_PER_TICKET
    print(
        f"{expected} spans ended ({traces.SPANS_PER_TICKET} for each ticket): {len(spans)} arrived,"
        f" {dropped} were dropped or not sampled by the processes' own accounts, {expected - len(spans) - dropped} are missing"
    )
    print(f"{whole} traces are whole: one id in three services, every span under its right parent")
    found = [f"a secret arrived: {secret}" for secret in traces.secrets_in(sink.bodies)]
    print(f"{len(made_up.PLANTED) - len(found)} of {len(made_up.PLANTED)} planted secrets did not arrive")
    if updates != taken:
        found.append(f"{taken} webhooks were taken, and {updates} tickets updated")
    if expected != len(spans) + dropped:
        found.append(f"expected {expected} spans, found {len(spans)} that arrived and {dropped} that were dropped")
    # Where spans were dropped, traces lack them.
    return found + check_accounts(accounts, len(spans)) + (traces.check(spans, updates) if dropped == 0 else [])


def check_accounts(accounts: dict[str, dict], arrived: int) -> list[str]:
    """What is wrong with what the processes say of their spans."""
    found = []
    for role, account in accounts.items():
        if "status" in account:
            found.append(f"{role} ended with status {account['status']}:\n{account['said']}")
        elif account["lost"] or account["failures"] or account["droppedByRules"]:
            found.append(f"{role} lost spans, or rules failed: {account}")
    if len(accounts) != 3:
        found.append(f"expected an account of each of three processes, found {sorted(accounts)}")
    elif (exported := sum(account.get("exported", 0) for account in accounts.values())) != arrived:
        found.append(f"the processes say that {exported} spans were exported, and {arrived} arrived")
    return found


def cost(executable: Path, folder: Path, rules: Path, sink: Sink, pairs: int, tokens: int) -> list[str]:
    """The same three processes twice, with and without, driven in turn at a rate that both can take."""
    tokens_variable = {"TICKETS_MODEL_TOKENS": str(tokens)}
    with (
        Services(executable, folder / "off", None, rules, **tokens_variable) as off,
        Services(executable, folder / "on", sink.url, rules, **tokens_variable) as on,
    ):
        idle = {}
        for services in (off, on):
            block(services, 3, None)
            idle[services] = idle_cpu(services)
        more = []
        for number in range(pairs):
            # Off, on, on, off: what changes on the machine meets both alike.
            order = (off, on) if number % 2 == 0 else (on, off)
            measured = {services: block(services, 4, idle[services]) for services in order}
            without, with_tracing = (sum(measured[services].values()) for services in (off, on))
            more.append((with_tracing - without, without, measured))
            print(
                f"pair {number + 1}: {without:.3f} ms of CPU for a webhook without tracing, {with_tracing:.3f} ms with it and"
                f" all rules, {(with_tracing / without - 1) * 100:+.2f} %",
                flush=True,
            )
        memory = {"off": off.memory(), "on": on.memory()}
        at_rest = [sum(idle[services].values()) * 1000 for services in (off, on)]
        accounts = on.stop()
    base = statistics.median(without for _, without, _ in more)
    difference = statistics.median(one for one, _, _ in more)
    ratio = statistics.median(one / without for one, without, _ in more)
    print(
        f"median of {pairs} pairs: {base:.3f} ms without, {difference * 1000:+.0f} µs for {traces.SPANS_PER_TICKET} spans"
        f" ({difference * 1000 / traces.SPANS_PER_TICKET:.1f} µs for each), {ratio * 100:+.2f} %"
    )
    print(f"taken off before, for three processes without work: {at_rest[0]:.1f} ms of CPU a second without, {at_rest[1]:.1f} with")
    for role in ("webhook", "worker", "tickets"):
        one = statistics.median((measured[on][role] - measured[off][role]) * 1000 for _, _, measured in more)
        print(
            f"  {role}: {one:+.0f} µs for a webhook; {memory['off'][role]:.0f} MiB resident without,"
            f" {memory['on'][role]:.0f} MiB with"
        )
    return check_accounts(accounts, len(sink.spans()))


def idle_cpu(services: Services, seconds: int = 5) -> dict[str, float]:
    """Seconds of CPU a second by process, when there is nothing to do but asking for work and looking for edits."""
    before = services.cpu()
    time.sleep(seconds)
    return {role: (used - before[role]) / seconds for role, used in services.cpu().items()}


def block(services: Services, seconds: int, idle: dict[str, float] | None) -> dict[str, float]:
    """Milliseconds of CPU for a webhook by process: from the first webhook until all is done, the export included."""
    start, updates, before = time.monotonic(), services.updates(), services.cpu()
    taken = drive(services.webhook, seconds, connections=8, pause=60, tail=2)
    services.wait(lambda: services.updates() >= updates + taken, "the queue to become empty", 60)
    # The last batch leaves within the queue's schedule delay, of 5 s, of which wrk has waited some.
    time.sleep(4)
    used = {role: seconds - before[role] for role, seconds in services.cpu().items()}
    if idle:
        elapsed = time.monotonic() - start
        used = {role: seconds - idle[role] * elapsed for role, seconds in used.items()}
    return {role: seconds / taken * 1000 for role, seconds in used.items()}


def of_each(figures: dict[str, float], divisor: float, unit: str) -> str:
    return " (" + ", ".join(f"{role} {figure / divisor:.2f} {unit}" for role, figure in figures.items()) + ")"
