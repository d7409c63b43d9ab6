"""The backend at the end: takes OTLP over HTTP with the standard library, and keeps the bodies as they came."""

import gzip
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass
class Arrived:
    """A span with what stands around it."""

    service: str
    span: Span

    @property
    def attributes(self) -> dict:
        return {pair.key: plain(pair.value) for pair in self.span.attributes}

    @property
    def seconds(self) -> float:
        return (self.span.end_time_unix_nano - self.span.start_time_unix_nano) / 1e9


class Sink:
    """Listens on the loopback interface, on a port that the system chooses."""

    def __init__(self):
        self.bodies: list[bytes] = []
        sink = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                if self.headers.get("content-encoding") == "gzip":
                    body = gzip.decompress(body)
                # Nothing is read now: under load the sink shares the processors with the app.
                sink.bodies.append(body)
                self.send_response(200)
                self.send_header("content-type", "application/x-protobuf")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def spans(self, since: int = 0) -> list[Arrived]:
        """Every span that arrived; those of the first `since` requests are left out."""
        return [arrived for body in self.bodies[since:] for arrived in spans_of(body)]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def spans_of(body: bytes):
    for resource_spans in ExportTraceServiceRequest.FromString(body).resource_spans:
        resource = {pair.key: pair.value.string_value for pair in resource_spans.resource.attributes}
        for scope_spans in resource_spans.scope_spans:
            for span in scope_spans.spans:
                yield Arrived(resource["service.name"], span)


def plain(value: AnyValue):
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [plain(element) for element in value.array_value.values]
    return getattr(value, kind) if kind else None
