"""A backend that fails in every way it can: what arrives, how often it is asked, and what the ledger says."""

import threading
import time
from email.utils import formatdate

import grpc
import pytest
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from clients import Load, call, make_exporter, make_request, post
from serving import LEFT
from sink import Busy, CutAfterReading, Forbid, Hang, Partly, Refuse, TooLarge

both = pytest.mark.parametrize("protocol", ["http", "grpc"])


def send(host, spans: int, **options) -> set[bytes]:
    """Sends one request over HTTP, which is taken; the ids of its spans."""
    request = make_request(spans, **options)
    answer = post(host.http, request.SerializeToString())
    assert answer.status == 200, answer
    assert answer.body == b""
    return {span.span_id for span in request.resource_spans[0].scope_spans[0].spans}


@both
def test_nothing_is_lost_while_a_backend_refuses_connections(serve, make_sink, protocol):
    sink = make_sink(protocol, behind_relay=True)
    sink.relay.close()
    host = serve(sink)
    ids = send(host, 100) | send(host, 100)
    time.sleep(1.5)
    assert host.ledger().gathered + host.ledger().inside == 200
    attempts = host.ledger().attempts
    sink.relay.open()
    sink.wait_for_spans(200)
    assert sink.counts() == dict.fromkeys(ids, 1)
    # Waits of 25 to 200 ms, four batches at most: more would be a busy loop.
    assert 2 <= attempts <= 60


@both
def test_a_backend_that_is_busy_is_asked_again_and_gets_every_span_once(serve, make_sink, protocol):
    sink = make_sink(protocol)
    host = serve(sink)
    sink.next(Busy(), Busy(), Busy())
    ids = send(host, 50)
    sink.wait_for_spans(50)
    assert sink.counts() == dict.fromkeys(ids, 1)
    assert len(sink.arrivals) == 4
    host.wait(lambda: host.ledger().exported == 50, "the answer to be counted")
    assert host.ledger().attempts == 4


@both
def test_a_backend_is_left_alone_for_as_long_as_it_asks(serve, make_sink, protocol):
    sink = make_sink(protocol)
    host = serve(sink)
    sink.next(Busy(retry_after=1))
    send(host, 10)
    sink.wait_for_spans(10)
    busy, taken = sink.arrivals
    # Left to itself, it would wait 50 ms at most.
    assert 1.0 <= taken.at - busy.at


def test_a_date_in_retry_after_is_waited_for(serve, make_sink):
    sink = make_sink("http")
    host = serve(sink)
    sink.next(Busy(retry_after=formatdate(time.time() + 3, usegmt=True), status=429))
    send(host, 10)
    sink.wait_for_spans(10)
    busy, taken = sink.arrivals
    # Dates have whole seconds.
    assert 1.0 <= taken.at - busy.at


@both
def test_a_backend_that_hangs_costs_one_timeout(serve, make_sink, protocol):
    sink = make_sink(protocol)
    host = serve(sink, exporter={"timeout": "500ms"})
    sink.next(Hang(60))
    ids = send(host, 10)
    sink.wait_for_requests(2)
    first, second = sink.arrivals
    assert 0.4 <= second.at - first.at
    # Whether the first was taken nobody can know; the account has each span once.
    assert first.body == second.body
    assert {span.span_id for span in second.spans} == ids
    host.wait(lambda: host.ledger().exported == 10, "the second answer to be counted")


@both
def test_a_connection_that_is_cut_before_reading_loses_and_doubles_nothing(serve, make_sink, protocol):
    sink = make_sink(protocol, behind_relay=True)
    host = serve(sink)
    before = send(host, 10)
    host.wait(lambda: host.ledger().exported == 10, "the answer to be counted")
    sink.relay.cut_before_reading(3)
    ids = before | send(host, 20)
    sink.wait_for_spans(30)
    assert sink.counts() == dict.fromkeys(ids, 1)


@both
def test_a_connection_that_is_cut_instead_of_an_answer_is_tried_again(serve, make_sink, protocol):
    sink = make_sink(protocol, behind_relay=True)
    host = serve(sink)
    sink.next(CutAfterReading())
    ids = send(host, 20)
    sink.wait_for_spans(40)
    # The backend has them twice, which no client can avoid; the account has them once.
    assert sink.counts() == dict.fromkeys(ids, 2)
    host.wait(lambda: host.ledger().exported == 20, "the answer to be counted")
    assert host.ledger().uncertain == 0


