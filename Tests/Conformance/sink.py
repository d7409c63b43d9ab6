"""A backend: takes OTLP over gRPC (grpcio) or HTTP (the standard library), keeps what comes, and fails as it is told."""

import gzip
import ssl
import tempfile
import threading
import time
from collections import Counter, deque
from concurrent import futures
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Callable

import grpc
from google.protobuf.any_pb2 import Any
from google.protobuf.duration_pb2 import Duration
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest, ExportTraceServiceResponse

from relay import Relay

SERVICE = "opentelemetry.proto.collector.trace.v1.TraceService"


# What a backend can do to a request instead of taking it.


@dataclass(frozen=True)
class Busy:
    """503 or UNAVAILABLE; `retry_after` in seconds, or over HTTP any header."""

    retry_after: float | str | None = None
    status: int = 503


@dataclass(frozen=True)
class Hang:
    """No answer for so long, and then that it was taken."""

    seconds: float


@dataclass(frozen=True)
class CutAfterReading:
    """The spans are taken, and the connection is cut instead of an answer. Needs a relay."""


@dataclass(frozen=True)
class Partly:
    """Taken but for so many spans."""

    rejected: int
    message: str


@dataclass(frozen=True)
class Refuse:
    """400 or INVALID_ARGUMENT."""

    message: str = "refused for good"


@dataclass(frozen=True)
class TooLarge:
    """413 or RESOURCE_EXHAUSTED without RetryInfo."""


@dataclass(frozen=True)
class Forbid:
    """401 or UNAUTHENTICATED."""


Fault = Busy | Hang | CutAfterReading | Partly | Refuse | TooLarge | Forbid


@dataclass
class Arrival:
    """A request as it came, and what was done to it."""

    headers: dict[str, str]
    body: bytes
    wire_size: int
    fault: Fault | None = None
    at: float = field(default_factory=time.monotonic)

    @cached_property
    def request(self) -> ExportTraceServiceRequest:
        return ExportTraceServiceRequest.FromString(self.body)

    @cached_property
    def spans(self) -> list:
        return spans_of(self.request)

    @property
    def was_taken(self) -> bool:
        return self.fault is None or isinstance(self.fault, (Hang, CutAfterReading, Partly))


class Sink:
    """Listens on the loopback interface, on a port of the system's choosing."""

    def __init__(self, protocol: str, behind_relay: bool = False, certificate: tuple[bytes, bytes] | None = None):
        """With a certificate, PEM files' contents of key and chain, it speaks TLS."""
        self.arrivals: list[Arrival] = []
        self.changed = threading.Condition()
        self.script: deque[Fault] = deque()
        # Looks at every request for which the script has nothing to say.
        self.judge: Callable[[Arrival], Fault | None] = lambda _: None
        self.protocol = protocol
        self._released = threading.Event()
        self._server = _GRPCServer(self, certificate) if protocol == "grpc" else _HTTPServer(self, certificate)
        self.relay = Relay(self._server.port) if behind_relay else None
        scheme = "https" if certificate else "http"
        self.url = f"{scheme}://127.0.0.1:{self.relay.port if self.relay else self._server.port}"

    def close(self):
        self._released.set()
        if self.relay:
            self.relay.close()
        self._server.close()

    # What it is told.

    def next(self, *faults: Fault):
        """What happens to the next requests, one after the other."""
        self.script.extend(faults)

    def refuse_spans_named(self, name: str):
        """Refuses for good any request that holds such a span, whatever else it holds."""
        self.judge = lambda arrival: Refuse() if any(span.name == name for span in arrival.spans) else None

    def take(self, headers: dict[str, str], body: bytes, wire_size: int) -> Fault | None:
        arrival = Arrival(headers, body, wire_size)
        with self.changed:
            fault = arrival.fault = self.script.popleft() if self.script else self.judge(arrival)
            self.arrivals.append(arrival)
            self.changed.notify_all()
        if isinstance(fault, Hang):
            self._released.wait(fault.seconds)
        elif isinstance(fault, CutAfterReading):
            self.relay.cut()
        return fault

    # What it has seen.

    @property
    def taken(self) -> list[Arrival]:
        with self.changed:
            return [arrival for arrival in self.arrivals if arrival.was_taken]

    @property
    def spans(self) -> list:
        return [span for arrival in self.taken for span in arrival.spans]

    @property
    def bytes(self) -> bytes:
        """Everything that came, whether it was taken or not."""
        with self.changed:
            return b"".join(arrival.body for arrival in self.arrivals)

    def counts(self) -> Counter[bytes]:
        """How many times each span was taken, by its id."""
        return Counter(span.span_id for span in self.spans)

    def wait_for_spans(self, count: int, seconds: float = 30):
        """Waits until so many spans were taken, each counted as often as it came."""
        self.wait(lambda: sum(len(arrival.spans) for arrival in self.arrivals if arrival.was_taken) >= count, seconds)

    def wait_for_requests(self, count: int, seconds: float = 30):
        self.wait(lambda: len(self.arrivals) >= count, seconds)

    def wait(self, is_done: Callable[[], bool], seconds: float):
        with self.changed:
            done = self.changed.wait_for(is_done, seconds)
            faults = Counter(type(arrival.fault).__name__ for arrival in self.arrivals)
            spans = sum(len(arrival.spans) for arrival in self.arrivals if arrival.was_taken)
        assert done, f"waited {seconds:g} s; the backend took {spans} spans, in requests {dict(faults)}"


