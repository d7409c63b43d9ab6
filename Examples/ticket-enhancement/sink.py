"""The backend at the end: takes OTLP over gRPC with stock packages, and keeps the requests as they came."""

import threading
from collections import Counter
from concurrent import futures

import grpc
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest, ExportTraceServiceResponse

SERVICE = "opentelemetry.proto.collector.trace.v1.TraceService"


class Sink:
    def __init__(self):
        self.bodies: list[bytes] = []
        self.span_ids: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
        # Without a deserializer: what is looked at for secrets is what went over the wire.
        export = grpc.unary_unary_rpc_method_handler(
            self.export, response_serializer=ExportTraceServiceResponse.SerializeToString
        )
        self.server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(SERVICE, {"Export": export})])
        self.url = f"http://127.0.0.1:{self.server.add_insecure_port('127.0.0.1:0')}"
        self.server.start()

    def export(self, body: bytes, _) -> ExportTraceServiceResponse:
        with self.lock:
            self.bodies.append(body)
            self.span_ids.update(span.span_id.hex() for _, span in spans_of(body))
        return ExportTraceServiceResponse()

    def spans(self):
        """Every span that arrived, with its resource."""
        with self.lock:
            return [pair for body in self.bodies for pair in spans_of(body)]

    def close(self):
        self.server.stop(grace=1).wait()


def spans_of(body: bytes):
    for resource_spans in ExportTraceServiceRequest.FromString(body).resource_spans:
        for scope_spans in resource_spans.scope_spans:
            for span in scope_spans.spans:
                yield resource_spans.resource, span
