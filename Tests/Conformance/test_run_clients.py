"""Real clients through a running host, to a stock backend: what arrives, how often, and without which bytes."""

import json
import os
import shutil
import subprocess
import sys
import time

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Link, SpanKind, Status, StatusCode

from clients import make_exporter, post
from conftest import ROOT

SECRETS = ["plum-4417-made-up", "nadia.brandt@example.org", "4000 0566 5566 5556", "Granite-Swallow-07"]


def do_work(provider: TracerProvider, rounds: int):
    """Spans of all kinds, as an app makes them, with secrets in attributes, events, links, messages and the resource."""
    tracer = provider.get_tracer("conformance", "1.0", attributes={"scope.token": SECRETS[0]})
    for number in range(rounds):
        with tracer.start_as_current_span("request", kind=SpanKind.SERVER) as request:
            request.set_attributes({"http.route": "/tickets", "number": number, "ratio": 0.5, "authorization": SECRETS[0]})
            link = Link(request.get_span_context(), {"link.password": SECRETS[3]})
            with tracer.start_as_current_span("query", kind=SpanKind.CLIENT, links=[link]) as query:
                query.set_attribute("db.query.text", f"SELECT 1 WHERE mail = '{SECRETS[1]}'")
                query.add_event("paid", {"card": SECRETS[2], "amounts": [1, 2, 3]})
            with tracer.start_as_current_span("answer") as answer:
                answer.set_status(Status(StatusCode.ERROR, f"password={SECRETS[3]} is wrong"))
    end = time.time_ns()
    for seconds in (59, 61):
        tracer.start_span(f"{seconds} s", start_time=end - seconds * 10**9).end(end_time=end)


@pytest.mark.parametrize(
    ("protocol", "compression", "onward"),
    [("grpc", "none", "http"), ("grpc", "gzip", "grpc"), ("http", "none", "grpc"), ("http", "gzip", "http")],
)
def test_every_span_of_the_stock_sdk_arrives_once_and_without_its_secrets(serve, make_sink, protocol, compression, onward):
    sink = make_sink(onward)
    host = serve(sink, exporter={"compression": compression})
    ended = InMemorySpanExporter()
    provider = TracerProvider(resource=Resource.create({"service.name": "app", "app.api_key": SECRETS[0]}))
    provider.add_span_processor(SimpleSpanProcessor(ended))
    provider.add_span_processor(BatchSpanProcessor(make_exporter(host, protocol, compression)))
    do_work(provider, rounds=300)
    assert provider.force_flush()
    provider.shutdown()
    spans = {span.context.span_id.to_bytes(8, "big"): span for span in ended.get_finished_spans()}
    sink.wait_for_spans(len(spans))
    host.stop()

    assert len(spans) == 902
    assert sink.counts() == dict.fromkeys(spans, 1)
    for arrived in sink.spans:
        sent = spans[arrived.span_id]
        assert arrived.trace_id == sent.context.trace_id.to_bytes(16, "big")
        assert arrived.parent_span_id == (sent.parent.span_id.to_bytes(8, "big") if sent.parent else b"")
        assert arrived.name == sent.name
        assert (arrived.start_time_unix_nano, arrived.end_time_unix_nano) == (sent.start_time, sent.end_time)
        assert arrived.kind == sent.kind.value + 1
        assert arrived.status.code == sent.status.status_code.value
        assert [event.name for event in arrived.events] == [event.name for event in sent.events]
        assert [link.span_id for link in arrived.links] == [link.context.span_id.to_bytes(8, "big") for link in sent.links]
        added = {pair.key for pair in arrived.attributes} - set(sent.attributes)
        assert added == ({"slow_trace", "duration_ms"} if sent.name == "61 s" else set())
        assert set(sent.attributes) <= {pair.key for pair in arrived.attributes}
    for secret in SECRETS:
        assert secret.encode() not in sink.bytes
    assert {
        arrival.headers.get("content-encoding", arrival.headers.get("grpc-encoding", "none")) for arrival in sink.arrivals
    } <= {
        compression,
        "none",
    }


def test_json_by_hand_arrives_as_protobuf(serve, make_sink):
    sink = make_sink("grpc")
    host = serve(sink)
    attribute = {"key": "api_key", "value": {"stringValue": SECRETS[0]}}
    span = {"traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b174", "name": "by hand", "kind": 2,
            "startTimeUnixNano": "1750000000000000000", "endTimeUnixNano": "1750000000000000001", "attributes": [attribute]}  # fmt: skip
    body = json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}).encode()
    answer = post(host.http, body, content_type="application/json")
    assert (answer.status, json.loads(answer.body)) == (200, {})
    assert answer.headers["content-type"].startswith("application/json")
    sink.wait_for_spans(1)
    arrived = sink.spans[0]
    assert (arrived.name, arrived.span_id.hex()) == ("by hand", "eee19b7ec3c1b174")
    assert arrived.attributes[0].value.string_value == "[REDACTED]"


# The example's, in seconds.
THRESHOLD = 2.0