@both
def test_what_a_backend_takes_partly_is_not_sent_again_and_its_message_is_logged(serve, make_sink, protocol):
    sink = make_sink(protocol)
    host = serve(sink)
    sink.next(Partly(3, "three were older than the index"))
    send(host, 20)
    host.wait(lambda: host.ledger().refused == 3, "the refusal to be counted")
    assert host.ledger().exported == 17
    assert "three were older than the index" in host.said
    send(host, 5)
    sink.wait_for_spans(25)
    assert len(sink.arrivals) == 2


@both
def test_a_span_that_is_refused_for_good_does_not_cost_its_neighbours(serve, make_sink, protocol):
    sink = make_sink(protocol)
    sink.refuse_spans_named("poison")
    host = serve(sink)
    request = make_request(63)
    request.MergeFrom(make_request(1, name="poison"))
    request.MergeFrom(make_request(64))
    assert post(host.http, request.SerializeToString()).status == 200
    host.wait_until_settled()
    sink.wait_for_spans(127)
    assert set(sink.counts().values()) == {1}
    assert "poison" not in {span.name for span in sink.spans}
    assert (host.ledger().exported, host.ledger().refused) == (127, 1)
    # Halving: two requests for each of the seven levels, and the first.
    assert len(sink.arrivals) <= 15
    assert "refused for good" in host.said


@both
def test_a_backend_that_refuses_everything_is_not_asked_for_each_span(serve, make_sink, protocol):
    sink = make_sink(protocol)
    sink.judge = lambda _: Refuse()
    host = serve(sink)
    send(host, 512)
    host.wait(lambda: host.ledger().refused == 512, "all spans to be refused")
    assert len(sink.arrivals) <= 100
    assert host.ledger().inside == 0


@both
def test_credentials_that_are_wrong_are_told_and_nothing_is_tried_again(serve, make_sink, protocol):
    sink = make_sink(protocol)
    sink.judge = lambda _: Forbid()
    host = serve(sink, exporter={"headers": {"x-api-key": "falcon-made-up"}})
    send(host, 20)
    host.wait(lambda: host.ledger().refused == 20, "all spans to be refused")
    assert len(sink.arrivals) == 1
    assert sink.arrivals[0].headers["x-api-key"] == "falcon-made-up"
    assert "credentials" in host.said
    assert "falcon" not in host.said
    assert b"falcon" not in host.get("/config")[1]


@both
def test_what_is_too_large_goes_in_parts(serve, make_sink, protocol):
    sink = make_sink(protocol)
    sink.judge = lambda arrival: TooLarge() if len(arrival.spans) > 100 else None
    host = serve(sink)
    ids = send(host, 512)
    sink.wait_for_spans(512)
    assert sink.counts() == dict.fromkeys(ids, 1)


@both
def test_a_batch_is_given_up_when_its_time_is_over_and_is_counted(serve, make_sink, protocol):
    sink = make_sink(protocol)
    sink.judge = lambda _: Busy()
    retry = {"initial_interval": "50ms", "max_interval": "100ms", "max_elapsed": "600ms"}
    host = serve(sink, exporter={"retry": retry})
    send(host, 20)
    host.wait(lambda: host.ledger().lost == 20, "the batch to be given up")
    assert host.ledger().inside == 0
    assert 3 <= len(sink.arrivals) <= 30


@both
def test_clients_are_pushed_back_past_the_room_and_what_was_taken_arrives(serve, make_sink, protocol):
    sink = make_sink(protocol)
    sink.judge = lambda _: Busy()
    host = serve(sink, queue__max_spans=300, queue__max_batch_spans=300)
    # One request may overshoot the bound: otherwise its client would be refused for ever.
    ids = send(host, 1000)

    request = make_request(10).SerializeToString()
    answer = post(host.http, request)
    assert answer.status == 503
    assert int(answer.headers["retry-after"]) >= 1
    assert Status.FromString(answer.body).message
    with grpc.insecure_channel(host.grpc) as channel, pytest.raises(grpc.RpcError) as raised:
        call(channel, request)
    assert raised.value.code() == grpc.StatusCode.UNAVAILABLE
    assert retry_delay(raised.value) > 0

    ledger = host.ledger()
    assert (ledger.received, ledger.gathered + ledger.inside, ledger.pushed_back) == (1000, 1000, 2)
    sink.judge = lambda _: None
    sink.wait_for_spans(1000)
    host.wait_until_settled()
    ids |= send(host, 10)
    sink.wait_for_spans(1010)
    assert sink.counts() == dict.fromkeys(ids, 1)


