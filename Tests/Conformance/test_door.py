"""Input that protobuf allows and no exporter writes, and input that is broken."""

import pytest
import wire
from compare import assert_same, encoded
from generator import Generator, nested_array
from host import DONE, REFUSED
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

A, B = "losing-copy", "winning-copy"
GOOD = [wire.span(wire.delimited(5, name), span_id=name.encode().rjust(8, b"_")) for name in ("first", "second")]


def value(content: bytes) -> bytes:
    return wire.delimited(2, content)


def key_value(*parts: bytes) -> bytes:
    return wire.delimited(9, wire.delimited(1, "key") + b"".join(parts))


def array(*texts: str) -> bytes:
    return wire.delimited(5, b"".join(wire.delimited(1, wire.text(text)) for text in texts))


def mapping(*keys: str) -> bytes:
    return wire.delimited(6, b"".join(wire.attribute(1, key, wire.number(3, 1)) for key in keys))


LINK_IDS = wire.delimited(1, b"\x33" * 16) + wire.delimited(2, b"\x44" * 8)

# Contents of a span beside its ids.
REPEATED = {
    "name twice": wire.delimited(5, A) + wire.delimited(5, B),
    "name twice, apart": wire.delimited(5, A) + wire.number(6, 2) + wire.delimited(5, B),
    "name, then an empty one": wire.delimited(5, A) + wire.delimited(5, ""),
    "trace state twice": wire.delimited(3, "a=" + A) + wire.delimited(3, "b=" + B),
    "kind twice": wire.number(6, 1) + wire.number(6, 3),
    "times twice": b"".join(wire.fixed64(field, at) for field in (7, 8) for at in (5, 9)),
    "flags twice": wire.fixed32(16, 1) + wire.fixed32(16, 0x301),
    "trace id twice": wire.delimited(1, b"\x99" * 16),
    "parent twice": wire.delimited(4, b"\x01" * 8) + wire.delimited(4, b""),
    "dropped counts twice": b"".join(wire.number(field, n) for field in (10, 12, 14) for n in (4, 2)),
    "status merged": wire.delimited(15, wire.delimited(2, B)) + wire.delimited(15, wire.number(3, 2)),
    "status message twice": wire.delimited(15, wire.delimited(2, A)) + wire.delimited(15, wire.delimited(2, B)),
    "key twice": wire.delimited(9, wire.delimited(1, A) + wire.delimited(1, B) + value(wire.text("x"))),
    "value twice": key_value(value(wire.text(A)), value(wire.text(B))),
    "value of two kinds": key_value(value(wire.text(A)), value(wire.number(3, 5))),
    "value, then an empty one": key_value(value(wire.text(B)), value(b"")),
    "arrays merged": key_value(value(array("a")), value(array("b", "c"))),
    "maps merged": key_value(value(mapping("a")), value(mapping("a", "b"))),
    "array, text": key_value(value(array(A) + wire.text(B))),
    "array, text, array": key_value(value(array(A)), value(wire.text(A)), value(array(B))),
    "text, number": key_value(value(wire.text(A) + wire.number(3, 1))),
    "number, text": key_value(value(wire.number(3, 1) + wire.text(B))),
    "text, bytes": key_value(value(wire.text(A) + wire.delimited(7, b"raw"))),
    "text, false": key_value(value(wire.text(A) + wire.number(2, 0))),
    "deep inside": key_value(value(wire.delimited(5, wire.delimited(1, array(A) + wire.text(A) + wire.number(3, 1))))),
    "event": wire.delimited(11, wire.delimited(2, A) + wire.fixed64(1, 3) + wire.delimited(2, B) + wire.fixed64(1, 4)),
    "event attribute": wire.delimited(11, wire.delimited(3, wire.delimited(1, A) + wire.delimited(1, B))),
    "link": wire.delimited(13, LINK_IDS + wire.delimited(3, "a=" + A) + wire.delimited(3, "b=" + B) + LINK_IDS),
}

