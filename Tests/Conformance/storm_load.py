"""The load of a storm of reloads, in a process of its own: spans with planted secrets, numbered without a gap."""

import argparse
import http.client
import json
import subprocess
import sys
import threading
import time

import grpc
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from clients import EXPORT
from storm_rules import ALWAYS, SECRETS

SPANS = 20


def make_body(first: int, spans: int = SPANS) -> bytes:
    request = ExportTraceServiceRequest()
    scope_spans = request.resource_spans.add().scope_spans.add()
    request.resource_spans[0].resource.attributes.add(key="service.name").value.string_value = "storm"
    scope_spans.scope.name = "storm"
    for number in range(first, first + spans):
        span = scope_spans.spans.add(trace_id=(1 << 100 | number).to_bytes(16, "big"), span_id=number.to_bytes(8, "big"))
        span.name = "work"
        span.start_time_unix_nano, span.end_time_unix_nano = 1, 2
        for index in range(SECRETS):
            span.attributes.add(key=f"secret_{index}").value.string_value = f"planted-{index}-{number}"
        span.attributes.add(key="note").value.string_value = f"from {ALWAYS} {number}"
    return request.SerializeToString()


def first_number(thread: int) -> int:
    return (thread + 1) << 40


def load(address: str, protocol: str, threads: range):
    """Sends until standard input ends, each request again until it is taken; then tells what each thread has sent."""
    stop = threading.Event()
    told: dict[int, dict] = {}

    def run(thread: int):
        sent = {"taken": 0, "pushed back": 0, "errors": []}
        told[thread] = sent
        send = _http_sender(address) if protocol == "http" else _grpc_sender(address)
        while not stop.is_set():
            body = make_body(first_number(thread) + sent["taken"])
            while (status := send(body)) == 503:
                sent["pushed back"] += 1
                time.sleep(0.05)
            if status != 200:
                # Nobody knows whether it was taken.
                sent["errors"].append(str(status))
                return
            sent["taken"] += SPANS

    running = [threading.Thread(target=run, args=(thread,)) for thread in threads]
    for thread in running:
        thread.start()
    sys.stdin.read()
    stop.set()
    for thread in running:
        thread.join()
    print(json.dumps([told[thread] for thread in threads]))


def _http_sender(address: str):
    connection = http.client.HTTPConnection(address, timeout=60)

    def send(body: bytes):
        connection.request("POST", "/v1/traces", body, {"content-type": "application/x-protobuf"})
        response = connection.getresponse()
        response.read()
        return response.status

    return send


def _grpc_sender(address: str):
    call = grpc.insecure_channel(address).unary_unary(EXPORT)

    def send(body: bytes):
        try:
            call(body, timeout=60)
            return 200
        except grpc.RpcError as error:
            return 503 if error.code() == grpc.StatusCode.UNAVAILABLE else error.code().name

    return send


class LoadProcess:
    """Load from another process, over one protocol; its threads have numbers of their own."""

    def __init__(self, address: str, protocol: str, threads: int, offset: int):
        self.offset = offset
        self.threads = threads
        command = [sys.executable, __file__, address, protocol, str(threads), str(offset)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def stop(self) -> list[dict]:
        out, _ = self.process.communicate(timeout=120)
        return json.loads(out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("protocol")
    parser.add_argument("threads", type=int)
    parser.add_argument("offset", type=int)
    options = parser.parse_args()
    load(options.address, options.protocol, range(options.offset, options.offset + options.threads))
