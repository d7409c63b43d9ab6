"""Whole traces through a running host: who waits for whom, what ends the wait, and that no span is lost on the way."""

import json
import time
from collections import Counter

import pytest
from opentelemetry import propagate, trace
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from clients import deliver, make_exporter, post

SLOW = ("--set", "slow_trace.whole_trace=true", "--set", "slow_trace.threshold=60s")
START = 1_750_000_000_000_000_000
ROOT_SPAN = 1


def send(host, *spans: Span, service: str = "app", transport: str = "http"):
    """One request with these spans."""
    request = ExportTraceServiceRequest()
    resource_spans = request.resource_spans.add()
    resource_spans.resource.attributes.add(key="service.name").value.string_value = service
    resource_spans.scope_spans.add().spans.extend(spans)
    deliver(host, request, transport)


def make_span(trace: int, number: int, seconds: float = 1, **attributes: str) -> Span:
    """The first span of a trace is its root, the others are children of that."""
    span = Span(trace_id=(1 << 100 | trace).to_bytes(16, "big"), span_id=(trace << 24 | number).to_bytes(8, "big"))
    if number != ROOT_SPAN:
        span.parent_span_id = (trace << 24 | ROOT_SPAN).to_bytes(8, "big")
    span.name = f"span {number}"
    span.start_time_unix_nano = START
    span.end_time_unix_nano = START + int(seconds * 1e9)
    for key, value in attributes.items():
        span.attributes.add(key=key).value.string_value = value
    return span


def make_spans(trace: int, numbers, seconds: float = 1, **attributes: str) -> list[Span]:
    return [make_span(trace, number, seconds, **attributes) for number in numbers]


def keys(span: Span) -> set[str]:
    return {pair.key for pair in span.attributes}


def held(host) -> int:
    return int(host.metrics().sum("processor_host_traces_held_spans"))


def decided(host) -> dict[str, int]:
    """How many traces were decided, by cause."""
    samples = host.metrics().samples["processor_host_traces_decided_total"]
    return {labels["cause"]: int(value) for labels, value in samples if value}


def write_rules(folder, hook: str, hide: str = ""):
    """A set of one rule: `hook` is its hooks, `hide` what it hides beside `secret`."""
    folder.mkdir(exist_ok=True)
    (folder / "look.lua").write_text(
        f"""return rule {{
  about = "Looks.",
  hide = {{ match.names {{ "secret"{hide} }} }},
  {hook}
}}
"""
    )
    chain = folder / "chain.new"
    chain.write_text('return chain { api = 1, "look" }\n')
    chain.rename(folder / "chain.lua")
    return folder


TAG = 'can = { set = { looked = "boolean" } }, on_trace = function(trace) trace:set("looked", true) end,'


def reload(host):
    before = host.metrics().sum("processor_host_rule_set_number")
    status, answer = host_reload(host)
    assert (status, answer["outcome"]) == (200, "swapped"), answer
    assert answer["number"] == before + 1
    return answer


def host_reload(host) -> tuple[int, dict]:
    answer = post(host.addresses["admin"], b"", path="/rules/reload", content_type=None)
    return answer.status, json.loads(answer.body)