GROUPS = {
    "empty": wire.group(20),
    "with content": wire.group(20, wire.delimited(1, A) + wire.fixed64(2, 1) + wire.fixed32(3, 1) + wire.number(4, 1)),
    "inside a group": wire.group(20, wire.group(20, wire.group(21, wire.delimited(1, A)))),
    "with a known number": wire.group(9, wire.delimited(1, A)) + wire.group(5),
    "in an attribute": wire.delimited(
        9, wire.group(7, wire.delimited(1, A)) + wire.delimited(1, "key") + value(wire.text(B))
    ),
    "in a value": key_value(value(wire.group(1, wire.delimited(1, A)) + wire.text(B) + wire.group(9))),
    "in an event": wire.delimited(11, wire.delimited(2, B) + wire.group(2, wire.delimited(1, A))),
    "in a status": wire.delimited(15, wire.group(2, wire.delimited(1, A)) + wire.number(3, 2)),
}


def check_canonical(host, content: bytes, expected) -> bytes:
    """The output is the expected object, and canonical: it passes a second time as it is."""
    output = host.process(host.write("in.pb", content)).output
    assert_same(expected, ExportTraceServiceRequest.FromString(output))
    assert host.process(host.write("again.pb", output)).output == output
    return output


@pytest.mark.parametrize("content", REPEATED.values(), ids=REPEATED)
def test_what_is_given_twice_is_merged_as_protobuf_merges_it(host, content):
    request = wire.request(GOOD[0], wire.span(content), GOOD[1])
    output = check_canonical(host, request, ExportTraceServiceRequest.FromString(request))
    assert A.encode() not in output, "the losing copy is still there"
    assert wire.spans(output)[0] == GOOD[0] and wire.spans(output)[2] == GOOD[1]


@pytest.mark.parametrize("content", GROUPS.values(), ids=GROUPS)
def test_groups_are_dropped(host, content):
    request = wire.request(wire.span(content))
    expected = ExportTraceServiceRequest.FromString(request)
    expected.DiscardUnknownFields()
    assert A.encode() not in check_canonical(host, request, expected)


CONTAINERS = {
    "resource twice": wire.delimited(
        1,
        wire.delimited(1, wire.attribute(1, "a", wire.text("x")) + wire.number(2, 7))
        + wire.delimited(1, wire.attribute(1, "b", wire.text("y")) + wire.number(2, 3))
        + wire.delimited(2, wire.delimited(2, GOOD[0])),
    ),
    "resource before and behind": wire.delimited(
        1,
        wire.delimited(1, wire.attribute(1, "a", wire.text("x")))
        + wire.delimited(2, wire.delimited(2, GOOD[0]))
        + wire.delimited(1, wire.attribute(1, "b", wire.text("y"))),
    ),
    "schema url between scopes": wire.delimited(
        1,
        wire.delimited(2, wire.delimited(2, GOOD[0]))
        + wire.delimited(3, A)
        + wire.delimited(2, wire.delimited(2, GOOD[1]))
        + wire.delimited(3, B),
    ),
    "scope between spans": wire.delimited(
        1,
        wire.delimited(
            2,
            wire.delimited(2, GOOD[0])
            + wire.delimited(1, wire.delimited(1, A) + wire.delimited(2, "1"))
            + wire.delimited(2, GOOD[1])
            + wire.delimited(1, wire.delimited(1, B)),
        ),
    ),
}


@pytest.mark.parametrize("content", CONTAINERS.values(), ids=CONTAINERS)
def test_containers_are_merged_as_protobuf_merges_them(host, content):
    assert A.encode() not in check_canonical(host, content, ExportTraceServiceRequest.FromString(content))


class Doubling(Generator):
    """Writes some messages as two behind one another, which protobuf reads as one merged message."""

    def doubled(self, make, *arguments) -> bytes:
        content = make(*arguments)
        return content + make(*arguments) if self.chance(0.1) else content

    def any_value(self, depth=0):
        return self.doubled(super().any_value, depth)

    def attribute(self, field, depth=0):
        (_, _, content), *_ = wire.fields(super().attribute(field, depth))
        if self.chance(0.1):
            (_, _, other), *_ = wire.fields(super().attribute(field, depth))
            content += other
        return wire.delimited(field, content)

    def event(self):
        return self.doubled(super().event)

    def link(self):
        return self.doubled(super().link)

    def status(self):
        return self.doubled(super().status)

    def span(self, extra=()):
        return self.doubled(super().span, extra)

    def resource(self):
        return self.doubled(super().resource)

    def scope(self):
        return self.doubled(super().scope)

    def container(self, own, children):
        return self.doubled(super().container, own, children)