@both
def test_memory_is_bounded_while_a_backend_is_away(serve, make_sink, protocol):
    sink = make_sink(protocol)
    sink.judge = lambda _: Busy()
    host = serve(sink, queue__max_spans=2000, shutdown__drain_timeout="100ms")
    memory = host.resident_bytes()
    loads = [Load(host.http, "http", spans=200, note="n" * 2000), Load(host.grpc, "grpc", spans=200, note="n" * 2000)]
    time.sleep(2)
    for load in loads:
        load.stop()
    # Room for 2,000 spans of two kilobytes, what is under way besides, and what a debug build wastes.
    assert host.resident_bytes() - memory < 64 << 20
    acknowledged = sum(len(load.acknowledged) for load in loads)
    assert 2000 <= acknowledged <= 2000 + 5 * 200
    assert host.ledger().received == acknowledged
    assert all(load.pushed_back and not load.unanswered for load in loads)
    assert host.stop() == LEFT


@both
def test_the_stock_sdk_comes_again_when_it_is_pushed_back(serve, make_sink, protocol):
    sink = make_sink("http")
    sink.judge = lambda _: Busy()
    host = serve(sink, queue__max_spans=10, queue__max_batch_spans=10)
    send(host, 10)
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(make_exporter(host, protocol, "none")))
    span = provider.get_tracer("conformance").start_span("patient")
    span.end()
    threading.Timer(1.0, lambda: setattr(sink, "judge", lambda _: None)).start()
    assert provider.force_flush()
    provider.shutdown()
    sink.wait_for_spans(11)
    assert [span.name for span in sink.spans].count("patient") == 1
    assert host.ledger().pushed_back >= 1


def retry_delay(error: grpc.RpcError) -> float:
    """The seconds of RetryInfo in `grpc-status-details-bin`."""
    details = dict(error.trailing_metadata())["grpc-status-details-bin"]
    info = RetryInfo()
    assert Status.FromString(details).details[0].Unpack(info)
    return info.retry_delay.seconds + info.retry_delay.nanos / 1e9


@both
def test_under_load_a_backend_that_comes_and_goes_gets_all_that_was_acknowledged(serve, make_sink, protocol):
    sink = make_sink(protocol, behind_relay=True)
    host = serve(sink, queue__max_spans=2000)
    loads = [Load(host.http, "http"), Load(host.grpc, "grpc")]
    for _ in range(3):
        time.sleep(0.3)
        sink.relay.close()
        time.sleep(0.3)
        sink.relay.open()
    for load in loads:
        load.stop()
    acknowledged = set().union(*(load.acknowledged for load in loads))
    host.wait_until_settled()
    assert not any(load.unanswered for load in loads)
    assert sink.counts().keys() == acknowledged
    assert host.ledger().received == host.ledger().exported == len(acknowledged)


@pytest.mark.parametrize(("protocol", "other"), [("http", "grpc"), ("grpc", "http")])
def test_a_backend_of_the_other_protocol_is_told_as_what_it_is(serve, make_sink, protocol, other):
    sink = make_sink(protocol)
    host = serve(sink, exporter={"kind": f"otlp-{other}"})
    send(host, 10)
    host.wait(lambda: host.ledger().refused == 10, "the spans to be refused")
    assert {"http": "HTTP/1", "grpc": "HTTP/2"}[protocol] in host.said


@both
def test_spans_that_come_back_to_their_host_are_not_taken_again(serve, make_sink, protocol):
    # The backend is the host itself, behind a relay, so that the configuration does not give it away.
    sink = make_sink(protocol, behind_relay=True)
    host = serve(sink)
    sink.relay.target = int(host.addresses[f"otlp-{protocol}"].rsplit(":", 1)[1])
    sink.relay.cut()
    send(host, 10)
    host.wait(lambda: host.ledger().refused == 10, "the spans to be refused")
    assert host.ledger().received == 10
    assert sink.arrivals == []


def test_an_exporter_that_is_not_required_loses_and_counts_and_keeps_nobody_back(serve, make_sink):
    good, dead = make_sink("http"), make_sink("http")
    dead.judge = lambda _: Busy()
    exporters = {good.url: {}, dead.url: {"required": False}}
    limits = {"queue__max_spans": 100, "queue__max_batch_spans": 50, "shutdown__drain_timeout": "500ms"}
    host = serve(good, dead, exporter=lambda sink: exporters[sink.url], **limits)
    ids = set()
    for count in range(1, 11):
        ids |= send(host, 50)
        good.wait_for_spans(50 * count)
    assert good.counts() == dict.fromkeys(ids, 1)
    ledger = host.ledger()
    assert ledger.of("backend-1").lost + ledger.of("backend-1").inside == 500
    assert ledger.of("backend-1").lost > 0
    assert ledger.of("backend-0").lost == 0
    # What the dead one still has is lost, as what it could not take was before; the host has done what it has to.
    assert host.stop() == 0
