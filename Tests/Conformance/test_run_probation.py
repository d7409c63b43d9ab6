"""Rules that pass their tests and are worse on live traffic: they are rolled back, nothing that was hidden shows, and a
person decides."""

import json
import os
import shutil
import subprocess
import time

import pytest

from clients import Load, make_request, post
from conftest import ROOT
from host import DONE, REFUSED
from test_run_settings import configure

NOTE = "the lodger of room nine"
# A hook that works, one that fails on spans with `items`, and one that costs hundreds of times as much.
WORKS = "span.attributes.work = 1"
FAILS = "span.attributes.work = span.attributes.items + 1"
DEAR = "local sum = 0 for number = 1, 3000 do sum = sum + number end span.attributes.work = sum"
HIDES = 'hide = { match.names { "note" } },'


def rule(body: str, hide: str = "") -> str:
    return f"""return rule {{
  about = "Does some work for a span.",
  {hide}
  can = {{ read = {{ "attributes.items" }}, set = {{ work = "integer" }} }},
  on_span = function(span)
    {body}
  end,
}}
"""


@pytest.fixture
def rules(tmp_path):
    """The rules that ship, and one more."""
    rules = shutil.copytree(ROOT / "rules", tmp_path / "rules")
    chain = (rules / "chain.lua").read_text()
    assert '"slow_trace", ' in chain
    (rules / "chain.lua").write_text(chain.replace('"slow_trace", ', '"work", "slow_trace", '))
    (rules / "work.lua").write_text(rule(WORKS))
    (rules / "work.test.lua").write_text('test "works" { given = span {}, expect = span { attributes = { work = 1 } } }\n')
    return rules


@pytest.fixture
def run(executable, tmp_path):
    def run(*arguments, status=DONE):
        done = subprocess.run([executable, *map(str, arguments)], capture_output=True, cwd=tmp_path, timeout=60)
        assert done.returncode == status, done.stdout.decode() + done.stderr.decode()
        return done.stdout.decode() + done.stderr.decode()

    return run


@pytest.fixture
def audit(tmp_path):
    (tmp_path / "log").mkdir()
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys/audit.key").write_text(bytes(range(32)).hex())
    os.chmod(tmp_path / "keys/audit.key", 0o600)
    return {
        "rules__audit_log": str(tmp_path / "log/rules.jsonl"), "rules__audit_log_key": str(tmp_path / "keys/audit.key"),
    }  # fmt: skip


@pytest.fixture
def load():
    """Spans that come all the time; those that a test forgets end with it."""
    loads = []

    def load(host, **attributes):
        loads.append(Load(host.http, "http", pause=0.01, **({"note": NOTE, "items": "many"} | attributes)))
        return loads[-1]

    yield load
    for each in loads:
        each.stop()


def write(path, text: str):
    """As editors do: the new file is put in the old one's place."""
    other = path.with_suffix(".new")
    other.write_text(text)
    other.rename(path)


def fail(rules, hide=HIDES):
    """A set that passes its tests and fails on spans with `items`; it also hides notes."""
    body = f"if span.attributes.items == nil then {WORKS} else {FAILS} end"
    write(rules / "work.lua", rule(body, hide))


def show(host) -> dict:
    return json.loads(host.get("/rules")[1])


def gauge(host, name: str, **labels) -> float:
    return host.metrics().sum(f"processor_host_{name}", **labels)


def events(tmp_path) -> list[dict]:
    return [json.loads(line) for line in (tmp_path / "log/rules.jsonl").read_text().splitlines()]


def kinds(tmp_path) -> list[str]:
    return [event["event"] for event in events(tmp_path)]


def hides_notes(host, sink) -> bool:
    """Whether a span that is sent now comes out without its note. It is one that no rule fails on."""
    request = make_request(1, name="probe", note=NOTE)
    assert post(host.http, request.SerializeToString()).status == 200
    span_id = request.resource_spans[0].scope_spans[0].spans[0].span_id
    found = []

    def has_arrived() -> bool:
        found.extend(span for arrival in sink.arrivals for span in arrival.spans if span.span_id == span_id)
        return bool(found)

    sink.wait(has_arrived, 20)
    value = next(pair.value.string_value for pair in found[0].attributes if pair.key == "note")
    assert value in (NOTE, "[REDACTED]")
    return value == "[REDACTED]"