def test_traces_of_two_services_that_send_by_themselves_come_out_whole(serve, make_sink):
    sink = make_sink("grpc")
    host = serve(sink, options=SLOW, traces__wait="1h", traces__grace="1s")
    providers = []
    for service, protocol in (("shop", "grpc"), ("billing", "http")):
        provider = TracerProvider(resource=Resource.create({"service.name": service}))
        provider.add_span_processor(BatchSpanProcessor(make_exporter(host, protocol, "gzip")))
        providers.append(provider)
    shop, billing = (provider.get_tracer("conformance") for provider in providers)

    # Each trace is open in both services while the spans of its inside leave, in several requests.
    start = time.time_ns()
    roots = []
    for number in range(20):
        root = shop.start_span("order", start_time=start)
        context = trace.set_span_in_context(root)
        carrier: dict[str, str] = {}
        propagate.inject(carrier, context)
        for name in ("charge", "receipt"):
            span = billing.start_span(name, context=propagate.extract(carrier), start_time=start + 10**9)
            # In every second trace both go on when their caller is done, and neither takes a minute.
            span.end(end_time=start + (50 * 10**9 if number % 2 else 2 * 10**9) + (name == "receipt"))
        shop.start_span("audit", context=context, start_time=start + number % 2 * 11 * 10**9).end(
            end_time=start + (61 * 10**9 if number % 2 else 10**9)
        )
        roots.append(root)
    for provider in providers:
        assert provider.force_flush()
    host.wait(lambda: held(host) == 60, "the spans to be held")
    assert sink.spans == [] and decided(host) == {}

    for root in roots:
        root.end(end_time=start + 3 * 10**9)
    for provider in providers:
        provider.shutdown()
    sink.wait_for_spans(80)
    host.wait_until_settled()
    assert decided(host) == {"complete": 20} and held(host) == 0
    assert set(sink.counts().values()) == {1}
    # Each trace left in one piece, and has all of its spans tagged, or none.
    for number, root in enumerate(roots):
        trace_id = root.get_span_context().trace_id.to_bytes(16, "big")
        spans = [span for span in sink.spans if span.trace_id == trace_id]
        assert sorted(span.name for span in spans) == ["audit", "charge", "order", "receipt"]
        assert all(span.end_time_unix_nano - span.start_time_unix_nano < 60 * 10**9 for span in spans)
        assert [("slow_trace" in keys(span)) for span in spans] == [number % 2 == 1] * 4


def test_requests_over_both_transports_meet_in_their_trace(serve, make_sink, rng):
    sink = make_sink("http")
    host = serve(sink, options=SLOW, traces__wait="1h", traces__grace="1s", traces__shards=2, lanes=2)
    spans = [span for number in range(50) for span in make_spans(number, range(2, 8), 61 if number % 5 == 0 else 59)]
    rng.shuffle(spans)
    transports = ["http", "grpc"]
    while spans:
        cut = rng.randint(1, 30)
        send(host, *spans[:cut], service=rng.choice("abc"), transport=rng.choice(transports))
        spans = spans[cut:]
    assert held(host) == 300
    send(host, *(make_span(number, ROOT_SPAN) for number in range(50)), transport="grpc")
    sink.wait_for_spans(350)
    host.wait_until_settled()
    assert decided(host) == {"complete": 50}
    assert set(sink.counts().values()) == {1}
    tagged = Counter(span.trace_id for span in sink.spans if "slow_trace" in keys(span))
    assert tagged == {make_span(number, 1).trace_id: 7 for number in range(0, 50, 5)}
    # What decides is the whole: one request holds a trace's spans beside each other.
    for arrival in sink.taken:
        assert all(count == 7 for count in Counter(span.trace_id for span in arrival.spans).values())


def test_late_spans_follow_what_was_decided(serve, make_sink):
    sink = make_sink("http")
    options = (*SLOW, "--set", "sample.whole_trace=true", "--set", "sample.ratio=0")
    host = serve(sink, options=options, traces__wait="1h", traces__grace="0s")
    slow, quick = 1, 2
    send(host, *make_spans(slow, [1, 2], 61), *make_spans(quick, [1, 2], 1))
    sink.wait_for_spans(2)
    host.wait(lambda: decided(host) == {"complete": 2}, "both traces to be decided")

    # The late spans say the opposite of their traces.
    send(host, *make_spans(slow, [3], 1), *make_spans(quick, [3], 61))
    sink.wait_for_spans(3)
    host.wait_until_settled()
    assert sorted(span.name for span in sink.spans) == ["span 1", "span 2", "span 3"]
    assert {span.trace_id for span in sink.spans} == {make_span(slow, 1).trace_id}
    assert all("slow_trace" in keys(span) for span in sink.spans)
    metrics = host.metrics()
    assert metrics.sum("processor_host_traces_late_spans_total", fate="kept") == 1
    assert metrics.sum("processor_host_traces_late_spans_total", fate="dropped") == 1
    assert metrics.sum("processor_host_spans_sampled_out_total", reason="ratio") == 3
    assert decided(host) == {"complete": 2} and held(host) == 0


