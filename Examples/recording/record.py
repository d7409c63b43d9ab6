"""Runs the ticket service, drives it over HTTP, and keeps what its OTLP exporter sends.

    python3 record.py [FOLDER]

writes ticket-service.otlp.pb, ticket-service.otlp.jsonl and planted.txt into FOLDER, by default this one.
"""

import base64
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Callable
from urllib.parse import urlsplit

# Read by the instrumentation when it is imported.
os.environ["OTEL_SEMCONV_STABILITY_OPT_IN"] = "http"
os.environ["OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST"] = "authorization,user-agent"
os.environ["OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_REQUEST"] = "authorization,content-type"

import httpx
import uvicorn
from fastapi import FastAPI
from google.protobuf.json_format import MessageToDict
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

import made_up
import service


def listen(answer: Callable[[str, str, bytes], tuple[int, dict]]) -> str:
    """Serves what `answer` says for a method, a path and a body on the loopback interface; returns the base URL.

    Deliberately the standard library's server, which no instrumentation sees: only the service's spans are recorded.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def respond(self):
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            status, content = answer(self.command, urlsplit(self.path).path, body)
            encoded = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(encoded)))
            self.end_headers()
            self.wfile.write(encoded)

        do_GET = do_POST = do_PATCH = respond

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def answer_for_backends(method: str, path: str, body: bytes) -> tuple[int, dict]:
    """Stands in for what the service calls: documentation, IP lookup, the model, the CRM."""
    if path == "/docs/search":
        time.sleep(0.006)
        return 200, {"ids": ["DOC-12", "DOC-77", "DOC-140"]}
    if path.startswith("/ip/"):
        return 200, {"country": "SE"}
    if path == "/llm/chat":
        time.sleep(0.03)
        if json.loads(body)["fail"]:
            return 503, {"error": "overloaded"}
        return 200, {"text": "Thank you for your patience.", "usage": {"prompt": 812, "completion": 164}}
    if path.startswith("/crm/tickets/") and method == "PATCH":
        return 200, {}
    return 404, {}


def serve(app: FastAPI) -> str:
    """Serves on a free port of the loopback interface; returns the base URL once it answers."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    return f"http://127.0.0.1:{port}"


def ticket(number: int, priority: str, name: str, email: str) -> dict:
    return {
        "ticket_id": f"TCK-{number}",
        "tenant_id": "tenant-17",
        "priority": priority,
        "subject": "Invoices are charged twice since the update",
        "session": f"s-{number}-b7",
        "ip": "203.0.113.24",
        "requester": {"id": f"u-{number * 7}", "name": name, "email": email},
        "description": (
            "Hello, since the update of last Tuesday every invoice of our three branches is charged twice, first when it is"
            " created and again when it is sent. We noticed it on the statement of the company card"
            f" {made_up.CARD}, where both amounts stand on the same day. Restarting the app, signing out and in again and"
            " clearing the cache did not help. Your colleague asked me to prove who I am on the telephone, so here it is once"
            f" more, password: {made_up.PHONE_PIN}. Please pay back the second amount and write to {email}, because I am"
            " travelling and can not take calls before Monday. Screenshots of all eleven invoices are attached."
        ),
    }


def send(client: httpx.Client, url: str, content: dict, headers: dict, signature: str | None = None) -> int:
    body = json.dumps(content).encode()
    signed = {"x-webhook-signature": signature or service.signature(body), "content-type": "application/json"}
    return client.post(f"{url}/webhooks/tickets", content=body, headers=signed | headers).status_code


def otlp_json(request: bytes) -> str:
    """The request as one line of OTLP/JSON, whose ids are hex where protobuf's own JSON has base64."""
    document = MessageToDict(ExportTraceServiceRequest.FromString(request), use_integers_for_enums=True)

    def with_hex_ids(value):
        if isinstance(value, list):
            return [with_hex_ids(element) for element in value]
        if not isinstance(value, dict):
            return value
        ids = ("traceId", "spanId", "parentSpanId")
        return {
            key: base64.b64decode(element).hex() if key in ids else with_hex_ids(element)
            for key, element in value.items()
        }

    return json.dumps(with_hex_ids(document), ensure_ascii=False, separators=(",", ":"))