def decide(run, host, what: str, status=DONE) -> str:
    return run("rules", what, "--admin", host.addresses["admin"], status=status)


def wait_for_rollback(host, count=1, **labels):
    host.wait(lambda: gauge(host, "rule_rollbacks_total", **labels) == count, f"rollback {count}", 60)


def wait_until_proven(host):
    host.wait(lambda: gauge(host, "rules_on_probation") == 0, "the probation to be passed", 60)


PROBATION = {"rules__watch_interval": "100ms", "rules__probation": "2s"}


def test_a_set_that_fails_on_live_spans_is_rolled_back_and_what_it_hid_stays_hidden(
    serve, make_sink, rules, load, audit, tmp_path, run
):
    sink = make_sink("http")
    host = serve(sink, rules=rules, **PROBATION, **audit)
    load(host)
    wait_until_proven(host)
    first = show(host)["digest"]
    assert not hides_notes(host, sink) and "probation" not in show(host)

    fail(rules)
    wait_for_rollback(host)
    page = show(host)
    failed = page["refused"]["digest"]
    # What runs is what ran before; the files are told of as what they are.
    assert page["digest"] == first != failed and page["number"] == 3
    assert page["rolledBack"]["digest"] == failed and "probation" not in page
    assert "work.lua:6" in page["rolledBack"]["reason"] and "work.lua:3" in page["rolledBack"]["hidden"][0]
    assert "processor-host rules accept" in page["refused"]["errors"][0]["message"]
    assert gauge(host, "rules_kept_hiding") == 1 and gauge(host, "rules_failing") == 1
    assert host.get("/ready")[0] == 200
    assert any(entry["message"].startswith("the rules were rolled back") for entry in host.log)
    assert hides_notes(host, sink)
    failures = gauge(host, "rule_failures_total")
    time.sleep(1)
    assert gauge(host, "rule_failures_total") == failures
    # From the first span under the edit on, no note has left.
    assert hides_notes(host, sink)

    # A person lets the old set run alone. The files are what they are, and are not tried again.
    assert first in decide(run, host, "revert")
    assert not hides_notes(host, sink)
    assert gauge(host, "rules_kept_hiding") == 0 and "rolledBack" not in show(host)
    time.sleep(0.5)
    assert show(host)["digest"] == first and gauge(host, "rules_failing") == 1
    for decision in ["accept", "revert"]:
        assert "nothing to decide" in decide(run, host, decision, status=REFUSED)

    told = events(tmp_path)
    assert kinds(tmp_path) == ["start", "confirmation", "swap", "rollback", "reversion"]
    assert (told[3]["digest"], told[3]["before"]) == (first, failed) and "work.lua:6" in told[3]["reason"]
    assert (told[4]["digest"], told[4]["before"]) == (first, failed)


def test_a_rule_that_costs_much_more_is_rolled_back(serve, make_sink, rules, load):
    host = serve(make_sink("http"), rules=rules, **PROBATION)
    load(host)
    wait_until_proven(host)
    host.wait(lambda: gauge(host, "rule_calls_total", rule="work") > 1500, "enough calls to compare with")
    first = show(host)["digest"]
    (rules / "work.test.lua").unlink()
    write(rules / "work.lua", rule(DEAR))
    wait_for_rollback(host, reason="cost")
    assert show(host)["digest"] == first
    assert "work takes" in show(host)["rolledBack"]["reason"]


