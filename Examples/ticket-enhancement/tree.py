"""Shows a trace as it came out: a tree of its spans, each with what was hidden, cut, removed and added on the way."""

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Status

MARK = "[REDACTED]"


def attributes_of(pairs: list[KeyValue]) -> dict:
    return {pair.key: plain(pair.value) for pair in pairs}


def plain(value: AnyValue):
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [plain(element) for element in value.array_value.values]
    if kind == "kvlist_value":
        return attributes_of(value.kvlist_value.values)
    return getattr(value, kind) if kind else None


def tree(spans: list, ended: dict[str, dict]):
    """The lines of a tree.

    `spans` are pairs of a resource and a span, as the sink has them; `ended` has by span id what the app sent.
    """
    spans = sorted(spans, key=lambda pair: pair[1].start_time_unix_nano)
    known = {span.span_id for _, span in spans}
    for resource, span in spans:
        if span.parent_span_id not in known:
            yield from branch(spans, resource, span, ended, "", "")


def branch(spans: list, resource, span, ended: dict[str, dict], first: str, rest: str):
    duration = (span.end_time_unix_nano - span.start_time_unix_nano) / 1e6
    service = attributes_of(resource.attributes)["service.name"]
    failed = f", error: {span.status.message}" if span.status.code == Status.STATUS_CODE_ERROR else ""
    yield f"{first}{span.name}  ({service}, {duration:.0f} ms{failed})"

    children = [pair for pair in spans if pair[1].parent_span_id == span.span_id]
    margin = rest + ("│ " if children else "  ")
    for line in changes(span, ended[span.span_id.hex()]):
        yield f"{margin}    {line}"
    for child_resource, child in children:
        is_last = child is children[-1][1]
        yield from branch(
            spans, child_resource, child, ended, rest + ("└─ " if is_last else "├─ "), rest + ("   " if is_last else "│  ")
        )


def duration(spans: list) -> float:
    """Seconds from the earliest start to the latest end."""
    return (max(span.end_time_unix_nano for span in spans) - min(span.start_time_unix_nano for span in spans)) / 1e9


def changes(span, sent: dict):
    """A line for each attribute and event that differs from what the app sent, or that ops look for."""
    yield from differences(sent["attributes"], attributes_of(span.attributes))
    for event, before in zip(span.events, sent["events"]):
        for line in differences(before["attributes"], attributes_of(event.attributes)):
            yield f"event {event.name}: {line}"


def differences(before: dict, after: dict):
    for key, value in after.items():
        if key not in before:
            yield f"{key} = {short(value)}  (added)"
        elif value != before[key]:
            cut = isinstance(value, str) and value.endswith("...") and MARK not in value
            yield f"{key} = {short(value)}" + (f"  (of {len(before[key])} characters)" if cut else "")
        elif key == "enhancement.status" or key.startswith("gen_ai.usage."):
            yield f"{key} = {short(value)}"
    for key in before.keys() - after.keys():
        yield f"{key}  (removed)"


def short(value, most: int = 100) -> str:
    """A value on one line; of a long text the part around the first thing that was hidden."""
    text = " ".join(str(value).split())
    if len(text) <= most:
        return text
    start = max(0, text.find(MARK) - most // 2)
    return ("…" if start else "") + text[start : start + most] + "…"