def record() -> list[bytes]:
    requests: list[bytes] = []

    def keep(method: str, path: str, body: bytes) -> tuple[int, dict]:
        requests.append(body)
        return 200, {}

    sink = listen(keep)
    resource = Resource.create(
        {
            "service.name": "ticket-service",
            "service.namespace": "support",
            "service.version": "2.3.1",
            "service.instance.id": "ticket-service-0",
            "deployment.environment.name": "production",
            "deployment.api_key": made_up.DEPLOY_KEY,
        }
    )
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{sink}/v1/traces")))
    trace.set_tracer_provider(provider)

    backends = listen(answer_for_backends)
    service_client = httpx.AsyncClient()
    HTTPXClientInstrumentor.instrument_client(service_client)
    app = service.make_service(service_client, backends)
    FastAPIInstrumentor.instrument_app(app, exclude_spans=["receive", "send"])
    url = serve(app)

    def expect(found: int, expected: int):
        if found != expected:
            raise SystemExit(f"the service answered with status {found}, expected {expected}")
        time.sleep(0.05)  # the server's span ends after its answer has gone out
        provider.force_flush()

    agent = {"authorization": f"Bearer {made_up.AGENT_JWT}", "user-agent": "helpdesk/8.1"}
    caller = {
        "traceparent": "00-6f1d2c3b4a59687786a5b4c3d2e1f00f-00f067aa0ba902b7-01",
        "tracestate": f"crm=token:{made_up.CALLER_TOKEN},mesh=p4",
    }
    with httpx.Client(timeout=30) as client:
        first = ticket(1042, "high", "Maya Lindqvist", made_up.EMAIL)
        expect(send(client, url, first, agent), 200)
        expect(client.get(f"{url}/tickets/TCK-1040", headers={"user-agent": "helpdesk/8.1"}).status_code, 200)
        expect(send(client, url, first, agent, signature="00" * 32), 401)
        second = ticket(1043, "normal", "Tobias Okafor", made_up.SECOND_EMAIL)
        expect(send(client, url, second, agent | caller), 200)
        urgent = ticket(1044, "urgent", "Maya Lindqvist", made_up.EMAIL)
        expect(send(client, url, urgent, agent), 500)
    causes = [
        trace.SpanContext(trace_id, span_id, is_remote=True, trace_flags=trace.TraceFlags(1))
        for trace_id, span_id in first_spans(requests)
    ]
    service.reindex_documentation(causes[:2])
    provider.force_flush()
    return requests


def first_spans(requests: list[bytes]):
    for request in requests:
        span = ExportTraceServiceRequest.FromString(request).resource_spans[0].scope_spans[0].spans[0]
        yield int.from_bytes(span.trace_id, "big"), int.from_bytes(span.span_id, "big")


def main():
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
    requests = record()
    # A request's only field is a repeated one, so several requests behind one another are one request.
    everything = b"".join(requests)
    for value, place in made_up.PLANTED:
        if value.encode() not in everything:
            raise SystemExit(f"not in the recording: what should stand in {place}")
    (folder / "ticket-service.otlp.pb").write_bytes(everything)
    (folder / "ticket-service.otlp.jsonl").write_text("".join(otlp_json(request) + "\n" for request in requests))
    lines = ["# The made-up secrets in the recording, one a line. None of them may leave.", ""]
    for value, place in made_up.PLANTED:
        lines += [f"# {place}", value]
    (folder / "planted.txt").write_text("\n".join(lines) + "\n")
    print(f"{len(requests)} requests, {len(everything)} bytes, {len(made_up.PLANTED)} planted secrets")


if __name__ == "__main__":
    main()