def test_an_edit_that_holds_passes_and_one_that_is_rolled_back_is_not_tried_again(serve, make_sink, rules, load):
    sink = make_sink("http")
    host = serve(sink, rules=rules, **PROBATION)
    load(host)
    wait_until_proven(host)
    fail(rules)
    broken = (rules / "work.lua").read_text()
    wait_for_rollback(host)
    number = show(host)["number"]
    old = show(host)["digest"]

    # Something writes the old and the broken rule in turn.
    for _ in range(3):
        write(rules / "work.lua", rule(WORKS))
        host.wait(lambda: gauge(host, "rules_failing") == 0, "the old files to be seen")
        write(rules / "work.lua", broken)
        host.wait(lambda: gauge(host, "rules_failing") == 1, "the broken files to be seen")
    assert show(host)["number"] == number and show(host)["digest"] == old
    # To put the old files back decides nothing.
    write(rules / "work.lua", rule(WORKS))
    host.wait(lambda: gauge(host, "rules_failing") == 0, "the old files to be seen")
    assert hides_notes(host, sink)

    # Another set does, once it is proven. Until then what is hidden stays so.
    write(rules / "work.lua", "-- mended\n" + rule(WORKS))
    host.wait(lambda: show(host)["digest"] != old, "the edit to run")
    assert hides_notes(host, sink)
    host.wait(lambda: "rolledBack" not in show(host), "the edit to be proven", 60)
    assert not hides_notes(host, sink) and gauge(host, "rules_kept_hiding") == 0
    assert gauge(host, "rule_rollbacks_total") == 1
    mended = show(host)["digest"]
    write(rules / "work.lua", broken)
    host.wait(lambda: gauge(host, "rules_failing") == 1, "the broken files to be refused")
    assert show(host)["digest"] == mended and gauge(host, "rule_rollbacks_total") == 1


def test_of_two_edits_in_a_row_neither_runs_if_the_second_fails(serve, make_sink, rules, load):
    host = serve(make_sink("http"), rules=rules, rules__watch_interval="100ms", rules__probation="4s")
    load(host)
    wait_until_proven(host)
    first = show(host)["digest"]
    write(rules / "work.lua", "-- nothing else\n" + rule(WORKS))
    host.wait(lambda: show(host)["number"] == 2, "the first edit to run")
    fail(rules)
    wait_for_rollback(host)
    # The one in between has not passed either.
    assert show(host)["number"] == 4 and show(host)["digest"] == first


def test_a_person_can_have_the_set_run_that_was_rolled_back(serve, make_sink, rules, load, run, audit, tmp_path):
    sink = make_sink("http")
    host = serve(sink, rules=rules, **PROBATION, **audit)
    load(host)
    wait_until_proven(host)
    fail(rules, hide="")
    broken = (rules / "work.lua").read_text()
    wait_for_rollback(host)
    failed = show(host)["rolledBack"]["digest"]
    # Not in the place of other files.
    write(rules / "work.lua", rule("broken"))
    assert "no longer those" in decide(run, host, "accept", status=REFUSED)
    write(rules / "work.lua", broken)
    host.wait(lambda: show(host)["refused"]["digest"] == failed, "the files to be seen")
    assert failed in decide(run, host, "accept")
    page = show(host)
    assert page["digest"] == failed and "rolledBack" not in page and "refused" not in page and "probation" not in page
    time.sleep(2)
    # It fails as before, and stays: that was decided.
    assert show(host)["digest"] == failed and gauge(host, "rule_rollbacks_total") == 1
    assert [kind for kind in kinds(tmp_path) if kind != "refusal"] == [
        "start", "confirmation", "swap", "rollback", "acceptance"
    ]  # fmt: skip


