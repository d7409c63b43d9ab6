"""Rules that are edited while spans pass: the edit takes effect, a broken one changes nothing, and no span is lost."""

import http.client
import json
import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from clients import Load, make_request, post
from conftest import ROOT
from sink import Busy

NOTE = "the lodger of room nine"


@pytest.fixture
def rules(tmp_path):
    """A copy of the rules that ship."""
    return shutil.copytree(ROOT / "rules", tmp_path / "rules")


def edit(rules, before: str, after: str):
    """As editors do: the new file is put in the old one's place."""
    path = rules / "redact.lua"
    text = path.read_text()
    assert before in text
    other = path.with_suffix(".new")
    other.write_text(text.replace(before, after, 1))
    other.rename(path)


def hide_notes(rules):
    edit(rules, "hide = {", 'hide = {\n    match.names { "note" },')


def hides_notes(host, sink) -> bool:
    """Whether a span that is sent now comes out without its note."""
    request = make_request(1, name="probe", note=NOTE)
    assert post(host.http, request.SerializeToString()).status == 200
    span_id = request.resource_spans[0].scope_spans[0].spans[0].span_id
    found = []

    def has_arrived() -> bool:
        found.extend(span for arrival in sink.arrivals for span in arrival.spans if span.span_id == span_id)
        return bool(found)

    sink.wait(has_arrived, 10)
    value = next(pair.value.string_value for pair in found[0].attributes if pair.key == "note")
    assert value in (NOTE, "[REDACTED]")
    return value == "[REDACTED]"


def is_about(entry: dict, file: str, line: str | None = None) -> bool:
    return entry.get("file") == file and line in (None, entry["line"])


def test_an_edit_under_load_takes_effect_and_no_span_is_lost(serve, make_sink, rules):
    sink = make_sink("http")
    host = serve(sink, rules=rules, rules__watch_interval="200ms")
    loads = [Load(host.http, "http", note=NOTE, pause=0.005), Load(host.grpc, "grpc", note=NOTE, pause=0.005)]
    for load in loads:
        load.wait_for(acknowledged=100)
    hide_notes(rules)
    host.wait(lambda: hides_notes(host, sink), "the edit to take effect", 20)
    edited = {load: len(load.acknowledged) for load in loads}
    for load in loads:
        load.wait_for(acknowledged=edited[load] + 100)
        load.stop()
    host.wait_until_settled()

    assert not any(load.unanswered for load in loads)
    counts = sink.counts()
    assert set(counts.values()) == {1}
    assert set().union(*(load.acknowledged for load in loads)) <= counts.keys()
    # No batch was made by two sets of rules.
    for arrival in sink.arrivals:
        notes = {pair.value.string_value for span in arrival.spans for pair in span.attributes if pair.key == "note"}
        assert len(notes) == 1


def test_a_broken_edit_changes_nothing_and_is_told_with_its_line(serve, make_sink, rules):
    sink = make_sink("http")
    host = serve(sink, rules=rules, rules__watch_interval="200ms")
    hide_notes(rules)
    host.wait(lambda: hides_notes(host, sink), "the edit to take effect", 20)
    with_load = Load(host.http, "http", note=NOTE)
    # The line that hides notes is gone, and the file is broken: the notes stay hidden.
    edit(rules, 'match.names { "note" },', "match.nmaes {,")
    host.wait(lambda: any(is_about(entry, "redact.lua", "5") for entry in host.log), "the failure to be told", 20)
    told = len(host.log)
    for _ in range(3):
        assert hides_notes(host, sink)
        time.sleep(0.2)
    assert host.get("/ready")[0] == 200
    # It is told once, not at every look.
    assert not any(is_about(entry, "redact.lua") for entry in host.log[told:])

    edit(rules, "match.nmaes {,", "")
    host.wait(lambda: not hides_notes(host, sink), "the mended rules to take effect", 20)
    with_load.stop()
    host.wait_until_settled()
    assert with_load.acknowledged <= sink.counts().keys()
    assert set(sink.counts().values()) == {1}


def test_rules_whose_own_tests_fail_are_not_taken(serve, make_sink, rules):
    sink = make_sink("http")
    host = serve(sink, rules=rules, rules__watch_interval="200ms")
    edit(rules, '"jwt", ', "")
    host.wait(lambda: "redact.test.lua" in host.said, "the failure to be told", 20)
    token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYWRlLXVwIn0.bm8tc2lnbmF0dXJl"
    assert post(host.http, make_request(1, seen=f"got {token} there").SerializeToString()).status == 200
    sink.wait_for_spans(1)
    assert token.encode() not in sink.bytes


def test_a_hangup_reads_the_rules_at_once(serve, make_sink, rules):
    sink = make_sink("http")
    host = serve(sink, rules=rules, rules__watch_interval="0s")
    hide_notes(rules)
    time.sleep(1)
    assert not hides_notes(host, sink)
    host.process.send_signal(signal.SIGHUP)
    host.wait(lambda: hides_notes(host, sink), "the edit to take effect", 20)


