"""A reader and a writer of OTLP/JSON, written from the specification and independent of protobuf's own JSON."""

import base64
import json
import math
import random
import struct

from google.protobuf.descriptor import FieldDescriptor as Field
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

INTEGERS_AS_TEXT = {Field.TYPE_INT64, Field.TYPE_UINT64, Field.TYPE_FIXED64}
INTEGERS = {Field.TYPE_INT32, Field.TYPE_UINT32, Field.TYPE_FIXED32, Field.TYPE_ENUM}
SPECIAL = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
HEX_IDS = {"trace_id", "span_id", "parent_span_id"}


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def scalar(field, value):
    """The Python value of a JSON value, in the one form that the specification asks writers for."""
    where = f"{field.full_name}: {value!r}"
    if field.type in INTEGERS_AS_TEXT:
        assert isinstance(value, str), f"64-bit integers are decimal strings; {where}"
        assert value == str(int(value)), f"not a plain decimal number; {where}"
        return int(value)
    if field.type in INTEGERS:
        assert isinstance(value, int) and not isinstance(value, bool), f"an integer, also for enumerations; {where}"
        return value
    if field.type == Field.TYPE_DOUBLE:
        if isinstance(value, str):
            return SPECIAL[value]
        assert isinstance(value, (int, float)) and not isinstance(value, bool), where
        return float(value)
    if field.type == Field.TYPE_BYTES:
        assert isinstance(value, str), where
        if field.name in HEX_IDS:
            assert value == value.lower(), f"ids are written in lower case; {where}"
            return bytes.fromhex(value)
        return base64.b64decode(value, validate=True)
    assert isinstance(value, bool if field.type == Field.TYPE_BOOL else str), where
    return value


def fill(message, document: dict):
    """Fills a message from a JSON object, strictly: every name has to be the field's lowerCamelCase name."""
    by_name = {camel(field.name): field for field in message.DESCRIPTOR.fields}
    for name, value in document.items():
        assert name in by_name, f"{message.DESCRIPTOR.full_name} has no field {name}"
        field = by_name[name]
        assert value is not None, f"unset fields are left out; {name} is null"
        if field.message_type is None:
            if field.is_repeated:
                getattr(message, field.name).extend(scalar(field, element) for element in value)
            else:
                setattr(message, field.name, scalar(field, value))
        elif field.is_repeated:
            for element in value:
                fill(getattr(message, field.name).add(), element)
        else:
            child = getattr(message, field.name)
            child.SetInParent()
            fill(child, value)


def without_duplicates(pairs: list) -> dict:
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names)), f"a member stands twice in one object: {names}"
    return dict(pairs)


def read_json(text: str) -> ExportTraceServiceRequest:
    request = ExportTraceServiceRequest()
    fill(
        request,
        json.loads(text, object_pairs_hook=without_duplicates, parse_constant=refuse_constant, parse_int=integer),
    )
    return request


def integer(text: str):
    """Python reads -0 as the integer 0; for a double its sign counts."""
    return -0.0 if text == "-0" else int(text)


def refuse_constant(name: str):
    raise AssertionError(f"{name} stands bare; JSON has no such number, OTLP writes it as a string")


def read_json_lines(text: str) -> ExportTraceServiceRequest:
    """One request of a document, or of all lines. Files of others are read leniently first."""
    try:
        documents = [json.loads(text)]
    except json.JSONDecodeError:
        documents = [json.loads(line) for line in text.splitlines() if line.strip()]
    request = ExportTraceServiceRequest()
    for document in documents:
        part = ExportTraceServiceRequest()
        fill(part, canonical(part.DESCRIPTOR, document))
        request.MergeFrom(part)
    return request


def canonical(descriptor, document: dict) -> dict:
    """A lenient document in the writers' form: other names, nulls, numbers and letters that readers have to take."""
    by_name = {name: field for field in descriptor.fields for name in (field.name, camel(field.name))}
    result = {}
    for name, value in document.items():
        field = by_name.get(name)
        if field is None or value is None:
            continue
        values = value if field.is_repeated else [value]
        if field.message_type is not None:
            values = [canonical(field.message_type, element) for element in values]
        elif field.type in INTEGERS_AS_TEXT:
            values = [str(int(element)) for element in values]
        elif field.type == Field.TYPE_ENUM:
            names = field.enum_type.values_by_name
            values = [names[element].number if element in names else int(element) for element in values]
        elif field.type in INTEGERS:
            values = [int(element) for element in values]
        elif field.name in HEX_IDS:
            values = [element.lower() for element in values]
        result[camel(field.name)] = values if field.is_repeated else values[0]
    return result


class Writer:
    """Writes a message in one of the many forms that readers have to take, at random."""

    def __init__(self, rng: random.Random):
        self.rng = rng

    def document(self, message) -> dict:
        members = {}
        for field, value in message.ListFields():
            name = self.rng.choice([camel(field.name), camel(field.name), field.name])
            if field.message_type is not None:
                write = self.document
            else:
                write = lambda element, field=field: self.scalar(field, element)
            members[name] = [write(element) for element in value] if field.is_repeated else write(value)
        if self.rng.random() < 0.05:
            members["aFieldOfALaterVersion"] = self.rng.choice([None, 1, "x", [{"a": [[]]}], {"b": {}}])
        if self.rng.random() < 0.1:
            shuffled = list(members.items())
            self.rng.shuffle(shuffled)
            members = dict(shuffled)
        return members

    def scalar(self, field, value):
        if field.type in INTEGERS_AS_TEXT:
            return self.rng.choice([str(value), value])
        if field.type == Field.TYPE_ENUM:
            names = field.enum_type.values_by_number
            return names[value].name if value in names and self.rng.random() < 0.3 else value
        if field.type == Field.TYPE_DOUBLE:
            return value if math.isfinite(value) else next(name for name in SPECIAL if same(SPECIAL[name], value))
        if field.type == Field.TYPE_BYTES:
            if field.name in HEX_IDS:
                return self.rng.choice([value.hex(), value.hex().upper()])
            plain = base64.b64encode(value).decode()
            return self.rng.choice([plain, plain.rstrip("="), base64.urlsafe_b64encode(value).decode()])
        return value

    def text(self, message) -> str:
        return json.dumps(
            self.document(message), ensure_ascii=self.rng.random() < 0.5, indent=self.rng.choice([None, None, 1])
        )


def same(left: float, right: float) -> bool:
    return struct.pack("<d", left) == struct.pack("<d", right) or (math.isnan(left) and math.isnan(right))