@pytest.mark.random
@pytest.mark.parametrize("series", range(3))
def test_random_doubled_messages_are_merged_as_protobuf_merges_them(host, rng, series):
    generator = Doubling(rng)
    content = b"".join(generator.request() for _ in range(400))
    check_canonical(host, content, ExportTraceServiceRequest.FromString(content))


def test_a_known_number_with_another_wire_type_is_an_unknown_field(host):
    content = wire.request(
        wire.span(wire.number(5, 1) + wire.delimited(6, "x") + wire.fixed32(9, 1) + wire.number(15, 1))
    )
    assert host.process(host.write("in.pb", content)).output == content


ILL_FORMED = [
    b"\xff",
    b"a\x80b",
    b"\xe2\x82",
    b"\xed\xa0\x80",
    b"\xc0\xaf",
    b"\xf4\x90\x80\x80",
    b"\xf0\x9f\x92x",
    b"ok\xc3",
]

PLACES = {
    "name": lambda text: wire.request(wire.span(wire.delimited(5, text))),
    "trace state": lambda text: wire.request(wire.span(wire.delimited(3, b"a=" + text))),
    "status": lambda text: wire.request(wire.span(wire.delimited(15, wire.delimited(2, text)))),
    "key": lambda text: wire.request(wire.span(wire.attribute(9, text, wire.text("v")))),
    "value": lambda text: wire.request(wire.span(wire.attribute(9, "k", wire.text(text)))),
    "array": lambda text: wire.request(
        wire.span(wire.attribute(9, "k", wire.delimited(5, wire.delimited(1, wire.text(text)))))
    ),
    "map key": lambda text: wire.request(
        wire.span(wire.attribute(9, "k", wire.delimited(6, wire.attribute(1, text, b""))))
    ),
    "event": lambda text: wire.request(wire.span(wire.delimited(11, wire.delimited(2, text)))),
    "link": lambda text: wire.request(wire.span(wire.delimited(13, LINK_IDS + wire.delimited(3, text)))),
    "scope": lambda text: wire.delimited(
        1, wire.delimited(2, wire.delimited(1, wire.delimited(1, text)) + wire.delimited(2, GOOD[0]))
    ),
    "schema url": lambda text: wire.delimited(
        1, wire.delimited(3, text) + wire.delimited(2, wire.delimited(2, GOOD[0]))
    ),
    "resource": lambda text: wire.delimited(1, wire.delimited(1, wire.attribute(1, text, wire.text(text)))),
    "entity": lambda text: wire.delimited(
        1, wire.delimited(1, wire.delimited(3, wire.delimited(3, text) + wire.delimited(3, "x")))
    ),
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_text_that_is_not_utf8_gets_replacement_characters(host, place):
    content = b"".join(place(text) for text in ILL_FORMED)
    mended = b"".join(place(text.decode(errors="replace").encode()) for text in ILL_FORMED)
    check_canonical(host, content, ExportTraceServiceRequest.FromString(mended))


def test_bytes_need_not_be_utf8(host):
    content = wire.request(wire.span(wire.attribute(9, "raw", wire.delimited(7, b"\xff\xfe"))))
    assert host.process(host.write("in.pb", content)).output == content


LINK = lambda trace_id, span_id: wire.delimited(13, wire.delimited(1, trace_id) + wire.delimited(2, span_id))
BROKEN_SPANS = {
    "trace id too short": wire.span(trace_id=b"\x01" * 15),
    "trace id too long": wire.span(trace_id=b"\x01" * 17),
    "trace id empty": wire.span(trace_id=b""),
    "trace id missing": wire.delimited(2, b"\x22" * 8),
    "span id too short": wire.span(span_id=b"\x01" * 7),
    "span id missing": wire.delimited(1, b"\x11" * 16),
    "parent too short": wire.span(wire.delimited(4, b"\x01" * 5)),
    "linked trace id too short": wire.span(LINK(b"\x01" * 15, b"\x02" * 8)),
    "linked span id too long": wire.span(LINK(b"\x01" * 16, b"\x02" * 9)),
    "name longer than the span": wire.span(b"\x2a\x7f"),
    "ends inside a tag": wire.span(b"\x80"),
    "ends inside a fixed number": wire.span(wire.fixed64(7, 1)[:-3]),
    "field number zero": wire.span(b"\x02\x00"),
    "wire type that does not exist": wire.span(b"\x2e\x00"),
    "varint of eleven bytes": wire.span(b"\x30" + b"\xff" * 10 + b"\x01"),
    "group without an end": wire.span(wire.tag(20, wire.GROUP_START)),
    "end without a group": wire.span(wire.tag(20, wire.GROUP_END)),
    "group with another's end": wire.span(wire.tag(20, wire.GROUP_START) + wire.tag(21, wire.GROUP_END)),
    "values nested 70 deep": wire.span(wire.attribute(9, "k", nested_array(70))),
    "values nested 3000 deep": wire.span(wire.attribute(9, "k", nested_array(3000))),
}


@pytest.mark.parametrize("broken", BROKEN_SPANS.values(), ids=BROKEN_SPANS)
def test_a_broken_span_is_refused_and_its_neighbours_are_not(host, broken):
    secret = wire.attribute(9, "k", wire.text("hunter-two"))
    content = wire.request(GOOD[0], secret + broken, GOOD[1])
    outcome = host.process(host.write("in.pb", content), status=REFUSED)
    assert outcome.output == wire.request(*GOOD)
    assert "in.pb" in outcome.errors
    assert "hunter-two" not in outcome.errors, "a value stands in the error"


def test_values_nested_20_deep_are_taken(host):
    content = wire.request(wire.span(wire.attribute(9, "k", nested_array(20))))
    assert host.process(host.write("in.pb", content)).output == content


def test_groups_nested_very_deep_do_no_harm(host):
    start, end = wire.tag(20, wire.GROUP_START), wire.tag(20, wire.GROUP_END)
    content = wire.request(GOOD[0], wire.span(start * 100_000 + end * 100_000), GOOD[1])
    outcome = host.process(host.write("in.pb", content), status=None)
    assert outcome.status in (DONE, REFUSED)
    assert wire.spans(outcome.output)[0] == GOOD[0] and wire.spans(outcome.output)[-1] == GOOD[1]


@pytest.mark.random
def test_input_that_was_cut_off_gives_what_is_whole(host, rng):
    generator = Generator(rng)
    requests = [wire.delimited(1, wire.delimited(2, wire.delimited(2, generator.span()))) for _ in range(4)]
    content = b"".join(requests)
    borders = [len(b"".join(requests[:count])) for count in range(len(requests) + 1)]
    for length in sorted(rng.sample(range(1, len(content)), 30)):
        outcome = host.process(host.write("in.pb", content[:length]), status=None)
        whole = max(border for border in borders if border <= length)
        assert outcome.status == (DONE if length == whole else REFUSED)
        assert outcome.output == content[:whole], f"cut off at {length}"


@pytest.mark.parametrize("content", [b"hello, world\n", b"\x00" * 100, b"\xff" * 100, b"<html>"], ids=repr)
def test_what_is_no_protobuf_is_refused(host, content):
    outcome = host.process(host.write("in.pb", content), status=REFUSED)
    assert outcome.output == b""
    assert "in.pb" in outcome.errors


@pytest.mark.random
def test_random_damage_never_harms_neighbours_nor_gets_out(host, rng):
    generator = Generator(rng)
    whole, parts = [], []
    for _ in range(1500):
        whole.append(wire.delimited(1, wire.delimited(2, wire.delimited(2, generator.span()))))
        damaged = bytearray(wire.delimited(2, wire.delimited(2, generator.span())))
        for _ in range(rng.choice([1, 1, 2, 8])):
            damaged[rng.randrange(len(damaged))] = rng.getrandbits(8)
        parts += [whole[-1], wire.delimited(1, bytes(damaged))]
    outcome = host.process(host.write("in.pb", b"".join(parts)), status=None)
    assert outcome.status in (DONE, REFUSED)
    # Python's decoder is strict, also about UTF-8: whatever came through is well-formed.
    left = [encoded(resource) for resource in outcome.request.resource_spans]
    neighbours = ExportTraceServiceRequest.FromString(b"".join(whole)).resource_spans
    position = 0
    for neighbour in neighbours:
        position = left.index(encoded(neighbour), position) + 1
