"""Which spans a ratio keeps, and the threshold they leave with: OpenTelemetry's consistent probability sampling."""

import random

import pytest
import wire
from compare import numbered_spans
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

WHOLE = 1 << 56


def rule(ratio: float) -> str:
    return f"""
return rule {{
  about = "Keeps a share.",
  can = {{ read = {{ "attributes.keep" }}, sample = {{ "ratio", "kept" }} }},
  on_span = function(span)
    if span.attributes.keep then return span:keep "kept" end
    span:sample({ratio}, "ratio")
  end,
}}
"""


def hexadecimal(threshold: int) -> str:
    return f"{threshold:014x}".rstrip("0") or "0"


def make_span(rng: random.Random) -> bytes:
    """A span with a trace state that its sampler upstream could have written: its own threshold lets it pass."""
    trace_id = rng.randbytes(16)
    members, randomness = [], int.from_bytes(trace_id[9:], "big")
    if rng.random() < 0.3:
        randomness = rng.getrandbits(56)
        members.append(f"rv:{randomness:014x}")
    if rng.random() < 0.5:
        upstream = rng.choice([0, WHOLE // 4, WHOLE // 2, WHOLE // 8 * 7])
        if upstream <= randomness:
            members.insert(0, f"th:{hexadecimal(upstream)}")
    state = ",".join(([f"ot={';'.join(members)}"] if members else []) + rng.choice([[], ["vendor=1"], ["a=1", "b=2"]]))
    content = wire.delimited(3, state)
    if rng.random() < 0.2:
        content += wire.attribute(9, "keep", wire.number(2, 1))
    return wire.span(content, trace_id=trace_id, span_id=rng.randbytes(8))


def ot_fields(state: str) -> dict[str, str]:
    for member in state.split(","):
        if member.startswith("ot="):
            return dict(part.split(":", 1) for part in member[3:].split(";"))
    return {}


def others(state: str) -> list[str]:
    return [member for member in state.split(",") if member and not member.startswith("ot=")]


@pytest.mark.random
@pytest.mark.parametrize("ratio", [0, 0.0625, 0.25, 0.5, 0.75, 1])
def test_a_ratio_keeps_by_the_trace_id_and_says_so_in_the_trace_state(host, rng, ratio):
    content = wire.request(*(make_span(rng) for _ in range(4000)))
    found = host.process(host.write("in.pb", content), rules=host.write_rules({"sample": rule(ratio)})).request
    left = {span.span_id: span for _, span in numbered_spans(found)}
    for _, span in numbered_spans(ExportTraceServiceRequest.FromString(content)):
        came = ot_fields(span.trace_state)
        randomness = int(came["rv"], 16) if "rv" in came else int.from_bytes(span.trace_id[9:], "big")
        upstream = int(came["th"].ljust(14, "0"), 16) if "th" in came else None
        is_kept_anyway = any(attribute.key == "keep" for attribute in span.attributes)
        own = 0 if is_kept_anyway else int((1 - ratio) * WHOLE)
        threshold = max(own, upstream or 0)
        assert (span.span_id in left) == (randomness >= threshold and own < WHOLE)
        if span.span_id not in left:
            continue
        now = ot_fields(left[span.span_id].trace_state)
        if is_kept_anyway or ratio == 1:
            assert now == came, "a span that no ratio touched keeps its trace state"
        else:
            assert now.get("th") == hexadecimal(threshold)
            assert now.get("rv") == came.get("rv")
        assert others(left[span.span_id].trace_state) == others(span.trace_state)


@pytest.mark.random
def test_the_lowest_ratio_of_several_rules_counts_and_not_their_product(host, rng):
    spans = [wire.span(trace_id=rng.randbytes(16), span_id=rng.randbytes(8)) for _ in range(4000)]
    rules = host.write_rules({"half": rule(0.5), "quarter": rule(0.25), "most": rule(0.75)})
    found = host.process(host.write("in.pb", wire.request(*spans)), rules=rules)
    assert all(ot_fields(span.trace_state) == {"th": "c"} for _, span in numbered_spans(found.request))
    expected = sum(int.from_bytes(span[11:18], "big") >= WHOLE // 4 * 3 for span in spans)
    assert len(wire.spans(found.output)) == expected
