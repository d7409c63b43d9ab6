"""How a running host ends: what it has acknowledged is exported, or it is counted as lost."""

import signal
import time

import pytest

from clients import Load, make_request, post
from sink import Busy, Hang

both = pytest.mark.parametrize("protocol", ["http", "grpc"])


@both
def test_every_acknowledged_span_is_exported_when_it_is_ended_under_load(serve, make_sink, protocol):
    sink = make_sink(protocol)
    host = serve(sink)
    loads = [Load(host.http, "http"), Load(host.grpc, "grpc")]
    for load in loads:
        load.wait_for(acknowledged=400)
    host.terminate()
    status = host.process.wait(30)
    for load in loads:
        load.stop()
    assert status == 0, host.said
    acknowledged = set().union(*(load.acknowledged for load in loads))
    counts = sink.counts()
    assert acknowledged <= counts.keys()
    assert set(counts.values()) == {1}
    # Beyond those only spans whose answer was cut off may have arrived.
    assert counts.keys() - acknowledged <= set().union(*(load.unanswered for load in loads))


@both
def test_a_slow_backend_gets_the_time_to_drain(serve, make_sink, protocol):
    sink = make_sink(protocol)
    host = serve(sink, queue__max_batch_spans=20, queue__max_spans=4000)
    sink.next(*[Hang(0.2)] * 8)
    request = make_request(200)
    assert post(host.http, request.SerializeToString()).status == 200
    assert host.stop() == 0
    assert sum(sink.counts().values()) == 200


@both
def test_what_cannot_leave_in_time_is_counted_and_told(serve, make_sink, protocol):
    sink = make_sink(protocol)
    sink.judge = lambda _: Busy()
    host = serve(sink, shutdown__drain_timeout="1s")
    assert post(host.http, make_request(123).SerializeToString()).status == 200
    sink.wait_for_requests(2)
    start = time.monotonic()
    host.stop(20)
    assert time.monotonic() - start < 10
    # In the log, since nobody can read the metrics any more.
    assert "123" in "\n".join(str(entry) for entry in host.log[-10:])


def test_a_second_signal_ends_it_at_once(serve, make_sink):
    sink = make_sink("http")
    sink.judge = lambda _: Busy()
    host = serve(sink, shutdown__drain_timeout="60s")
    assert post(host.http, make_request(10).SerializeToString()).status == 200
    sink.wait_for_requests(1)
    host.terminate()
    time.sleep(1)
    assert host.process.poll() is None
    host.terminate()
    assert host.process.wait(10) != 0


def test_a_backend_that_is_gone_while_it_writes_does_not_kill_it(serve, make_sink):
    sink = make_sink("http", behind_relay=True)
    host = serve(sink)
    for _ in range(5):
        assert post(host.http, make_request(50).SerializeToString()).status == 200
        sink.relay.cut()
        time.sleep(0.1)
    host.process.send_signal(signal.SIGPIPE)
    host.wait_until_settled()
    assert host.get("/live")[0] == 200
