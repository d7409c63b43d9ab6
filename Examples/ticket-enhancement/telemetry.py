"""Sets up the OpenTelemetry SDK, as any app does; and notes which spans ended, for the example's own check."""

import json
import os
from pathlib import Path

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter

import made_up


def start(service: str) -> TracerProvider:
    """To be called in the process that makes the spans: the exporter's thread does not survive a fork."""
    resource = Resource.create(
        {
            "service.name": service,
            "service.namespace": "support",
            "service.version": "1.4.0",
            "deployment.environment.name": "example",
            "deployment.api_key": made_up.DEPLOY_KEY,
        }
    )
    provider = TracerProvider(resource=resource)
    if path := os.environ.get("TICKETS_ENDED_SPANS"):
        provider.add_span_processor(EndedSpans(Path(path)))
    provider.add_span_processor(BatchSpanProcessor(make_exporter()))
    trace.set_tracer_provider(provider)
    return provider


def make_exporter() -> SpanExporter:
    """The stock exporter for OTEL_EXPORTER_OTLP_PROTOCOL. Both read the other OTEL_EXPORTER_OTLP_* variables themselves."""
    if os.environ.get("OTEL_EXPORTER_OTLP_PROTOCOL") == "http/protobuf":
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    else:
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    return OTLPSpanExporter()


class EndedSpans(SpanProcessor):
    """Writes a line for each span that ended: what the app meant to send, before anybody hid anything in it."""

    def __init__(self, path: Path):
        self.path = path

    def on_end(self, span: ReadableSpan):
        line = {
            "trace_id": f"{span.context.trace_id:032x}",
            "span_id": f"{span.context.span_id:016x}",
            "parent_id": f"{span.parent.span_id:016x}" if span.parent else "",
            "name": span.name,
            "duration": (span.end_time - span.start_time) / 1e9,
            "status_message": span.status.description or "",
            "attributes": dict(span.attributes),
            "events": [{"name": event.name, "attributes": dict(event.attributes)} for event in span.events],
            "resource": dict(span.resource.attributes),
        }
        # One write of a file opened for appending, so that lines of several processes do not mix.
        with self.path.open("ab", buffering=0) as file:
            file.write(json.dumps(line).encode() + b"\n")