def test_a_host_that_starts_with_files_that_were_rolled_back_remembers_it(serve, make_sink, rules, load, run, tmp_path):
    sink = make_sink("http")
    settings = PROBATION | {"rules__last_good": str(tmp_path / "kept")}
    host = serve(sink, rules=rules, **settings)
    spans = load(host)
    wait_until_proven(host)
    first = show(host)["digest"]
    fail(rules)
    wait_for_rollback(host)
    failed = show(host)["rolledBack"]["digest"]
    spans.stop()
    host.wait_until_settled()
    assert host.stop() == 0

    host = serve(sink, rules=rules, **settings)
    load(host)
    page = show(host)
    assert page["digest"] == first and "kept/current" in page["source"]
    assert page["rolledBack"]["digest"] == failed
    assert any("rolled back" in entry.get("error", "") for entry in host.log)
    assert hides_notes(host, sink)
    host.wait(lambda: gauge(host, "rules_failing") == 1, "the files to be told of")
    # Its own probation decides nothing about what was rolled back.
    wait_until_proven(host)
    assert hides_notes(host, sink)
    assert failed in decide(run, host, "accept")
    assert show(host)["digest"] == failed
    host.stop()


def test_files_that_were_edited_while_the_host_was_down_are_tried_with_what_stays_hidden(
    serve, make_sink, rules, load, tmp_path
):
    sink = make_sink("http")
    settings = PROBATION | {"rules__last_good": str(tmp_path / "kept")}
    host = serve(sink, rules=rules, **settings)
    spans = load(host)
    wait_until_proven(host)
    fail(rules)
    wait_for_rollback(host)
    spans.stop()
    host.wait_until_settled()
    host.stop()
    write(rules / "work.lua", "-- mended\n" + rule(WORKS))
    host = serve(sink, rules=rules, **settings)
    assert show(host)["source"] == str(rules) and "rolledBack" in show(host)
    assert hides_notes(host, sink)
    load(host)
    host.wait(lambda: "rolledBack" not in show(host), "the edit to be proven", 60)
    assert not hides_notes(host, sink)
    memory = tmp_path / "kept/rollback.json"
    host.wait(lambda: json.loads(memory.read_text()).get("pending") is None, "the decision to be remembered", 30)


def test_nothing_is_kept_and_no_floor_rises_before_the_probation_is_passed(
    serve, make_sink, rules, load, run, audit, tmp_path
):
    keys = tmp_path / "keys"
    run("keygen", keys / "alice")
    run("counter", "--first-use", tmp_path / "floor")

    def sign(counter: int):
        run("sign", rules, "--key", keys / "alice.key", "--counter", counter)

    def floor() -> int:
        return int(run("counter", tmp_path / "floor"))

    def kept() -> str:
        link = tmp_path / "kept/current"
        return os.readlink(link) if link.is_symlink() else ""

    sign(7)
    sink = make_sink("http")
    host = serve(
        sink, rules=rules, rules__approval="signature", rules__approval_keys=[str(keys / "alice.pub")],
        rules__approval_counter=str(tmp_path / "floor"), rules__last_good=str(tmp_path / "kept"), **PROBATION, **audit,
    )  # fmt: skip
    assert floor() == 0 and kept() == ""
    load(host)
    wait_until_proven(host)
    first = show(host)["digest"]
    assert floor() == 7 and kept() == first

    fail(rules)
    sign(8)
    wait_for_rollback(host)
    assert floor() == 7 and kept() == first and show(host)["approval"] == "signed by alice with counter 7"

    # Nobody who cannot sign can take away what stays hidden: an edit that is no tighter than that waits.
    write(rules / "work.lua", rule(WORKS))
    (rules / "lists/secret_words.txt").write_text((rules / "lists/secret_words.txt").read_text() + "# a comment\n")
    host.wait(lambda: show(host)["refused"]["digest"] != show(host)["rolledBack"]["digest"], "the edit to be refused")
    assert "not approved" in json.dumps(show(host)["refused"]) and hides_notes(host, sink)
    sign(9)
    host.wait(lambda: "refused" not in show(host), "the signature to be seen")
    host.wait(lambda: floor() == 9, "the edit to be proven", 60)
    host.wait(lambda: "rolledBack" not in show(host), "the rollback to be over")
    assert kept() == show(host)["digest"] and not hides_notes(host, sink)