def run_example(executable, folder, *options: str):
    """Runs the ticket example, and returns what it kept: the bytes that arrived, their spans by id and the service of
    each, and by id what the app said of the spans that ended."""
    if not shutil.which("redis-server") and os.environ.get("CI") != "true":
        pytest.skip("there is no redis-server")
    command = [ROOT / "Examples/ticket-enhancement/run", "--host", executable, "--keep", folder, *options]
    run = subprocess.run(command, capture_output=True, text=True, timeout=400)
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-6000:]

    body = (folder / "arrived.otlp.pb").read_bytes()
    ended = {line["span_id"]: line for line in map(json.loads, (folder / "ended.jsonl").read_text().splitlines())}
    arrived = {}
    services = {}
    for resource_spans in ExportTraceServiceRequest.FromString(body).resource_spans:
        service = next(pair.value.string_value for pair in resource_spans.resource.attributes if pair.key == "service.name")
        for scope_spans in resource_spans.scope_spans:
            for span in scope_spans.spans:
                assert span.span_id.hex() not in arrived
                arrived[span.span_id.hex()] = span
                services[span.span_id.hex()] = service
    assert arrived.keys() == ended.keys()
    return body, arrived, services, ended


def test_one_trace_goes_from_fastapi_through_redis_to_celery(executable, tmp_path):
    # What the example checks of itself is checked here, from what it kept.
    body, arrived, services, ended = run_example(executable, tmp_path)
    for span_id, span in arrived.items():
        assert span.trace_id.hex() == ended[span_id]["trace_id"]
        assert span.parent_span_id.hex() == ended[span_id]["parent_id"]
        has_tag = any(pair.key == "slow_trace" for pair in span.attributes)
        assert has_tag == (ended[span_id]["duration"] > THRESHOLD)
    # From each of the worker's spans the way up leads to the webhook's.
    workers = [span for span_id, span in arrived.items() if services[span_id] == "ticket-worker"]
    assert {span.name for span in workers} == {
        "enhancement", "context_gathering", "history", "documentation", "ip_lookup", "llm_call", "ticket_update"
    }  # fmt: skip
    for span in workers:
        names = []
        while span:
            names.append(span.name)
            span = arrived.get(span.parent_span_id.hex())
        assert names[-4:] == ["enhancement", "job_queued", "webhook", "POST /webhooks/tickets"]
    for secret in planted():
        assert secret.encode() not in body


def test_a_trace_that_is_slow_only_by_waiting_in_the_queue_is_tagged_on_every_span(executable, tmp_path):
    body, arrived, services, ended = run_example(executable, tmp_path, "--whole-traces")
    traces = {}
    for span in arrived.values():
        traces.setdefault(span.trace_id, []).append(span)
    tags = {span_id: {pair.key: pair.value for pair in span.attributes} for span_id, span in arrived.items()}

    def of_ticket(number: str) -> list:
        """The trace of the ticket that went through."""
        found = [
            spans
            for spans in traces.values()
            if any(tags[span.span_id.hex()].get("ticket_id", AnyValue()).string_value == number for span in spans)
            and any(services[span.span_id.hex()] == "ticket-worker" for span in spans)
        ]
        assert len(found) == 1
        return found[0]

    waiting = of_ticket("TCK-2004")
    # All of it is there, the part before the queue and the part behind it.
    assert {span.name for span in waiting} > {"POST /webhooks/tickets", "webhook", "job_queued", "enhancement", "llm_call"}
    assert all(ended[span.span_id.hex()]["duration"] < THRESHOLD for span in waiting)
    assert duration(waiting) > THRESHOLD
    for span in waiting:
        assert tags[span.span_id.hex()]["slow_trace"].bool_value is True, span.name
    root = next(span for span in waiting if not span.parent_span_id)
    # No span took most of it, and the root says so.
    assert 0 < tags[root.span_id.hex()]["slow_trace_share"].double_value < 0.5
    assert tags[root.span_id.hex()]["slow_trace_span"].string_value in {span.name for span in waiting}

    # Beside it: a trace with one slow span is tagged on all of them, and a quick one on none.
    assert all("slow_trace" in tags[span.span_id.hex()] for span in of_ticket("TCK-2003"))
    quick = [spans for spans in traces.values() if services[spans[0].span_id.hex()] == "ticket-webhook" and len(spans) == 2]
    assert len(quick) == 1, "the trace of the webhook that was refused"
    for spans in traces.values():
        if duration(spans) <= THRESHOLD:
            assert not any(key.startswith("slow_trace") for span in spans for key in tags[span.span_id.hex()])
    assert duration(quick[0]) <= THRESHOLD
    for secret in planted():
        assert secret.encode() not in body


def duration(spans: list) -> float:
    """Seconds from the earliest start to the latest end."""
    return (max(span.end_time_unix_nano for span in spans) - min(span.start_time_unix_nano for span in spans)) / 1e9


def planted() -> list[str]:
    script = "import json, made_up; print(json.dumps([secret for secret, _ in made_up.PLANTED]))"
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT / "Examples/ticket-enhancement", capture_output=True, check=True
    )
    return json.loads(run.stdout)