def spans_of(request: ExportTraceServiceRequest) -> list:
    return [span for resource in request.resource_spans for scope in resource.scope_spans for span in scope.spans]


def _response(fault: Fault | None) -> bytes:
    response = ExportTraceServiceResponse()
    if isinstance(fault, Partly):
        response.partial_success.rejected_spans = fault.rejected
        response.partial_success.error_message = fault.message
    return response.SerializeToString()


class _GRPCServer:
    def __init__(self, sink: Sink, certificate: tuple[bytes, bytes] | None):
        self.sink = sink
        # Threads that hang must not keep others from being served.
        self.server = grpc.server(futures.ThreadPoolExecutor(max_workers=64), options=[("grpc.so_reuseport", 0)])
        # Bytes in, bytes out: what is looked at is what came over the wire.
        handler = grpc.unary_unary_rpc_method_handler(self.export)
        self.server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(SERVICE, {"Export": handler})])
        if certificate:
            credentials = grpc.ssl_server_credentials([certificate])
            self.port = self.server.add_secure_port("127.0.0.1:0", credentials)
        else:
            self.port = self.server.add_insecure_port("127.0.0.1:0")
        self.server.start()

    def export(self, body: bytes, context: grpc.ServicerContext) -> bytes:
        headers = {key: value for key, value in context.invocation_metadata()}
        fault = self.sink.take(headers, body, len(body))
        if isinstance(fault, Busy):
            if fault.retry_after is not None:
                context.set_trailing_metadata([("grpc-status-details-bin", _retry_info(float(fault.retry_after)))])
            context.abort(grpc.StatusCode.UNAVAILABLE, "busy")
        elif isinstance(fault, Refuse):
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, fault.message)
        elif isinstance(fault, TooLarge):
            context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "too large")
        elif isinstance(fault, Forbid):
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "no credentials")
        return _response(fault)

    def close(self):
        self.server.stop(grace=0)


def _retry_info(seconds: float) -> bytes:
    delay = Duration()
    delay.FromNanoseconds(int(seconds * 1e9))
    detail = Any()
    detail.Pack(RetryInfo(retry_delay=delay))
    return Status(code=grpc.StatusCode.UNAVAILABLE.value[0], message="busy", details=[detail]).SerializeToString()


class _HTTPServer:
    def __init__(self, sink: Sink, certificate: tuple[bytes, bytes] | None):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # What is no HTTP is answered as other servers do, not with a page alone.
            default_request_version = "HTTP/1.1"
            # One write for an answer: the kernel would keep a second small one back for 40 ms.
            wbufsize = -1

            def do_POST(self):
                wire = self.rfile.read(int(self.headers["content-length"]))
                if self.path != "/v1/traces":
                    return self.answer(404)
                body = gzip.decompress(wire) if self.headers.get("content-encoding") == "gzip" else wire
                headers = {key.lower(): value for key, value in self.headers.items()}
                fault = sink.take(headers, body, len(wire))
                if isinstance(fault, Busy):
                    after = {} if fault.retry_after is None else {"retry-after": f"{fault.retry_after}"}
                    self.answer(fault.status, **after)
                elif isinstance(fault, Refuse):
                    self.answer(400, Status(message=fault.message).SerializeToString())
                elif isinstance(fault, TooLarge):
                    self.answer(413)
                elif isinstance(fault, Forbid):
                    self.answer(401)
                elif isinstance(fault, CutAfterReading):
                    self.close_connection = True
                else:
                    self.answer(200, _response(fault))

            def answer(self, status: int, body: bytes = b"", **headers: str):
                self.send_response(status)
                for key, value in {"content-type": "application/x-protobuf", "content-length": len(body), **headers}.items():
                    self.send_header(key, str(value))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size = 128
            block_on_close = False

            def handle_error(self, *_):
                # A client that went away, which the tests' clients do.
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            with tempfile.NamedTemporaryFile() as file:
                file.write(b"".join(certificate))
                file.flush()
                context.load_cert_chain(file.name)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
