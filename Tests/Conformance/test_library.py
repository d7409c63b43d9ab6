"""The library and the host beside apps: the same rules make the same bytes of the same spans."""

import os
import subprocess

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from clients import post
from conftest import ROOT, recordings

DIGEST = "processor_host.rules.digest"


@pytest.fixture
def replay(executable, host, tmp_path):
    """Makes the spans of a recording again in an app, and gives back what the library would export."""
    program = executable.parent / "LibraryReplay"
    if not program.exists():
        pytest.skip("LibraryReplay is not built beside the host")

    def replay(recording, rules=None, **variables) -> bytes:
        protobuf = host.write("recorded.pb", host.process(recording, status=None).output)
        output = tmp_path / "replayed.pb"
        # In both runs attributes stand in one order: Swift's dictionaries have another in each otherwise.
        environment = {"PATH": os.environ["PATH"], "SWIFT_DETERMINISTIC_HASHING": "1"} | variables
        command = [program, protobuf, "otlp" if variables else output] + ([rules] if rules else [])
        subprocess.run(command, check=True, env=environment, timeout=120)
        return b"" if variables else output.read_bytes()

    return replay


@pytest.mark.parametrize("recording", recordings(), ids=lambda path: path.name)
def test_the_same_rules_make_the_same_bytes_in_an_app_and_beside_it(replay, serve, make_sink, recording):
    encoded = replay(recording)
    inside = replay(recording, ROOT / "rules")
    assert spans_in(inside) > 0 and DIGEST.encode() in inside and inside != encoded
    sink = make_sink("http")
    beside = serve(sink, rules=ROOT / "rules", queue__max_batch_spans=100_000, queue__max_spans=100_000)
    assert post(beside.http, encoded).status == 200
    sink.wait_for_spans(spans_in(inside))
    beside.wait_until_settled()
    assert inside == sink.bytes


@pytest.mark.parametrize("recording", recordings(), ids=lambda path: path.name)
def test_what_the_library_encodes_is_as_an_independent_encoder_writes_it(replay, recording):
    encoded = replay(recording)
    assert spans_in(encoded) > 0
    assert ExportTraceServiceRequest.FromString(encoded).SerializeToString() == encoded


@pytest.mark.parametrize("protocol", ["http/protobuf", "grpc"])
def test_an_app_sends_over_either_protocol_what_it_would_write(replay, make_sink, protocol):
    recording = recordings()[0]
    sink = make_sink(protocol.partition("/")[0])
    replay(recording, ROOT / "rules", OTEL_EXPORTER_OTLP_ENDPOINT=sink.url, OTEL_EXPORTER_OTLP_PROTOCOL=protocol)
    assert sink.bytes == replay(recording, ROOT / "rules")


@pytest.mark.parametrize("recording", recordings(), ids=lambda path: path.name)
def test_whole_traces_are_decided_alike_in_an_app_and_beside_it(replay, serve, make_sink, recording):
    # There are recordings of microseconds.
    settings = {"slow_trace.whole_trace": "true", "slow_trace.threshold": "0s"}
    inside = make_sink("http")
    replay(
        recording, ROOT / "rules", OTEL_EXPORTER_OTLP_ENDPOINT=inside.url, OTEL_EXPORTER_OTLP_PROTOCOL="http/protobuf",
        PROCESSOR_HOST_RULES_SETTINGS=",".join(f"{name}={value}" for name, value in settings.items()),
    )
    encoded = replay(recording)
    sink = make_sink("http")
    beside = serve(
        sink, rules=ROOT / "rules", rules__settings=settings, traces__root="service", traces__grace="0s",
        traces__wait="500ms", queue__max_spans=100_000,
    )
    assert post(beside.http, encoded).status == 200
    sink.wait_for_spans(spans_in(encoded))
    beside.wait_until_settled()
    assert spans(inside.bytes) == spans(sink.bytes)
    tagged = [span for *_, span in spans(inside.bytes) if b"slow_trace" in span]
    assert 0 < len(tagged) <= spans_in(encoded)


def spans(request: bytes) -> list[tuple[bytes, bytes, bytes]]:
    """The spans with their resource and scope, in an order that does not depend on when they were sent."""
    parsed = ExportTraceServiceRequest.FromString(request)
    return sorted(
        tuple(message.SerializeToString() for message in (part.resource, scope.scope, span))
        for part in parsed.resource_spans for scope in part.scope_spans for span in scope.spans
    )


def spans_in(request: bytes) -> int:
    parsed = ExportTraceServiceRequest.FromString(request)
    return sum(len(scope.spans) for part in parsed.resource_spans for scope in part.scope_spans)
