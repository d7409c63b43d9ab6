"""The work that figures are given for, as in Benchmarks/Sources/StandardWork: requests of 512 spans of about 1.2 KB."""

import random

from opentelemetry.proto.collector.trace.v1 import trace_service_pb2

SPANS = 512
WORDS = "select ticket invoice from customer where the printer does not start again".split()


def text(length, chance):
    words = ""
    while len(words) < length:
        words += chance.choice(WORDS) + " "
    return words[:length]


def request(seed, spans=SPANS, distinct_keys=False):
    """One encoded ExportTraceServiceRequest; the same seed gives the same bytes."""
    chance = random.Random(seed)
    message = trace_service_pb2.ExportTraceServiceRequest()
    resource_spans = message.resource_spans.add()
    add(resource_spans.resource.attributes, "service.name", "ticket-service")
    scope_spans = resource_spans.scope_spans.add()
    scope_spans.scope.name = "tickets"
    for index in range(spans):
        write_span(scope_spans.spans.add(), chance, f".{seed}.{index}" if distinct_keys else "")
    return message.SerializeToString(deterministic=True)


def write_span(span, chance, suffix):
    start = 1_700_000_000_000_000_000 + chance.randrange(1_000_000_000)
    span.trace_id = chance.randbytes(16)
    span.span_id = chance.randbytes(8)
    span.parent_span_id = chance.randbytes(8)
    span.name = "POST /webhook/tickets"
    span.kind = 2
    span.start_time_unix_nano = start
    span.end_time_unix_nano = start + chance.randrange(2_000_000_000)
    for key, value in (
        ("http.request.method", "POST"),
        ("url.full", "https://tickets.example.com/webhook/tickets?tenant=t-17&page=2&sort=created&view=full"),
        ("http.route", "/webhook/tickets"),
        ("http.response.status_code", 200),
        ("user.id", f"user-{chance.randrange(100_000)}"),
        ("api_key", f"sk-{chance.getrandbits(64)}"),
        ("authorization", f"Bearer {chance.getrandbits(64)}{chance.getrandbits(64)}"),
        ("db.query.text", text(200, chance)),
        ("ticket.description", text(400, chance)),
        ("tenant_id", f"tenant-{chance.randrange(50)}"),
        ("ticket_id", f"TCK-{chance.randrange(10_000)}"),
        ("priority", "high"),
    ):
        add(span.attributes, key + suffix, value)
    event = span.events.add(time_unix_nano=start + 1000, name="context.ready")
    add(event.attributes, "documents", 3)
    span.status.code = 1


def add(attributes, key, value):
    pair = attributes.add(key=key)
    if isinstance(value, int):
        pair.value.int_value = value
    else:
        pair.value.string_value = value