def test_a_trace_without_a_root_is_decided_when_it_has_waited(serve, make_sink):
    sink = make_sink("http")
    host = serve(sink, options=SLOW, traces__wait="500ms", traces__grace="1h")
    send(host, *make_spans(1, [2, 3], 61))
    sink.wait_for_spans(2)
    assert all("slow_trace" in keys(span) for span in sink.spans)
    host.wait_until_settled()
    assert decided(host) == {"waited": 1}
    assert host.metrics().sum("processor_host_traces_without_root_total") == 1


def test_where_there_is_no_room_for_traces_the_oldest_are_decided_early(serve, make_sink):
    sink = make_sink("http")
    host = serve(sink, options=SLOW, traces__wait="1h", traces__max_traces=5)
    for number in range(20):
        send(host, *make_spans(number, [2, 3], 61))
    sink.wait_for_spans(30)
    host.assert_balanced()
    assert Counter(span.trace_id for span in sink.spans) == {make_span(number, 1).trace_id: 2 for number in range(15)}
    # They are decided by the same rules.
    assert all("slow_trace" in keys(span) for span in sink.spans)
    assert decided(host) == {"early_traces": 15}
    assert held(host) == 10


def test_a_trace_of_too_many_spans_is_decided_early_and_the_rest_of_it_follows(serve, make_sink):
    sink = make_sink("http")
    host = serve(sink, options=SLOW, traces__wait="1h", traces__grace="1h", traces__max_spans_per_trace=10)
    send(host, *make_spans(1, range(1, 26), 61))
    sink.wait_for_spans(25)
    host.wait_until_settled()
    assert all("slow_trace" in keys(span) for span in sink.spans)
    assert decided(host) == {"early_spans": 1}
    assert host.metrics().sum("processor_host_traces_late_spans_total", fate="kept") == 15


def test_ten_times_the_memory_there_is_decides_early_and_loses_nothing(serve, make_sink):
    sink = make_sink("http")
    bound = 1 << 20
    host = serve(sink, options=SLOW, traces__wait="1h", traces__max_bytes=bound, queue__max_spans=10**6)
    for number in range(100):
        # Some 100 KB each, in traces of five spans.
        send(host, *(span for part in range(10) for span in make_spans(number * 10 + part, range(2, 7), note="n" * 2000)))
        assert host.metrics().sum("processor_host_traces_held_bytes") <= bound
    host.assert_balanced()
    metrics = host.metrics()
    causes = decided(host)
    assert causes.keys() == {"early_memory"}
    assert causes["early_memory"] + metrics.sum("processor_host_traces_held") == 1000
    assert held(host) > 100
    sink.wait_for_spans(5000 - held(host))
    assert host.stop() == 0
    assert len(sink.counts()) == 5000 and set(sink.counts().values()) == {1}


def test_what_is_held_is_decided_when_the_host_ends(serve, make_sink):
    sink = make_sink("grpc")
    # Less room behind than is held.
    host = serve(sink, options=SLOW, traces__wait="1h", traces__grace="1h", queue__max_spans=100, queue__max_batch_spans=50)
    for number in range(20):
        send(host, *make_spans(number, range(1, 11), 61 if number % 2 else 1))
    assert held(host) == 200 and sink.spans == []
    assert host.stop() == 0, host.said
    assert len(sink.counts()) == 200 and set(sink.counts().values()) == {1}
    tagged = Counter(span.trace_id for span in sink.spans if "slow_trace" in keys(span))
    assert tagged == {make_span(number, 1).trace_id: 10 for number in range(1, 20, 2)}


