"""What is canonical and what no rule changes leaves byte for byte as it came."""

import pytest
import wire
from compare import assert_same
from conftest import recordings
from generator import Generator, huge_request
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from otlpjson import read_json_lines

IDLE_RULE = """
return rule {
  about = "Looks at every span and changes none.",
  can = { read = { "name", "attributes.*" }, set = { never = "boolean" } },
  on_span = function(span)
    if span.name == "no span has this name" then span.attributes.never = true end
  end,
  hide = { match.names { "no attribute has this key" } },
}
"""


def as_protobuf(path) -> bytes:
    if path.suffix == ".pb":
        return path.read_bytes()
    return read_json_lines(path.read_text(encoding="utf-8")).SerializeToString()


@pytest.fixture(params=["no chain", "an idle rule"])
def rules(request, host):
    return host.write_rules({"idle": IDLE_RULE}) if request.param == "an idle rule" else None


@pytest.mark.parametrize("path", recordings(), ids=lambda path: path.name)
def test_a_recording_comes_out_as_it_went_in(host, rules, path):
    content = as_protobuf(path)
    assert host.process(host.write("in.pb", content), rules=rules).output == content


@pytest.mark.random
def test_random_requests_come_out_as_they_went_in(host, rules, rng):
    generator = Generator(rng)
    content = b"".join(generator.request() for _ in range(2000))
    assert_bytes(content, host.process(host.write("in.pb", content), rules=rules).output)


def test_a_huge_request_comes_out_as_it_went_in(host, rules):
    content = huge_request()
    assert_bytes(content, host.process(host.write("in.pb", content), rules=rules).output)


def test_nothing_comes_out_when_nothing_goes_in(host):
    assert host.process(host.write("in.pb", b"")).output == b""


def test_several_files_come_out_in_their_order(host, rng):
    contents = [Generator(rng).request() for _ in range(5)]
    paths = [host.write(f"{index}.pb", content) for index, content in enumerate(contents)]
    assert host.process(*paths).output == b"".join(contents)


def assert_bytes(expected: bytes, found: bytes):
    """Byte for byte; where not, it says which object differs before it says that bytes do."""
    if expected == found:
        return
    assert_same(ExportTraceServiceRequest.FromString(expected), ExportTraceServiceRequest.FromString(found))
    for index, pair in enumerate(zip(wire.spans(expected), wire.spans(found))):
        assert pair[0] == pair[1], f"span {index} is the same object in another encoding"
    raise AssertionError("the spans are the same bytes, what stands around them is not")
