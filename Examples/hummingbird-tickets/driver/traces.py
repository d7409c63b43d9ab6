"""Checks what arrived, and shows it as trees."""

from collections import Counter, defaultdict

from opentelemetry.proto.trace.v1.trace_pb2 import Status

from . import made_up
from .services import THRESHOLD
from .sink import Arrived

MARK = "[REDACTED]"
# The spans of a webhook that was taken: service, name, and the parent's name.
SHAPE = Counter(
    [
        ("ticket-webhook", "/webhook/tickets", None),
        ("ticket-webhook", "webhook", "/webhook/tickets"),
        ("ticket-webhook", "job_queued", "webhook"),
        ("ticket-worker", "enhancement", "job_queued"),
        ("ticket-worker", "agent.enhancement.gather_context", "enhancement"),
        ("ticket-worker", "history", "agent.enhancement.gather_context"),
        ("ticket-worker", "GET", "agent.enhancement.gather_context"),
        ("ticket-tickets", "/documentation/search", "GET"),
        ("ticket-worker", "agent.enhancement.call_model", "enhancement"),
        ("ticket-worker", "POST", "agent.enhancement.call_model"),
        ("ticket-tickets", "/llm/chat", "POST"),
        ("ticket-tickets", "generate", "/llm/chat"),
        ("ticket-worker", "agent.enhancement.update_ticket", "enhancement"),
        ("ticket-worker", "PATCH", "agent.enhancement.update_ticket"),
        ("ticket-tickets", "/tickets/{id}", "PATCH"),
    ]
)
SPANS_PER_TICKET = SHAPE.total()
# Those of one whose signature did not fit.
REFUSED_SHAPE = Counter(
    [("ticket-webhook", "/webhook/tickets", None), ("ticket-webhook", "webhook", "/webhook/tickets")]
)


def by_trace(spans: list[Arrived]) -> dict[bytes, list[Arrived]]:
    traces = defaultdict(list)
    for arrived in spans:
        traces[arrived.span.trace_id].append(arrived)
    return traces


def shape(spans: list[Arrived]) -> Counter:
    """Which spans there are under which; a parent that did not arrive is '?'."""
    names = {arrived.span.span_id: arrived.span.name for arrived in spans}
    return Counter(
        (arrived.service, arrived.span.name, names.get(parent, "?") if (parent := arrived.span.parent_span_id) else None)
        for arrived in spans
    )


def check(spans: list[Arrived], tickets: int, refused: int = 0) -> list[str]:
    """What is wrong with the traces of so many webhooks that were taken, and of those that were refused."""
    found = []
    shapes = Counter()
    for trace_id, members in by_trace(spans).items():
        one = shape(members)
        if one == SHAPE:
            shapes["taken"] += 1
        elif one == REFUSED_SHAPE:
            shapes["refused"] += 1
        else:
            shapes["other"] += 1
            missing, more = SHAPE - one, one - SHAPE
            found.append(f"trace {trace_id.hex()}: missing are {sorted(map(str, missing))}, unexpected {sorted(map(str, more))}")
    if (shapes["taken"], shapes["refused"]) != (tickets, refused):
        found.append(f"expected {tickets} whole traces and {refused} of refused webhooks, found {dict(shapes)}")
    if repeated := [key for key, count in Counter(arrived.span.span_id for arrived in spans).items() if count > 1]:
        found.append(f"{len(repeated)} spans arrived more than once")
    for arrived in spans:
        tag = arrived.attributes.get("slow_trace", False)
        if tag != (arrived.seconds > THRESHOLD):
            found.append(f"{arrived.span.name} took {arrived.seconds:.3f} s, and slow_trace is {tag}")
    return found


def secrets_in(bodies: list[bytes]) -> list[str]:
    """The planted secrets that are among the bytes."""
    arrived = b"".join(bodies)
    return [secret for secret, _ in made_up.PLANTED if secret.encode() in arrived]


def tree(spans: list[Arrived]):
    """The lines of a tree."""
    spans = sorted(spans, key=lambda arrived: arrived.span.start_time_unix_nano)
    known = {arrived.span.span_id for arrived in spans}
    for arrived in spans:
        if arrived.span.parent_span_id not in known:
            yield from branch(spans, arrived, "", "")


def branch(spans: list[Arrived], arrived: Arrived, first: str, rest: str):
    span = arrived.span
    failed = f", error {span.status.message}".rstrip() if span.status.code == Status.STATUS_CODE_ERROR else ""
    yield f"{first}{span.name}  ({arrived.service}, {arrived.seconds * 1000:.0f} ms{failed})"
    children = [other for other in spans if other.span.parent_span_id == span.span_id]
    margin = rest + ("│ " if children else "  ")
    for line in touched(arrived):
        yield f"{margin}    {line}"
    for child in children:
        is_last = child is children[-1]
        yield from branch(spans, child, rest + ("└─ " if is_last else "├─ "), rest + ("   " if is_last else "│  "))


def touched(arrived: Arrived):
    """The attributes that the rules have hidden, cut or added."""
    for key, value in sorted(arrived.attributes.items()):
        text = " ".join(str(value).split())
        if MARK in text or key in ("slow_trace", "duration_ms") or (key == "ticket.description" and text.endswith("...")):
            yield f"{key} = {short(text)}"
    for event in arrived.span.events:
        for pair in event.attributes:
            if MARK in pair.value.string_value:
                yield f"event {event.name}: {pair.key} = {short(pair.value.string_value)}"


def short(text: str, most: int = 100) -> str:
    """Of a long text the part around the first thing that was hidden."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    start = max(0, text.find(MARK) - most // 2)
    return ("…" if start else "") + text[start : start + most] + "…"