def test_what_was_held_when_rules_were_tightened_comes_out_hidden_by_the_newer_ones(serve, make_sink, tmp_path):
    sink = make_sink("http")
    rules = write_rules(tmp_path / "rules", TAG)
    host = serve(sink, rules=rules, rules__watch_interval="0s", traces__wait="1h", traces__grace="0s")
    note = "the lodger of room nine"
    send(host, *make_spans(1, [2, 3], secret="s3cr3t", note=note))
    assert held(host) == 2
    write_rules(rules, TAG, hide=', "note"')
    answer = reload(host)
    assert held(host) == 2 and sink.spans == []
    send(host, make_span(1, ROOT_SPAN, secret="s3cr3t", note=note))
    sink.wait_for_spans(3)
    host.wait_until_settled()
    assert decided(host) == {"complete": 1}
    for span in sink.spans:
        values = {pair.key: pair.value for pair in span.attributes}
        assert values["secret"].string_value == values["note"].string_value == "[REDACTED]"
        assert values["looked"].bool_value is True
    assert note.encode() not in sink.bytes
    # The two that were inside are told of, and counted once they were hidden again: with the third, which is of their trace.
    assert answer["hiddenAgain"] == 2
    assert host.metrics().sum("processor_host_spans_hidden_again_total") == 3


def test_rules_that_do_not_look_at_traces_any_more_let_go_what_is_held(serve, make_sink, tmp_path):
    sink = make_sink("http")
    rules = write_rules(tmp_path / "rules", TAG)
    host = serve(sink, rules=rules, rules__watch_interval="0s", traces__wait="1h", traces__grace="1h")
    note = "the lodger of room nine"
    send(host, *make_spans(1, [1, 2], note=note))
    assert held(host) == 2 and sink.spans == []

    write_rules(rules, "", hide=', "note"')
    reload(host)
    sink.wait_for_spans(2)
    send(host, *make_spans(1, [3]), *make_spans(2, [1, 2]))
    sink.wait_for_spans(5)
    host.wait_until_settled()
    assert held(host) == 0 and decided(host) == {"rules": 1}
    # Whoever was held passed neither set's `on_trace`, and left hidden by the newer one.
    assert not any("looked" in keys(span) for span in sink.spans)
    assert note.encode() not in sink.bytes

    write_rules(rules, TAG)
    reload(host)
    send(host, *make_spans(3, [1, 2]))
    assert held(host) == 2


def test_a_reload_under_load_loses_no_held_trace_and_each_decision_is_of_one_set(serve, make_sink, tmp_path):
    sink = make_sink("http")

    def edit(number: int):
        hook = f'can = {{ set = {{ set = {{ "{number}" }} }} }}, on_trace = function(trace) trace:set("set", "{number}") end,'
        return write_rules(tmp_path / "rules", hook)

    host = serve(
        sink, rules=edit(0), rules__watch_interval="0s", rules__probation="0s", traces__wait="1h", traces__grace="200ms",
        traces__shards=2, lanes=2,
    )  # fmt: skip
    rounds, at_a_time = 30, 10
    for number in range(rounds):
        traces = range(number * at_a_time, (number + 1) * at_a_time)
        send(host, *(span for trace in traces for span in make_spans(trace, [2, 3])))
        if number % 5 == 4:
            edit(number)
            reload(host)
        send(host, *(make_span(trace, ROOT_SPAN) for trace in traces), transport="grpc")
    sink.wait_for_spans(rounds * at_a_time * 3)
    host.wait_until_settled()
    assert set(sink.counts().values()) == {1}
    assert decided(host) == {"complete": rounds * at_a_time}
    by_trace: dict[bytes, set[str]] = {}
    for span in sink.spans:
        by_trace.setdefault(span.trace_id, set()).update(pair.value.string_value for pair in span.attributes)
    assert {len(sets) for sets in by_trace.values()} == {1}
    assert len(set().union(*by_trace.values())) > 1


@pytest.mark.parametrize("transport", ["http", "grpc"])
def test_without_a_rule_that_looks_at_traces_nothing_is_held(serve, make_sink, transport):
    sink = make_sink(transport)
    host = serve(sink, traces__wait="1h", traces__grace="1h")
    send(host, *make_spans(1, [2, 3], 61), transport=transport)
    sink.wait_for_spans(2)
    host.wait_until_settled()
    metrics = host.metrics()
    for name in ("held", "held_spans", "held_bytes", "reserved_bytes", "decided_total", "late_spans_total"):
        assert metrics.sum(f"processor_host_traces_{name}") == 0, name
    assert all(keys(span) >= {"slow_trace", "duration_ms"} for span in sink.spans)
