"""What clients send that is wrong, each kind with its reply; and that the host stands it."""

import gzip
import http.client
import json
import random
import socket
import time
import zlib

import grpc
import pytest
from google.protobuf.json_format import MessageToJson
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

import rawgrpc
from clients import PROTOBUF, call, exchange, make_request, post, talk
from serving import RunningHost, exporters_to
from sink import Sink

JSON = "application/json"
INVALID_ARGUMENT, RESOURCE_EXHAUSTED, UNIMPLEMENTED, INTERNAL = 3, 8, 12, 13
METHODS = {
    "logs": "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
    "metrics": "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
}


@pytest.fixture(scope="module")
def sink():
    sink = Sink("http")
    yield sink
    sink.close()


@pytest.fixture(scope="module")
def host(executable, sink, tmp_path_factory):
    """One host for all of it. Its limits are small, so that reaching them is quick."""
    settings = {"receivers__max_body_bytes": 1 << 20, "receivers__header_timeout": "500ms", "receivers__idle_timeout": "2s"}
    host = RunningHost(executable, tmp_path_factory.mktemp("host"), exporters_to([sink]), settings)
    yield host
    try:
        host.wait_until_settled()
        host.assert_balanced()
        assert host.stop() == 0, host.said
    finally:
        host.kill()


@pytest.fixture(autouse=True)
def soundness(host, sink):
    """After each test good requests still go through."""
    yield
    request = make_request(3)
    assert post(host.http, request.SerializeToString()).status == 200
    with grpc.insecure_channel(host.grpc) as channel:
        assert call(channel, make_request(4, name="last").SerializeToString()) == b""
    sink.wait(lambda: any(span.name == "last" for span in sink.arrivals[-1].spans) if sink.arrivals else False, 30)


def good() -> bytes:
    return make_request(2).SerializeToString()


def said(answer) -> str:
    """The message of the google.rpc.Status in the body, in the form of the request."""
    if answer.headers["content-type"].startswith(JSON):
        return json.loads(answer.body)["message"]
    assert answer.headers["content-type"] == PROTOBUF
    return Status.FromString(answer.body).message


# OTLP/HTTP.


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-thrift", "application/x-protobuff", "application", None]
)
def test_another_content_type_is_415(host, content_type):
    assert post(host.http, good(), content_type=content_type).status == 415


@pytest.mark.parametrize("content_type", ["application/x-protobuf; charset=utf-8", "Application/X-Protobuf"])
def test_parameters_and_letters_of_a_content_type_do_not_matter(host, content_type):
    assert post(host.http, good(), content_type=content_type).status == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD", "PATCH"])
def test_another_method_is_405(host, method):
    answer = post(host.http, b"", method=method)
    assert answer.status == 405
    assert "POST" in answer.headers["allow"]


@pytest.mark.parametrize("path", ["/", "/v1/trace", "/v1/traces/more", "/v2/traces", "//v1/traces"])
def test_another_path_is_404(host, path):
    assert post(host.http, good(), path=path).status == 404


@pytest.mark.parametrize("signal", METHODS)
def test_other_signals_are_refused_and_told_why(host, signal):
    answer = post(host.http, b"", path=f"/v1/{signal}")
    assert 400 <= answer.status < 500 or answer.status == 501
    assert signal in said(answer)
    with grpc.insecure_channel(host.grpc) as channel, pytest.raises(grpc.RpcError) as raised:
        channel.unary_unary(METHODS[signal])(b"", timeout=10)
    assert raised.value.code() == grpc.StatusCode.UNIMPLEMENTED
    assert signal in raised.value.details()


@pytest.mark.parametrize(
    "body",
    [b"not gzip", gzip.compress(b"x" * 500)[:-9], gzip.compress(b"x" * 500)[:20] + b"\0" * 40, b"\x1f\x8b"],
    ids=["none", "cut off", "damaged", "two bytes"],
)
def test_gzip_that_is_broken_is_400(host, body):
    answer = post(host.http, body, content_encoding="gzip")
    assert answer.status == 400
    assert "gzip" in said(answer)


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "nonsense"])
def test_another_coding_is_415(host, coding):
    assert post(host.http, good(), content_encoding=coding).status == 415


@pytest.mark.parametrize("pack", [zlib.compress, lambda body: zlib.compress(body)[2:-4]], ids=["zlib", "raw"])
def test_deflate_in_both_of_its_forms_is_read(host, pack):
    assert post(host.http, pack(good()), content_encoding="deflate").status == 200


def test_several_gzip_members_are_one_body(host):
    body = good()
    packed = gzip.compress(body[:30]) + gzip.compress(body[30:])
    assert post(host.http, packed, content_encoding="gzip").status == 200


@pytest.mark.parametrize("size", [2 << 20, 200 << 20], ids=["past the limit", "bomb"])
def test_what_unpacks_to_too_much_is_413(host, size):
    packed = gzip.compress(b"\0" * size, 1)
    assert post(host.http, packed, content_encoding="gzip").status == 413


