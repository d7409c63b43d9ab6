"""Protobuf's encoding by hand, field by field: what no protobuf library would write can be written with it."""

import struct

VARINT, FIXED64, DELIMITED, GROUP_START, GROUP_END, FIXED32 = range(6)


def varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def tag(number: int, kind: int) -> bytes:
    return varint(number << 3 | kind)


def number(field: int, value: int) -> bytes:
    return tag(field, VARINT) + varint(value)


def fixed64(field: int, value: int) -> bytes:
    return tag(field, FIXED64) + struct.pack("<Q", value)


def fixed32(field: int, value: int) -> bytes:
    return tag(field, FIXED32) + struct.pack("<I", value)


def double(field: int, value: float) -> bytes:
    return tag(field, FIXED64) + struct.pack("<d", value)


def delimited(field: int, content: bytes | str) -> bytes:
    if isinstance(content, str):
        content = content.encode()
    return tag(field, DELIMITED) + varint(len(content)) + content


def group(field: int, content: bytes = b"") -> bytes:
    return tag(field, GROUP_START) + content + tag(field, GROUP_END)


def attribute(field: int, key: str | bytes, value: bytes) -> bytes:
    """A KeyValue; `value` is the content of the AnyValue."""
    return delimited(field, delimited(1, key) + delimited(2, value))


def text(value: str | bytes) -> bytes:
    """The content of an AnyValue that is a string."""
    return delimited(1, value)


def span(content: bytes = b"", trace_id: bytes = b"\x11" * 16, span_id: bytes = b"\x22" * 8) -> bytes:
    """The content of a span with ids."""
    return delimited(1, trace_id) + delimited(2, span_id) + content


def request(*spans: bytes) -> bytes:
    """A request whose one resource and scope hold these spans."""
    return delimited(1, delimited(2, b"".join(delimited(2, span) for span in spans)))


def read_varint(encoded: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = encoded[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def fields(encoded: bytes):
    """The fields of a well-formed message without groups: number, wire type, content."""
    at = 0
    while at < len(encoded):
        key, at = read_varint(encoded, at)
        kind = key & 7
        start = at
        if kind == VARINT:
            _, at = read_varint(encoded, at)
        elif kind == DELIMITED:
            length, start = read_varint(encoded, at)
            at = start + length
        else:
            at += {FIXED64: 8, FIXED32: 4}[kind]
        yield key >> 3, kind, encoded[start:at]


def spans(encoded: bytes) -> list[bytes]:
    """The encodings of all spans of a request, in their order."""

    def children(message: bytes, field: int):
        return [content for number, kind, content in fields(message) if (number, kind) == (field, DELIMITED)]

    return [span for resource in children(encoded, 1) for scope in children(resource, 2) for span in children(scope, 2)]
