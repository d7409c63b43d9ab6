"""TLS on both sides of a running host: who is let in, and whom it trusts."""

import grpc
import pytest
import trustme
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GRPCSpanExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HTTPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExportResult

from clients import call, make_request, post
from serving import LEFT

both = pytest.mark.parametrize("protocol", ["http", "grpc"])


class Authority:
    """Signs certificates, and writes them into a folder as PEM files."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.authority = trustme.CA()
        self.root = folder / "root.pem"
        self.authority.cert_pem.write_to_path(self.root)

    def issue(self, name: str):
        """The paths of a certificate for 127.0.0.1 and of its key."""
        issued = self.authority.issue_cert("127.0.0.1", "localhost")
        certificate, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        certificate.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
        issued.private_key_pem.write_to_path(key)
        return certificate, key


@pytest.fixture(autouse=True)
def no_authorities_of_the_machine(monkeypatch):
    """Python's requests let these go before what the SDK tells them."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path / "authority")


def receivers(certificate, key, **more) -> dict:
    tls = {"certificate": str(certificate), "key": str(key)} | {name: str(value) for name, value in more.items()}
    return {"receivers__grpc__tls": tls, "receivers__http__tls": tls}


def make_exporter(host, protocol: str, root, certificate=None, key=None):
    if protocol == "http":
        return HTTPSpanExporter(
            endpoint=f"https://{host.http}/v1/traces", certificate_file=str(root), timeout=1,
            client_certificate_file=str(certificate) if certificate else None, client_key_file=str(key) if key else None,
        )  # fmt: skip
    credentials = grpc.ssl_channel_credentials(
        root.read_bytes(), key.read_bytes() if key else None, certificate.read_bytes() if certificate else None
    )
    return GRPCSpanExporter(endpoint=f"https://{host.grpc}", credentials=credentials, timeout=1)


def export(exporter, name: str) -> SpanExportResult:
    """Sends one span, whatever becomes of it."""
    results = []
    original = exporter.export
    exporter.export = lambda spans: results.append(original(spans)) or results[-1]
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    provider.get_tracer("conformance").start_span(name).end()
    provider.shutdown()
    return results[0]


@both
def test_the_stock_sdk_sends_over_tls(serve, make_sink, authority, protocol):
    sink = make_sink("http")
    host = serve(sink, **receivers(*authority.issue("host")))
    assert export(make_exporter(host, protocol, authority.root), "safe") == SpanExportResult.SUCCESS
    sink.wait_for_spans(1)


@both
def test_with_mutual_tls_only_known_clients_are_let_in(serve, make_sink, authority, tmp_path, protocol):
    sink = make_sink("http")
    host = serve(sink, **receivers(*authority.issue("host"), client_ca=authority.root))
    stranger = Authority(tmp_path / "stranger").issue("stranger")
    assert export(make_exporter(host, protocol, authority.root), "nobody") == SpanExportResult.FAILURE
    assert export(make_exporter(host, protocol, authority.root, *stranger), "stranger") == SpanExportResult.FAILURE
    assert (
        export(make_exporter(host, protocol, authority.root, *authority.issue("client")), "known")
        == SpanExportResult.SUCCESS
    )
    sink.wait_for_spans(1)
    assert [span.name for span in sink.spans] == ["known"]


@both
def test_spans_go_on_to_a_backend_that_is_trusted(serve, make_sink, authority, protocol):
    certificate, key = authority.issue("backend")
    sink = make_sink(protocol, certificate=(key.read_bytes(), certificate.read_bytes()))
    host = serve(sink, exporter={"tls": {"certificate": str(authority.root)}})
    assert post(host.http, make_request(10).SerializeToString()).status == 200
    sink.wait_for_spans(10)


@both
def test_spans_do_not_go_to_a_backend_that_is_not_trusted(serve, make_sink, authority, tmp_path, protocol):
    certificate, key = Authority(tmp_path / "other").issue("backend")
    sink = make_sink(protocol, certificate=(key.read_bytes(), certificate.read_bytes()))
    host = serve(sink, exporter={"tls": {"certificate": str(authority.root)}}, shutdown__drain_timeout="200ms")
    assert post(host.http, make_request(10).SerializeToString()).status == 200
    host.wait(lambda: host.ledger().attempts >= 2, "two attempts")
    assert sink.arrivals == []
    assert "certificate is not trusted" in host.said
    assert host.stop() == LEFT


def test_without_the_token_nothing_is_taken(serve, make_sink, tmp_path):
    token = tmp_path / "token"
    token.write_text("wren-made-up\n")
    sink = make_sink("http")
    host = serve(sink, receivers__bearer_token_file=str(token))
    body = make_request(1).SerializeToString()
    assert post(host.http, body).status == 401
    assert post(host.http, body, authorization="Bearer wren-made-u").status == 401
    assert post(host.http, body, authorization="Bearer wren-made-up").status == 200
    with grpc.insecure_channel(host.grpc) as channel:
        with pytest.raises(grpc.RpcError) as raised:
            call(channel, body)
        assert raised.value.code() == grpc.StatusCode.UNAUTHENTICATED
        assert call(channel, body, metadata=[("authorization", "Bearer wren-made-up")]) == b""
    assert "wren" not in host.said
    assert b"wren" not in host.get("/config")[1]