def test_a_body_past_the_limit_is_413_and_not_waited_for(host):
    head = f"POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: {PROTOBUF}\r\ncontent-length: {64 << 20}\r\n\r\n"
    assert talk(host.http, head.encode(), until=b"\r\n\r\n").startswith(b"HTTP/1.1 413 ")


def test_chunks_past_the_limit_are_413(host):
    head = f"POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: {PROTOBUF}\r\ntransfer-encoding: chunked\r\n\r\n".encode()
    chunk = b"10000\r\n" + b"\0" * 0x10000 + b"\r\n"
    assert talk(host.http, head + chunk * 17, until=b"\r\n\r\n").startswith(b"HTTP/1.1 413 ")


def test_chunks_are_read(host, sink):
    body = good()
    head = f"POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: {PROTOBUF}\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    chunks = b"".join(b"%x\r\n%s\r\n" % (1, body[at : at + 1]) for at in range(len(body)))
    before = len(sink.spans)
    assert talk(host.http, head.encode() + chunks + b"0\r\n\r\n").startswith(b"HTTP/1.1 200 ")
    sink.wait_for_spans(before + 2)


@pytest.mark.parametrize("body", [b"\x0a\xff", b"\x0a\x05abc", b"{}", b"\xff" * 100, good()[:-3]])
def test_malformed_protobuf_is_400_with_a_reason(host, body):
    answer = post(host.http, body)
    assert answer.status == 400
    assert said(answer)
    with grpc.insecure_channel(host.grpc) as channel, pytest.raises(grpc.RpcError) as raised:
        call(channel, body)
    assert raised.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    details = dict(raised.value.trailing_metadata()).get("grpc-status-details-bin")
    assert details is None or Status.FromString(details).code == grpc.StatusCode.INVALID_ARGUMENT.value[0]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[7]", b'{"resourceSpans": 7}', b'{"resourceSpans": [{]}', b"\xff\xfe", b"null"]
)
def test_malformed_json_is_400_with_a_reason(host, body):
    answer = post(host.http, body, content_type=JSON)
    assert answer.status == 400
    assert said(answer)


def test_an_empty_request_is_taken(host):
    assert post(host.http, b"").status == 200
    assert post(host.http, b"{}", content_type=JSON).body == b"{}"
    with grpc.insecure_channel(host.grpc) as channel:
        assert call(channel, b"") == b""


def test_spans_without_ids_are_refused_and_their_neighbours_taken(host, sink):
    request = make_request(3)
    request.resource_spans[0].scope_spans[0].spans[1].trace_id = b"short"
    before = len(sink.spans)
    answer = post(host.http, request.SerializeToString())
    assert answer.status == 200
    partial = ExportTraceServiceResponse.FromString(answer.body).partial_success
    assert partial.rejected_spans == 1
    assert "trace" in partial.error_message
    sink.wait_for_spans(before + 2)


@pytest.mark.parametrize(
    "sent",
    [b"", b"POST /v1/tra", b"POST /v1/traces HTTP/1.1\r\nhost: x\r\nx-slow: "],
    ids=["nothing", "a line", "a header"],
)
def test_a_head_that_does_not_come_is_not_waited_for(host, sent):
    start = time.monotonic()
    answer = talk(host.http, sent, seconds=8)
    assert time.monotonic() - start < 7
    assert answer == b"" or answer.startswith(b"HTTP/1.1 408 ")


def test_a_head_that_comes_in_drops_is_not_waited_for(host):
    """Each drop comes in time; together they take too long."""
    name, port = host.http.rsplit(":", 1)
    with socket.create_connection((name, int(port)), timeout=5) as connection:
        start = time.monotonic()
        with pytest.raises(OSError):
            for _ in range(60):
                connection.sendall(b"P")
                time.sleep(0.1)
        assert time.monotonic() - start < 5


def test_what_is_not_http_gets_400_or_is_cut(host):
    for sent in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500, b"hello\r\n\r\n", b"\0" * 3000):
        answer = talk(host.http, sent, seconds=8)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 400 "), answer


# OTLP/gRPC.


def test_unknown_methods_and_services_are_unimplemented(host):
    with grpc.insecure_channel(host.grpc) as channel:
        for method in ("/opentelemetry.proto.collector.trace.v1.TraceService/Import", "/no.such.Service/Export"):
            with pytest.raises(grpc.RpcError) as raised:
                channel.unary_unary(method)(b"", timeout=10)
            assert raised.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_a_message_past_the_limit_is_refused(host):
    body = make_request(1, text="x" * (2 << 20)).SerializeToString()
    with grpc.insecure_channel(host.grpc) as channel:
        for compression in (grpc.Compression.NoCompression, grpc.Compression.Gzip):
            with pytest.raises(grpc.RpcError) as raised:
                call(channel, body, compression=compression)
            assert raised.value.code() in (grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.INVALID_ARGUMENT)


def test_deflate_and_gzip_are_read_over_grpc(host):
    with grpc.insecure_channel(host.grpc) as channel:
        for compression in (grpc.Compression.Deflate, grpc.Compression.Gzip):
            assert call(channel, good(), compression=compression) == b""


