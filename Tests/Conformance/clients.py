"""Clients of the host: requests made by hand, and a stream of them that knows which were acknowledged."""

import contextlib
import gzip
import http.client
import itertools
import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass

import grpc
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GRPCSpanExporter
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HTTPSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest, ExportTraceServiceResponse
from opentelemetry.proto.trace.v1.trace_pb2 import Span

EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
PROTOBUF = "application/x-protobuf"
_numbers = itertools.count(1)


def make_request(spans: int, name: str = "work", **attributes: str) -> ExportTraceServiceRequest:
    """A request whose spans have ids that no other request of this process has."""
    request = ExportTraceServiceRequest()
    resource_spans = request.resource_spans.add()
    service = resource_spans.resource.attributes.add(key="service.name")
    service.value.string_value = "conformance"
    scope_spans = resource_spans.scope_spans.add()
    for _ in range(spans):
        number = next(_numbers)
        scope_spans.spans.append(make_span(number, name, attributes))
    return request


def make_span(number: int, name: str, attributes: dict[str, str]) -> Span:
    span = Span(trace_id=(1 << 100 | number).to_bytes(16, "big"), span_id=number.to_bytes(8, "big"), name=name)
    span.kind = Span.SPAN_KIND_SERVER
    span.start_time_unix_nano = 1_750_000_000_000_000_000 + number
    span.end_time_unix_nano = span.start_time_unix_nano + 5_000_000
    for key, value in attributes.items():
        span.attributes.add(key=key).value.string_value = value
    return span


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def post(
    address: str,
    body: bytes,
    path: str = "/v1/traces",
    method: str = "POST",
    content_type: str | None = PROTOBUF,
    **headers: str,
) -> Answer:
    """One request over a connection of its own. An underscore in a header's name stands for a hyphen."""
    connection = http.client.HTTPConnection(address, timeout=30)
    try:
        return exchange(connection, body, path, method, content_type, **headers)
    finally:
        connection.close()


def exchange(
    connection: http.client.HTTPConnection, body: bytes, path: str = "/v1/traces", method: str = "POST",
    content_type: str | None = PROTOBUF, **headers: str,
) -> Answer:  # fmt: skip
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if content_type:
        named["content-type"] = content_type
    connection.request(method, path, body, named)
    response = connection.getresponse()
    return Answer(response.status, {key.lower(): value for key, value in response.getheaders()}, response.read())


def call(channel: grpc.Channel, body: bytes, timeout: float = 30, **options) -> bytes:
    """One call with bytes; raises grpc.RpcError."""
    return channel.unary_unary(EXPORT)(body, timeout=timeout, **options)


def deliver(host, request: ExportTraceServiceRequest, transport: str = "http"):
    """Sends a request over one of the transports; the host has to take it."""
    body = request.SerializeToString()
    if transport == "http":
        assert post(host.http, body).status == 200
    else:
        with grpc.insecure_channel(host.grpc) as channel:
            call(channel, body)


def make_exporter(host, protocol: str, compression: str):
    """The stock SDK's exporter, to a host."""
    if protocol == "grpc":
        kind = grpc.Compression.Gzip if compression == "gzip" else grpc.Compression.NoCompression
        return GRPCSpanExporter(endpoint=host.grpc, insecure=True, compression=kind)
    kind = Compression.Gzip if compression == "gzip" else Compression.NoCompression
    return HTTPSpanExporter(endpoint=f"http://{host.http}/v1/traces", compression=kind)


def talk(address: str, sent: bytes, seconds: float = 10, until: bytes | None = None) -> bytes:
    """Sends bytes over TCP and returns what comes back until the other side closes, the time is over, or `until` came."""
    host, port = address.rsplit(":", 1)
    got = b""
    with socket.create_connection((host, int(port)), timeout=seconds) as connection:
        # Cut, or nobody reads: what was answered before is still there.
        with contextlib.suppress(OSError):
            connection.sendall(sent)
        with contextlib.suppress(OSError):
            while (until is None or until not in got) and (data := connection.recv(1 << 16)):
                got += data
    return got


class Load:
    """Sends requests, one after the other on each of several threads, until it is stopped."""

    def __init__(
        self, address: str, protocol: str = "http", spans: int = 20, threads: int = 2, pause: float = 0.0, **attributes: str
    ):
        self.address = address
        self.protocol = protocol
        self.spans = spans
        self.pause = pause
        self.attributes = attributes
        self.lock = threading.Lock()
        # Ids of spans, by what became of their request.
        self.acknowledged: set[bytes] = set()
        self.pushed_back: set[bytes] = set()
        self.unanswered: set[bytes] = set()
        self.statuses: Counter[int | str] = Counter()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def stop(self):
        self._stop.set()
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive(), "a request was never answered"

    def wait_for(self, acknowledged: int, seconds: float = 30):
        end = time.monotonic() + seconds
        while len(self.acknowledged) < acknowledged:
            assert time.monotonic() < end, (
                f"{len(self.acknowledged)} spans acknowledged in {seconds:g} s, {dict(self.statuses)}"
            )
            time.sleep(0.01)

    def _run(self):
        send = self._make_grpc() if self.protocol == "grpc" else self._make_http()
        while not self._stop.is_set():
            request = make_request(self.spans, **self.attributes)
            ids = {span.span_id for span in request.resource_spans[0].scope_spans[0].spans}
            status = send(request.SerializeToString())
            with self.lock:
                self.statuses[status] += 1
                if status in (200, "OK"):
                    self.acknowledged |= ids
                elif status in (503, "UNAVAILABLE"):
                    self.pushed_back |= ids
                else:
                    self.unanswered |= ids
            # A client that was pushed back, or finds nobody, does not hurry either.
            self._stop.wait(self.pause if status in (200, "OK") else max(self.pause, 0.05))

    def _make_http(self):
        connection = http.client.HTTPConnection(self.address, timeout=30)

        def send(body: bytes) -> int | str:
            try:
                return exchange(connection, gzip.compress(body, 1), content_encoding="gzip").status
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                return type(error).__name__

        return send

    def _make_grpc(self):
        channel = grpc.insecure_channel(self.address, options=[("grpc.use_local_subchannel_pool", 1)])

        def send(body: bytes) -> str:
            try:
                ExportTraceServiceResponse.FromString(call(channel, body))
                return "OK"
            except grpc.RpcError as error:
                # A connection that ends is UNAVAILABLE, too; only a host that says when to come again has not taken it.
                was_asked = any(key == "grpc-status-details-bin" for key, _ in error.trailing_metadata() or ())
                return error.code().name if was_asked else f"{error.code().name} without RetryInfo"

        return send