def test_the_file_system_tells_of_edits(serve, make_sink, rules):
    sink = make_sink("http")
    host = serve(sink, rules=rules, rules__watch_interval="1h")
    hide_notes(rules)
    host.wait(lambda: hides_notes(host, sink), "the edit to take effect", 20)
    for number in range(20):
        before = host.metrics().sum("processor_host_rule_set_number")
        with (rules / "redact.lua").open("a") as file:
            file.write(f"-- {number}\n")
        host.wait(lambda: host.metrics().sum("processor_host_rule_set_number") > before, "the edit to be in force", 20)
    # One watch at a time, which no child of the host would have.
    descriptors = Path(f"/proc/{host.process.pid}/fd")
    if descriptors.exists():
        watches = [each for each in descriptors.iterdir() if "inotify" in os.readlink(each)]
        assert len(watches) <= 1
        for watch in watches:
            flags = Path(f"/proc/{host.process.pid}/fdinfo/{watch.name}").read_text().split("flags:")[1].split()[0]
            assert int(flags, 8) & os.O_CLOEXEC


def ask(host, method: str, path: str, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(host.addresses["admin"], timeout=60)
    try:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_a_request_reads_the_rules_at_once_and_is_told_the_outcome(serve, make_sink, rules):
    sink = make_sink("http")
    host = serve(sink, rules=rules, rules__watch_interval="0s")

    def reload() -> tuple[int, dict]:
        status, body = ask(host, "POST", "/rules/reload")
        # What came of the configuration file stands there too, and test_run_settings.py is about it.
        answer = json.loads(body)
        assert answer.pop("settings")["outcome"] == "unchanged"
        return status, answer

    def shown() -> dict:
        return json.loads(host.get("/rules")[1])

    first = shown()
    assert reload() == (200, {"outcome": "unchanged", "number": 1, "digest": first["digest"]})
    hide_notes(rules)
    status, answer = reload()
    second = shown()
    assert (status, answer) == (200, {"outcome": "swapped", "number": 2, "digest": second["digest"], "hiddenAgain": 0})
    assert second["digest"] != first["digest"] and "refused" not in second
    assert hides_notes(host, sink)

    edit(rules, 'match.names { "note" },', "match.nmaes {,")
    for _ in range(2):
        status, answer = reload()
        assert (status, answer["outcome"], answer["number"]) == (409, "failed", 2)
        assert answer["digest"] == second["digest"]
        error = answer["refused"]["errors"][0]
        assert (error["file"], error["line"], error["source"]) == ("redact.lua", 5, "match.nmaes {,")
    both = shown()
    assert both["digest"] == second["digest"] and both["rules"] == second["rules"]
    assert both["refused"] == answer["refused"] and both["refused"]["digest"] not in (first["digest"], second["digest"])
    assert host.get("/ready")[0] == 200
    host.process.send_signal(signal.SIGHUP)
    host.wait(lambda: "are still wrong" in host.said, "the hangup to be answered", 20)

    away = rules.rename(rules.with_name("away"))
    status, answer = reload()
    assert (status, answer["outcome"]) == (409, "failed") and "digest" not in answer["refused"]
    away.rename(rules)
    edit(rules, "match.nmaes {,", 'match.names { "note" },')
    assert reload() == (200, {"outcome": "restored", "number": 2, "digest": second["digest"]})
    assert shown() == second

    edit(rules, 'match.names { "note" },', "")
    assert ask(host, "GET", "/rules/reload")[0] == 405
    assert ask(host, "POST", "/rules/reload", Origin="http://example.org")[0] == 403
    assert shown() == second
    assert hides_notes(host, sink)


@pytest.mark.parametrize("backend", ["http", "grpc"])
def test_spans_that_wait_are_hidden_by_the_rules_that_come_meanwhile(serve, make_sink, rules, backend):
    sink = make_sink(backend)
    host = serve(sink, rules=rules, rules__watch_interval="0s", queue__max_batch_spans=8)
    before = json.loads(host.get("/rules")[1])["digest"]
    sink.judge = lambda _: Busy()
    for _ in range(10):
        assert post(host.http, make_request(5, note=NOTE).SerializeToString()).status == 200
    sink.wait_for_requests(2)
    host.wait(lambda: host.ledger().gathered == 0, "all spans to be in batches")
    hide_notes(rules)
    status, body = ask(host, "POST", "/rules/reload")
    answer = json.loads(body)
    assert (status, answer["outcome"], answer["hiddenAgain"]) == (200, "swapped", 50)
    entry = next(entry for entry in host.log if "are in force" in entry["message"])
    assert entry["hidden_again"] == "50"
    # What was on its way when the answer came was sent as it was; nothing is after that.
    time.sleep(1)
    told = len(sink.arrivals)
    sink.judge = lambda _: None
    sink.wait_for_spans(50)
    host.wait_until_settled()

    assert set(sink.counts().values()) == {1} and len(sink.counts()) == 50
    assert any(NOTE.encode() in arrival.body for arrival in sink.arrivals[:told])
    assert not any(NOTE.encode() in arrival.body for arrival in sink.arrivals[told:])
    assert {pair.value.string_value for span in sink.spans for pair in span.attributes} == {"[REDACTED]"}
    stamps = {
        pair.value.string_value
        for arrival in sink.taken
        for part in arrival.request.resource_spans
        for scope in part.scope_spans
        for pair in scope.scope.attributes
    }
    assert stamps == {before} and answer["digest"] != before
    metrics = host.metrics()
    assert metrics.sum("processor_host_spans_hidden_again_total") == 50
    assert metrics.sum("processor_host_exporter_queue_bytes") == 0
