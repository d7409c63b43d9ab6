"""A short storm of reloads under load; `make reload-storm` runs the long one."""

from collections import Counter

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

import storm
from storm_load import make_body
from storm_rules import hides


def test_every_span_leaves_once_under_one_set_and_without_what_that_set_hides(serve, request, tmp_path):
    sink = storm.CheckingSink("http")
    request.addfinalizer(sink.close)
    figures = storm.run(
        lambda rules: serve(sink, rules=rules, queue__schedule_delay="50ms"), sink, tmp_path / "storm", reloads=40, seconds=240
    )
    assert figures.faults == {}
    assert figures.reloads == 40 and figures.good == figures.broken == 20
    # Both kinds of set were written in each way.
    assert len(figures.ways) == 10 and all(count == 4 for count in figures.ways.values())
    assert figures.spans > 1000 and figures.sets_seen > 10
    # Each swap exchanges one lane's set.
    assert figures.pauses.count >= 20


def processed(number: int):
    """A span as a set leaves it."""
    span = ExportTraceServiceRequest.FromString(make_body(7, spans=1)).resource_spans[0].scope_spans[0].spans[0]
    for pair in span.attributes:
        if pair.key.startswith("secret_") and hides(number, int(pair.key[-1])):
            pair.value.string_value = storm.MARK
    for mark in ("mark_first", "mark_last"):
        span.attributes.add(key=mark).value.int_value = number
    return span


@pytest.mark.parametrize(
    "by, of, faults",
    [
        (5, 5, 0),
        # Both marks, and each secret that was not hidden.
        (5, 7, 3), (0, 63, 8), (0, 1, 3),
        # The marks alone: what is hidden beyond what the set hides may have waited while another came.
        (7, 5, 2),
    ],
)  # fmt: skip
def test_the_check_finds_what_another_set_has_done(by, of, faults):
    found: Counter[str] = Counter()
    storm.check(processed(by), of, found)
    assert found.total() == faults


def test_the_check_finds_a_hook_that_two_sets_ran_and_a_value_that_nobody_wrote():
    span = processed(5)
    span.attributes[-1].value.int_value = 4
    span.attributes[1].value.string_value = "planted-1-8"
    found: Counter[str] = Counter()
    storm.check(span, 5, found)
    assert found == {"mark_last is not that of the set": 1, "a value that nobody has written": 1}
