"""Reloads under full load: rules that are good and broken in turn, written in every way that files are written.

Each good set hides some of the planted secrets, as its number says, and its hook writes that number into each span when
it begins and when it ends. So every span that leaves can be held against the digest on its scope.
"""

import http.client
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from sink import Sink
from storm_load import LoadProcess
from storm_rules import ALWAYS, SECRETS, RulesOnDisk, broken, digest, good, hides

STAMP = "processor_host.rules.digest"
MARK = "[REDACTED]"


# The backend, which checks what comes and keeps only counts.


class CheckingSink(Sink):
    def __init__(self, protocol: str):
        # Of each digest, the number of its set.
        self.sets: dict[str, int] = {}
        self.seen: dict[int, bytearray] = {}
        self.faults: Counter[str] = Counter()
        self.sets_seen: set[int] = set()
        self.checked = 0
        self.lock = threading.Lock()
        super().__init__(protocol)

    def take(self, headers: dict[str, str], body: bytes, wire_size: int):
        faults: Counter[str] = Counter()
        numbers: list[int] = []
        if ALWAYS.encode() in body:
            faults["a secret that every set hides can be read"] += 1
        for part in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scope in part.scope_spans:
                stamps = [pair.value.string_value for pair in scope.scope.attributes if pair.key == STAMP]
                number = self.sets.get(stamps[0]) if len(stamps) == 1 else None
                if number is None:
                    faults[f"a scope with the digests {stamps}"] += 1
                    continue
                self.sets_seen.add(number)
                for span in scope.spans:
                    numbers.append(int.from_bytes(span.span_id, "big"))
                    check(span, number, faults)
        with self.lock:
            self.faults += faults
            self.checked += len(numbers)
            for number in numbers:
                thread, index = (number >> 40) - 1, number & (1 << 40) - 1
                counts = self.seen.setdefault(thread, bytearray())
                if index >= len(counts):
                    counts.extend(bytes(index + 1 + 10_000 - len(counts)))
                counts[index] = min(counts[index] + 1, 255)
        return None


def check(span, number: int, faults: Counter):
    """Holds a span against the set that is said to have processed it."""
    own = int.from_bytes(span.span_id, "big")
    values = {pair.key: pair.value for pair in span.attributes}
    for mark in ("mark_first", "mark_last"):
        if mark not in values or values[mark].int_value != number:
            faults[f"{mark} is not that of the set"] += 1
    for index in range(SECRETS):
        shown = values[f"secret_{index}"].string_value
        if shown not in (MARK, f"planted-{index}-{own}"):
            faults["a value that nobody has written"] += 1
        # It may also be hidden because a later set hid it while it waited.
        if hides(number, index) and shown != MARK:
            faults["a secret that the set hides can be read"] += 1


# The storm.