@pytest.mark.parametrize(
    ("data", "headers", "statuses"),
    [
        (rawgrpc.message(b"no gzip", flag=1), {"grpc-encoding": "gzip"}, {INVALID_ARGUMENT, INTERNAL}),
        (rawgrpc.message(gzip.compress(good())[:-9], flag=1), {"grpc-encoding": "gzip"}, {INVALID_ARGUMENT, INTERNAL}),
        (rawgrpc.message(good(), flag=1), {"grpc-encoding": "zstd"}, {UNIMPLEMENTED}),
        (rawgrpc.message(good())[:-2], {}, {INVALID_ARGUMENT, INTERNAL, UNIMPLEMENTED}),
        (rawgrpc.message(good()) * 2, {}, {INVALID_ARGUMENT, INTERNAL, UNIMPLEMENTED}),
        (b"", {}, {INVALID_ARGUMENT, INTERNAL, UNIMPLEMENTED}),
        (rawgrpc.message(gzip.compress(b"\0" * (8 << 20)), flag=1), {"grpc-encoding": "gzip"}, {RESOURCE_EXHAUSTED}),
    ],
    ids=["no gzip", "gzip cut off", "unknown coding", "message cut off", "two messages", "no message", "bomb"],
)
def test_broken_grpc_gets_a_status(host, data, headers, statuses):
    assert rawgrpc.request(host.grpc, data, headers).status in statuses


def test_a_long_grpc_message_is_refused_before_it_is_there(host):
    reply = rawgrpc.request(host.grpc, rawgrpc.message(b"", length=64 << 20), ends=False)
    assert reply.status == RESOURCE_EXHAUSTED


def test_what_is_not_grpc_is_told_so_over_http_2(host):
    reply = rawgrpc.request(host.grpc, rawgrpc.message(good()), {"content-type": "application/json"})
    assert reply.headers[":status"] == "415"
    reply = rawgrpc.request(host.grpc, b"", {":method": "GET"})
    assert reply.status != 0


@pytest.mark.parametrize("sent", [b"", b"PRI * HTT"], ids=["nothing", "half a preface"])
def test_a_grpc_client_that_says_nothing_is_not_waited_for(host, sent):
    start = time.monotonic()
    talk(host.grpc, sent, seconds=8)
    assert time.monotonic() - start < 7


def test_http_1_at_the_grpc_port_is_answered_or_cut(host):
    sent = b"POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
    answer = talk(host.grpc, sent, seconds=8)
    assert b"200 OK" not in answer


def test_grpc_at_the_http_port_is_not_taken(host):
    with grpc.insecure_channel(host.http) as channel, pytest.raises(grpc.RpcError) as raised:
        call(channel, good(), timeout=1)
    # The client of grpcio tries again and again until its time is over.
    assert raised.value.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)


# Many of them.


def mutated(rng: random.Random, body: bytes) -> bytes:
    body = bytearray(body)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(body) + 1)
        match rng.randrange(5):
            case 0 if at < len(body):
                body[at] ^= 1 << rng.randrange(8)
            case 1:
                body[at:at] = rng.randbytes(rng.randint(1, 20))
            case 2:
                del body[at : at + rng.randint(1, 40)]
            case 3:
                body[at:at] = body[rng.randrange(len(body) + 1) :][: rng.randint(1, 200)]
            case _:
                body[at : at + 5] = b"\xff\xff\xff\xff\x7f"
    return bytes(body)


@pytest.mark.random
def test_a_thousand_mutated_bodies_leave_the_host_sound(host, rng):
    request = make_request(4, api_key="a", note="b" * 40)
    forms = [
        (request.SerializeToString(), PROTOBUF, {}),
        (MessageToJson(request).encode(), JSON, {}),
        (gzip.compress(request.SerializeToString()), PROTOBUF, {"content_encoding": "gzip"}),
        (zlib.compress(request.SerializeToString()), PROTOBUF, {"content_encoding": "deflate"}),
    ]
    statuses = set()
    connection = http.client.HTTPConnection(host.http, timeout=20)
    channel = grpc.insecure_channel(host.grpc)
    memory = host.resident_bytes()
    for number in range(1000):
        body, content_type, headers = rng.choice(forms)
        body = mutated(rng, body)
        if number % 5 == 0:
            try:
                call(channel, body, timeout=20)
                statuses.add("OK")
            except grpc.RpcError as error:
                statuses.add(error.code().name)
        else:
            statuses.add(exchange(connection, body, content_type=content_type, **headers).status)
    channel.close()
    assert statuses <= {200, 400, 413, 503, "OK", "INVALID_ARGUMENT", "RESOURCE_EXHAUSTED", "UNAVAILABLE"}
    assert {200, 400, "INVALID_ARGUMENT"} <= statuses
    host.wait_until_settled()
    assert host.get("/live")[0] == host.get("/ready")[0] == 200
    assert host.resident_bytes() - memory < 100 << 20