def test_a_set_that_has_not_passed_is_not_proven_by_a_rollback_to_it(serve, make_sink, rules, load, run, tmp_path):
    run("keygen", tmp_path / "alice")
    run("counter", "--first-use", tmp_path / "floor")
    run("sign", rules, "--key", tmp_path / "alice.key", "--counter", 7)
    host = serve(
        make_sink("http"), rules=rules, rules__approval="signature",
        rules__approval_keys=[str(tmp_path / "alice.pub")], rules__approval_counter=str(tmp_path / "floor"),
        **PROBATION | {"rules__probation": "12s"},
    )  # fmt: skip
    load(host)
    fail(rules)
    run("sign", rules, "--key", tmp_path / "alice.key", "--counter", 8)
    wait_for_rollback(host)
    assert int(run("counter", tmp_path / "floor")) == 0 and gauge(host, "rules_on_probation") == 1
    host.wait(lambda: int(run("counter", tmp_path / "floor")) == 7, "the first set to pass", 90)
    assert gauge(host, "rules_on_probation") == 0 and "rolledBack" in show(host)


def test_without_a_probation_every_set_counts_at_once(serve, make_sink, rules, load, run, tmp_path):
    host = serve(
        make_sink("http"), rules=rules, rules__probation="0s", rules__watch_interval="100ms",
        rules__last_good=str(tmp_path / "kept"),
    )  # fmt: skip
    load(host)
    fail(rules)
    host.wait(lambda: show(host)["number"] == 2, "the edit to run")
    digest = show(host)["digest"]
    host.wait(lambda: os.readlink(tmp_path / "kept/current") == digest, "the edit to be kept")
    host.wait(lambda: gauge(host, "rule_failures_total") > 100, "failures")
    time.sleep(1)
    assert show(host)["number"] == 2 and gauge(host, "rules_on_probation") == 0
    assert "nothing to decide" in decide(run, host, "revert", status=REFUSED)


def test_rules_that_fail_from_the_start_are_told_of_and_stay(serve, make_sink, rules, load, tmp_path):
    fail(rules)
    host = serve(make_sink("http"), rules=rules, rules__last_good=str(tmp_path / "kept"), **PROBATION)
    load(host)
    host.wait(lambda: any("none that ran before" in entry["message"] for entry in host.log), "it to be told", 60)
    assert show(host)["number"] == 1 and not (tmp_path / "kept/current").exists()
    assert gauge(host, "rule_rollbacks_total") == 0


def signature(rules, run, tmp_path):
    """How a set is signed, and the settings of a host that asks for it."""
    keys = tmp_path / "keys"
    keys.mkdir()
    run("keygen", keys / "alice")
    run("counter", "--first-use", tmp_path / "floor")

    def sign(counter: int):
        run("sign", rules, "--key", keys / "alice.key", "--counter", counter)

    return sign, PROBATION | {
        "rules__approval": "signature", "rules__approval_keys": [str(keys / "alice.pub")],
        "rules__approval_counter": str(tmp_path / "floor"), "rules__last_good": str(tmp_path / "kept"),
    }  # fmt: skip


def tighten(rules):
    text = (rules / "redact.lua").read_text()
    write(rules / "redact.lua", text.replace("hide = {", 'hide = { match.names { "note" },'))


def test_a_start_with_the_rules_that_ran_last_decides_nothing_also_where_others_ran_after_the_rollback(
    serve, make_sink, rules, load, run, tmp_path
):
    sink = make_sink("http")
    sign, settings = signature(rules, run, tmp_path)
    sign(7)
    host = serve(sink, rules=rules, **settings)
    spans = load(host)
    wait_until_proven(host)
    signed = show(host)["digest"]
    # What was tightened and not approved runs, and is not kept.
    tighten(rules)
    host.wait(lambda: show(host)["number"] == 2, "the tightened set to run")
    wait_until_proven(host)
    tightened = show(host)["digest"]
    fail(rules, 'hide = { match.names { "other" } },')
    sign(8)
    wait_for_rollback(host)
    assert show(host)["digest"] == tightened and hides_notes(host, sink)
    spans.stop()
    host.wait_until_settled()
    assert host.stop() == 0

    host = serve(sink, rules=rules, **settings)
    assert show(host)["digest"] == signed and "rolledBack" in show(host)
    load(host)
    wait_until_proven(host)
    time.sleep(1)
    assert hides_notes(host, sink) and "rolledBack" in show(host)
    decide(run, host, "revert")
    assert not hides_notes(host, sink)