@dataclass
class Figures:
    reloads: int = 0
    good: int = 0
    broken: int = 0
    ways: Counter = field(default_factory=Counter)
    # Resident bytes at each reload.
    memory: list[int] = field(default_factory=list)
    # Seconds from the write to the outcome.
    times: list[float] = field(default_factory=list)
    faults: Counter = field(default_factory=Counter)
    # Ways to write that could not be tried, and why.
    skipped: set[str] = field(default_factory=set)
    spans: int = 0
    pushed_back: int = 0
    hidden_again: int = 0
    sets_seen: int = 0
    pauses: "Pauses | None" = None
    seconds: float = 0

    @property
    def growth(self) -> int:
        """Of memory, from the first fifth to the end: medians, since what is inside goes up and down."""
        count = len(self.memory)
        width = max(count // 20, 1)
        start = count // 5
        return median(self.memory[-width:]) - median(self.memory[start : start + width])


@dataclass
class Pauses:
    """The host's histogram of pauses: upper bounds in seconds, and how many are at most that."""

    buckets: list[tuple[float, float]]
    count: int
    longest: float

    @staticmethod
    def of(metrics) -> "Pauses":
        name = "processor_host_rule_exchange_seconds"
        buckets = sorted((float(labels["le"]), value) for labels, value in metrics.samples[f"{name}_bucket"])
        longest = metrics.sum("processor_host_rule_exchange_longest_seconds")
        return Pauses(buckets, int(metrics.sum(f"{name}_count")), longest)

    def at_most(self, share: float) -> float:
        """The bound below which that share of all pauses lies."""
        return next((bound for bound, count in self.buckets if count >= share * self.count), float("inf"))


def median(values: list) -> int:
    return sorted(values)[len(values) // 2]


def run(serve, sink: CheckingSink, folder: Path, reloads: int, seconds: float, say=lambda line: None) -> Figures:
    """Reloads so many times, or for so long, under load; `serve` starts a host on a rules directory."""
    figures = Figures()
    rules = RulesOnDisk(folder)
    sink.sets[digest(rules.text)] = 0
    host = serve(rules.path)
    loads = [LoadProcess(host.http, "http", 4, 0), LoadProcess(host.grpc, "grpc", 2, 4)]
    start = time.monotonic()
    try:
        for turn in range(reloads):
            if time.monotonic() - start > seconds:
                break
            reload(host, sink, rules, turn, figures)
            if turn % 50 == 49:
                resident = host.resident_bytes() >> 20
                say(f"{turn + 1:5} reloads {time.monotonic() - start:6.0f} s {sink.checked:9} spans {resident:5} MiB")
    finally:
        told = [load.stop() for load in loads]
    figures.seconds = time.monotonic() - start
    host.wait_until_settled(60)
    figures.pauses = Pauses.of(host.metrics())
    figures.hidden_again = int(host.metrics().sum("processor_host_spans_hidden_again_total"))
    figures.faults += sink.faults
    figures.sets_seen = len(sink.sets_seen)
    figures.skipped = rules.skipped
    for each, threads in zip(loads, told):
        for thread, sent in enumerate(threads):
            settle(figures, sent, sink.seen.get(each.offset + thread, bytearray()))
    ledger = host.ledger()
    if ledger.received != figures.spans or ledger.lost or ledger.refused:
        figures.faults[f"{ledger.received} received, {ledger.lost} lost, {ledger.refused} refused of {figures.spans}"] += 1
    return figures


def settle(figures: Figures, sent: dict, seen: bytearray):
    """Every span that was taken has come once, and no other."""
    taken = sent["taken"]
    figures.spans += taken
    figures.pushed_back += sent["pushed back"]
    for error in sent["errors"]:
        figures.faults[f"a request was answered {error}"] += 1
    missing = taken - sum(1 for count in seen[:taken] if count)
    twice = sum(1 for count in seen if count > 1)
    unknown = sum(1 for count in seen[taken:] if count)
    for name, count in (("lost", missing), ("sent twice", twice), ("never taken", unknown)):
        if count:
            figures.faults[f"spans {name}"] += count


def reload(host, sink: CheckingSink, rules: RulesOnDisk, turn: int, figures: Figures):
    """One write, until the host says what came of it. Every third has to be told of by the file system."""
    is_good = turn % 2 == 0
    number = turn + 1
    text = good(number) if is_good else broken(number)
    expected = digest(text)
    if is_good:
        sink.sets[expected] = number
    start = time.monotonic()
    # Seven turns of each kind in ten, so that each kind of set is written in each way.
    way = rules.write(text, turn // 2 + turn % 2 * 3)
    told_by_events = turn % 3 == 0

    def is_told() -> bool:
        if not told_by_events:
            ask(host, "POST", "/rules/reload")
        shown = ask(host, "GET", "/rules")
        if is_good:
            return shown["digest"] == expected and "refused" not in shown
        return shown.get("refused", {}).get("digest") == expected

    host.wait(is_told, f"set {number}, written by {way}, to be {'in force' if is_good else 'refused'}", 60)
    figures.times.append(time.monotonic() - start)
    figures.memory.append(host.resident_bytes())
    figures.reloads += 1
    figures.ways[way] += 1
    figures.good += is_good
    figures.broken += not is_good


def ask(host, method: str, path: str) -> dict:
    connection = http.client.HTTPConnection(host.addresses["admin"], timeout=60)
    try:
        connection.request(method, path)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()
