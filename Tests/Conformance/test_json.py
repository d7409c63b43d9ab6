"""OTLP/JSON out and in, against a reader and a writer made from the specification."""

import json

import pytest
from compare import assert_same
from conftest import recordings
from generator import Generator, huge_request
from host import REFUSED
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from otlpjson import Writer, read_json, read_json_lines


def known_part(content: bytes) -> ExportTraceServiceRequest:
    """JSON has no place for fields whose names nobody knows."""
    request = ExportTraceServiceRequest.FromString(content)
    request.DiscardUnknownFields()
    return request


def joined(lines: str) -> ExportTraceServiceRequest:
    request = ExportTraceServiceRequest()
    for line in lines.split("\n"):
        if line:
            request.MergeFrom(read_json(line))
    return request


@pytest.mark.random
def test_random_requests_are_written_as_json_lines(host, rng):
    generator = Generator(rng)
    content = b"".join(generator.request() for _ in range(1000))
    output = host.process(host.write("in.pb", content), form="jsonl").output.decode()
    assert_same(known_part(content), joined(output))


@pytest.mark.random
def test_random_requests_are_written_as_one_json_document(host, rng):
    generator = Generator(rng)
    content = b"".join(generator.request() for _ in range(100))
    output = host.process(host.write("in.pb", content), form="json").output.decode()
    assert_same(known_part(content), read_json(output))


def test_a_huge_request_is_written_as_json_and_read_again(host):
    content = huge_request()
    lines = host.process(host.write("in.pb", content), form="jsonl").output
    assert_same(known_part(content), joined(lines.decode()))
    assert host.process(host.write("in.jsonl", lines)).output == content


@pytest.mark.parametrize("path", recordings(), ids=lambda path: path.name)
def test_a_recording_survives_the_way_through_json(host, path):
    expected = (
        known_part(path.read_bytes()) if path.suffix == ".pb" else read_json_lines(path.read_text(encoding="utf-8"))
    )
    assert_same(expected, host.process(path).request)
    lines = host.process(path, form="jsonl").output
    assert_same(expected, joined(lines.decode()))
    assert_same(expected, host.process(host.write("again.jsonl", lines)).request)


@pytest.mark.random
def test_random_json_in_all_the_forms_that_readers_take(host, rng):
    generator = Generator(rng)
    writer = Writer(rng)
    expected = ExportTraceServiceRequest()
    lines = []
    for _ in range(1000):
        request = known_part(generator.request())
        expected.MergeFrom(request)
        lines.append(json.dumps(writer.document(request), ensure_ascii=rng.random() < 0.5))
    path = host.write("in.jsonl", "\n".join(lines).encode())
    assert_same(expected, host.process(path).request)


@pytest.mark.random
def test_a_random_document_over_many_lines(host, rng):
    generator = Generator(rng)
    for index in range(10):
        request = known_part(b"".join(generator.request() for _ in range(5)))
        path = host.write(f"{index}.json", Writer(rng).text(request).encode())
        assert_same(request, host.process(path).request)


def span_document(name: str, **members) -> dict:
    return {"traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b174", "name": name} | members


def document(*spans: dict) -> dict:
    return {"resourceSpans": [{"scopeSpans": [{"spans": list(spans)}]}]}


def names(request) -> list[str]:
    return [span.name for resource in request.resource_spans for scope in resource.scope_spans for span in scope.spans]


LENIENT = {
    "exponent": ({"startTimeUnixNano": 1e3}, lambda span: span.start_time_unix_nano == 1000),
    "integral float": ({"kind": 3.0}, lambda span: span.kind == 3),
    "largest number": ({"endTimeUnixNano": 2**64 - 1}, lambda span: span.end_time_unix_nano == 2**64 - 1),
    "lone surrogate": ({"name": "\ud800x"}, lambda span: span.name == "\ufffdx"),
    "surrogate pair": ({"name": "\ud83e\udd8a"}, lambda span: span.name == "🦊"),
    "nulls": ({"attributes": None, "kind": None, "status": None}, lambda span: not span.attributes and span.kind == 0),
    "no ids of a parent": ({"parentSpanId": ""}, lambda span: span.parent_span_id == b""),
}


@pytest.mark.parametrize("members, holds", LENIENT.values(), ids=LENIENT)
def test_what_readers_have_to_take(host, members, holds):
    text = json.dumps(document(span_document("a") | members))
    span = host.process(host.write("in.json", text.encode())).request.resource_spans[0].scope_spans[0].spans[0]
    assert holds(span), span


def test_a_byte_order_mark_is_skipped(host):
    text = "\ufeff" + json.dumps(document(span_document("a")))
    assert names(host.process(host.write("in.json", text.encode())).request) == ["a"]


BAD_SPANS = {
    "traceId": {"traceId": "hunter-two" * 3 + "xy"},
    "spanId": {"spanId": "hunter-two"},
    "startTimeUnixNano": {"startTimeUnixNano": "hunter-two"},
    "kind": {"kind": 1.5},
    "attributes[1].value": {
        "attributes": [
            {"key": "a", "value": {"intValue": "1"}},
            {"key": "b", "value": {"stringValue": "hunter-two", "intValue": "1"}},
        ]
    },
    "events": {"events": "hunter-two"},
    "name": {"name": 17},
    "droppedAttributesCount": {"droppedAttributesCount": -1},
    "endTimeUnixNano": {"endTimeUnixNano": str(2**64)},
}


@pytest.mark.parametrize("place, members", BAD_SPANS.items(), ids=BAD_SPANS)
def test_a_bad_span_is_refused_by_its_path_and_its_neighbours_are_not(host, place, members):
    text = json.dumps(document(span_document("a"), span_document("b") | members, span_document("c")))
    outcome = host.process(host.write("in.json", text.encode()), status=REFUSED)
    assert names(outcome.request) == ["a", "c"]
    assert f"$.resourceSpans[0].scopeSpans[0].spans[1].{place}" in outcome.errors
    assert "hunter-two" not in outcome.errors, "a value stands in the error"


@pytest.mark.parametrize(
    "line",
    ['{"resourceSpans": [', "no JSON", '{"resourceSpans": []} trailing', '{"resourceSpans": [], "resourceSpans": []}'],
)
def test_a_bad_line_is_refused_by_its_number_and_the_others_are_not(host, line):
    good = [json.dumps(document(span_document(name))) for name in "ab"]
    path = host.write("in.jsonl", "\n".join([good[0], line, good[1], ""]).encode())
    outcome = host.process(path, status=REFUSED)
    assert names(outcome.request) == ["a", "b"]
    assert "in.jsonl" in outcome.errors and "2" in outcome.errors