def test_a_set_that_has_never_passed_does_not_by_being_written_back(serve, make_sink, rules, load, run, tmp_path):
    sign, settings = signature(rules, run, tmp_path)
    sign(7)
    host = serve(make_sink("http"), rules=rules, **settings)
    first = (rules / "redact.lua").read_text()
    tighten(rules)
    host.wait(lambda: show(host)["number"] == 2, "the edit to run")
    write(rules / "redact.lua", first)
    host.wait(lambda: show(host)["number"] == 3, "the first set to run")
    assert "probation" in show(host)
    assert int(run("counter", tmp_path / "floor")) == 0 and not (tmp_path / "kept/current").is_symlink()
    load(host)
    wait_until_proven(host)
    assert int(run("counter", tmp_path / "floor")) == 7 and (tmp_path / "kept/current").is_symlink()


def test_a_set_whose_hiding_is_too_much_beside_that_of_the_one_before_goes_on(serve, make_sink, rules, load):
    def patterns(name: str) -> str:
        return "hide = { " + ", ".join(f'match.patterns {{ "{name}_{n}_[a-z]+" }}' for n in range(35)) + " },"

    write(rules / "work.lua", rule(WORKS, patterns("one")))
    host = serve(make_sink("http"), rules=rules, **PROBATION)
    load(host)
    wait_until_proven(host)
    fail(rules, patterns("two"))
    host.wait(lambda: any("cannot be rolled back" in entry["message"] for entry in host.log), "it to be told", 60)
    assert show(host)["number"] == 2 and gauge(host, "rule_rollbacks_total") == 0


def test_settings_for_the_set_that_fails_do_not_keep_it_from_being_rolled_back(
    serve, make_sink, rules, load, run, tmp_path
):
    sink = make_sink("http")
    settings = {"rules__watch_interval": "100ms", "rules__probation": "3s", "rules__last_good": str(tmp_path / "kept")}
    host = serve(sink, rules=rules, **settings)
    spans = load(host)
    wait_until_proven(host)
    first = show(host)["digest"]
    # Fails on spans that are longer than the setting says.
    body = f"if span.attributes.items == nil or span.duration < settings.limit then {WORKS} else {FAILS} end"
    reads = '"attributes.items", "duration"'
    text = rule(body, HIDES).replace('"attributes.items"', reads)
    write(rules / "work.lua", 'local settings = settings { limit = duration "1h" }\n' + text)
    host.wait(lambda: show(host)["number"] == 2, "the edit to run")
    configure(host, rules__settings={"work.limit": "0s"})
    wait_for_rollback(host)
    assert show(host)["digest"] == first and hides_notes(host, sink)
    spans.stop()
    host.wait_until_settled()
    assert host.stop() == 0
    # Nor the rules that ran last from starting.
    given = {"work.limit": "0s"}
    host = serve(sink, rules=rules, rules__settings=given, **settings)
    assert show(host)["digest"] == first and hides_notes(host, sink)
    decide(run, host, "revert")
    assert show(host)["digest"] == first and not hides_notes(host, sink)


def test_a_set_of_which_no_batch_was_timed_is_not_one_that_cost_nothing(serve, make_sink, rules):
    host = serve(make_sink("http"), rules=rules, queue__max_spans=100_000, **PROBATION)

    def send(requests: int):
        for _ in range(requests):
            request = make_request(512, blob="x" * 8000)
            assert post(host.http, request.SerializeToString()).status == 200

    send(4)
    write(rules / "work.lua", "-- nothing else\n" + rule(WORKS))
    host.wait(lambda: show(host)["number"] == 2, "the edit to run")
    send(24)
    time.sleep(1)
    assert gauge(host, "rule_rollbacks_total") == 0
