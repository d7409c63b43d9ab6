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

    def replay(recording, rules=None) -> bytes:
        protobuf = host.write("recorded.pb", host.process(recording, status=None).output)
        output = tmp_path / "replayed.pb"
        # In both runs attributes stand in one order: Swift's dictionaries have another in each otherwise.
        environment = {"PATH": os.environ["PATH"], "SWIFT_DETERMINISTIC_HASHING": "1"}
        command = [program, protobuf, output] + ([rules] if rules else [])
        subprocess.run(command, check=True, env=environment, timeout=120)
        return output.read_bytes()

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


def spans_in(request: bytes) -> int:
    parsed = ExportTraceServiceRequest.FromString(request)
    return sum(len(scope.spans) for part in parsed.resource_spans for scope in part.scope_spans)
