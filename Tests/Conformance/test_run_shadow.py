"""A candidate that is tried beside the rules in force: what it would change is counted, and promoting makes it run."""

import http.client
import json
import os
import shutil
import subprocess

import pytest

from clients import make_request, post
from conftest import ROOT
from host import BAD_RULE, DONE, REFUSED, USAGE

SECRET = "the lodger of room nine"
DROPS = """return rule {
  about = "Drops probes.",
  can = { read = { "name" }, drop = { "a probe" } },
  on_span = function(span)
    if span.name == "probe" then span:drop "a probe" end
  end,
}
"""


@pytest.fixture
def rules(tmp_path):
    return shutil.copytree(ROOT / "rules", tmp_path / "rules")


@pytest.fixture
def candidate(tmp_path):
    return shutil.copytree(ROOT / "rules", tmp_path / "candidate")


@pytest.fixture
def start(serve, make_sink, rules, candidate):
    """A host with a candidate, and its backend."""

    def start(**settings):
        sink = make_sink("http")
        host = serve(
            sink, rules=settings.pop("rules", rules), rules__shadow=str(candidate), rules__watch_interval="100ms",
            **{"rules__shadow_budget": 1.0} | settings,
        )  # fmt: skip
        return host, sink

    return start


@pytest.fixture
def ask(executable):
    """Runs `processor-host rules …` for a host."""

    def ask(host, *arguments, status=DONE) -> str:
        command = [executable, "rules", *map(str, arguments), "--admin", host.addresses["admin"]]
        done = subprocess.run(command, capture_output=True, timeout=120)
        text = done.stdout.decode() + done.stderr.decode()
        assert done.returncode == status, text
        return text

    return ask


@pytest.fixture
def run(executable, tmp_path):
    def run(*arguments):
        done = subprocess.run([executable, *map(str, arguments)], capture_output=True, cwd=tmp_path, timeout=60)
        assert done.returncode == DONE, done.stderr.decode()

    return run


def edit(folder, before: str, after: str, file="redact.lua"):
    path = folder / file
    text = path.read_text()
    assert before in text
    other = path.with_suffix(".new")
    other.write_text(text.replace(before, after, 1))
    other.rename(path)


def hide_more(folder):
    edit(folder, "    match.text {", '    match.names { "zebra" },\n    match.text {')


def hide_less(folder):
    edit(folder, '"webhook.body", ', "")


def files(folder) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def report(host) -> dict:
    status, body = host.get("/rules/shadow")
    assert status == 200
    return json.loads(body)


def wait_for(host, state: str, **others) -> dict:
    def is_so() -> bool:
        page = report(host)
        return page["state"] == state and all(page.get(name) == value for name, value in others.items())

    host.wait(is_so, f"the candidate to be {state} {others}", 60)
    return report(host)


def send(host, count=1, name="work", **attributes: str) -> None:
    assert post(host.http, make_request(count, name=name, **attributes).SerializeToString()).status == 200


def compared(host, spans: int) -> dict[tuple[str, str], dict]:
    """The changes by kind and path, once so many spans have been compared."""
    host.wait(lambda: report(host)["spans"] == spans, f"{spans} spans to be compared", 60)
    return {(change["kind"], change["path"]): change for change in report(host)["changes"]}


def number(host) -> int:
    return json.loads(host.get("/rules")[1])["number"]


def promote(host, query="", method="POST", **headers) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(host.addresses["admin"], timeout=60)
    try:
        connection.request(method, f"/rules/promote{query}", headers=headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def exported(sink, key: str) -> set[str]:
    spans = [span for arrival in sink.arrivals for span in arrival.spans]
    return {pair.value.string_value for span in spans for pair in span.attributes if pair.key == key}


# MARK: Shadow


def test_a_candidate_that_hides_more_is_counted_and_touches_nothing(start, ask, rules, candidate):
    hide_more(candidate)
    before = files(rules) | files(candidate)
    host, sink = start()
    page = wait_for(host, "comparing")
    assert page["verdict"] == "tighter" and page["live"] != page["candidate"] and page["spans"] == 0
    send(host, 3, zebra=SECRET)
    send(host, 2, other="x")
    changes = compared(host, 5)
    assert set(changes) == {("newly hidden", "attributes.zebra")}
    change = changes["newly hidden", "attributes.zebra"]
    assert change["spans"] == 3 and change["amount"] == 3 * len(SECRET)
    assert change["reason"].startswith("redact.lua:") and change["reason"].endswith("names")

    # It is proven, so that the gate is open.
    for format in ["text", "markdown", "json"]:
        text = ask(host, "shadow", "--format", format)
        assert "attributes.zebra" in text and "lodger" not in text
    # What leaves is what the rules in force make of it.
    sink.wait(lambda: exported(sink, "zebra"), 10)
    assert exported(sink, "zebra") == {SECRET}
    metrics = host.metrics()
    assert metrics.sum("processor_host_shadow_spans_total", outcome="compared") == 5
    assert metrics.sum("processor_host_shadow_changes_total", kind="newly_hidden") == 3
    assert metrics.sum("processor_host_shadow_changes_total") == 3
    assert metrics.sum("processor_host_spans_received_total") == 5
    assert number(host) == 1 and files(rules) | files(candidate) == before


def test_a_candidate_that_shows_more_is_no_pass(start, ask, candidate):
    hide_less(candidate)
    host, sink = start()
    wait_for(host, "comparing", verdict="looser")
    send(host, 4, **{"webhook.body": SECRET})
    changes = compared(host, 4)
    assert changes["newly visible", "attributes.webhook.body"]["spans"] == 4
    assert changes["newly visible", "attributes.webhook.body"]["characters"] == ["letters", "other"]
    page = ask(host, "shadow", status=REFUSED)
    assert "newly visible" in page and "webhook.body" in page
    assert changes["newly visible", "attributes.webhook.body"]["reason"].startswith("redact.lua:")
    host.wait_until_settled()
    assert sink.arrivals and not exported(sink, "webhook.body")
    for text in [page, host.said, host.get("/rules/shadow")[1].decode(), host.metrics().text]:
        assert "lodger" not in text


def test_a_candidate_that_drops_tells_the_reason(start, ask, candidate):
    (candidate / "probes.lua").write_text(DROPS)
    edit(candidate, "chain { api = 1, ", 'chain { api = 1, "probes", ', file="chain.lua")
    host, sink = start()
    wait_for(host, "comparing", verdict="other")
    send(host, 2, name="probe")
    send(host, 3)
    changes = compared(host, 5)
    assert changes["newly dropped", "span"]["spans"] == 2
    assert changes["newly dropped", "span"]["reason"] == "dropped: a probe"
    # Code is not proven to show nothing.
    ask(host, "shadow", status=REFUSED)
    host.wait_until_settled()
    assert sum(len(arrival.spans) for arrival in sink.arrivals) == 5


def test_a_broken_candidate_is_told_and_mending_it_begins_anew(start, ask, candidate):
    hide_more(candidate)
    host, _ = start()
    first = wait_for(host, "comparing")["candidate"]
    edit(candidate, "match.names", "match.nmaes")
    page = wait_for(host, "failing")
    assert page["errors"][0]["file"] == "redact.lua" and page["errors"][0]["line"] > 0
    assert host.metrics().sum("processor_host_shadow_failing") == 1
    assert any(entry["level"] == "error" and "candidate" in entry["message"] for entry in host.log)
    assert "redact.lua" in ask(host, "shadow", status=BAD_RULE)
    assert promote(host)[0] == 409
    assert number(host) == 1 and host.metrics().sum("processor_host_rules_failing") == 0
    send(host, 1)
    edit(candidate, "match.nmaes", "match.names")
    wait_for(host, "comparing", candidate=first, spans=0)
    assert host.metrics().sum("processor_host_shadow_failing") == 0
    shutil.rmtree(candidate)
    wait_for(host, "absent")
    assert "no such directory" in ask(host, "shadow", status=REFUSED)
    assert promote(host)[0] == 409


def test_rules_whose_code_never_ends_hurt_nobody(start, candidate):
    loop = DROPS.replace('if span.name == "probe" then span:drop "a probe" end', "while span.name do end")
    (candidate / "probes.lua").write_text(loop)
    edit(candidate, "chain { api = 1, ", 'chain { api = 1, "probes", ', file="chain.lua")
    host, sink = start()
    wait_for(host, "comparing")
    send(host, 5)
    changes = compared(host, 5)
    assert changes["newly failing", "span"]["spans"] == 5
    assert changes["newly failing", "span"]["reason"].startswith("probes.lua:5")
    host.wait_until_settled()
    assert sum(len(arrival.spans) for arrival in sink.arrivals) == 5
    assert host.metrics().sum("processor_host_rule_failures_total") == 0


def test_a_candidate_that_is_no_file_at_all_holds_nothing_up(start, rules, candidate):
    hide_more(candidate)
    host, _ = start()
    wait_for(host, "comparing")
    (candidate / "lists/secret_words.txt").unlink()
    os.mkfifo(candidate / "lists/secret_words.txt")
    assert "pipe" in wait_for(host, "failing")["errors"][0]["message"]
    (candidate / "lists/secret_words.txt").unlink()
    os.symlink("/dev/zero", candidate / "lists/secret_words.txt")
    wait_for(host, "failing")
    (candidate / "lists/secret_words.txt").unlink()
    shutil.copy(rules / "lists/secret_words.txt", candidate / "lists")
    wait_for(host, "comparing")


def test_what_there_is_no_time_for_is_passed_over_and_the_rest_does_not_wait(start, candidate):
    hide_more(candidate)
    host, sink = start(rules__shadow_budget=0.01, queue__max_spans=100_000)
    wait_for(host, "comparing")
    for _ in range(150):
        send(host, 20, zebra=SECRET)
    host.wait_until_settled()
    assert sum(len(arrival.spans) for arrival in sink.arrivals) == 3000
    page = report(host)
    assert page["passedOver"] >= 20 and page["passedOver"] % 20 == 0
    # The others are compared, or wait.
    assert page["spans"] + page["passedOver"] <= 3000
    assert 3000 - page["spans"] - page["passedOver"] <= 65 * 20
    assert host.metrics().sum("processor_host_shadow_spans_total", outcome="passed_over") >= page["passedOver"]


def test_other_rules_in_force_begin_the_comparison_anew(start, rules, candidate):
    hide_more(candidate)
    host, _ = start()
    wait_for(host, "comparing")
    send(host, 1, zebra=SECRET)
    assert compared(host, 1)
    hide_less(rules)
    host.wait(lambda: number(host) == 2, "the edit to be in force")
    digest = json.loads(host.get("/rules")[1])["digest"]
    wait_for(host, "comparing", live=digest, spans=0)
    send(host, 1, **{"webhook.body": SECRET})
    assert set(compared(host, 1)) == {("newly hidden", "attributes.webhook.body")}


def test_a_host_without_a_candidate_says_so(serve, make_sink, ask):
    host = serve(make_sink("http"))
    assert report(host)["state"] == "off"
    assert "rules.shadow" in ask(host, "shadow", status=REFUSED)
    assert "rules.shadow" in ask(host, "promote", status=REFUSED)
    assert "shadow_" not in host.metrics().text


# MARK: Promote


def test_promoting_makes_the_candidate_run(start, ask, rules, candidate):
    hide_more(candidate)
    (candidate / "lists/more.txt").write_text("token\n")
    (rules / "README").write_text("no rule")
    (rules / "left.lua").write_text("return rule { about = 'Not in the chain.', hide = { match.names { 'x' } } }\n")
    host, sink = start()
    digest = wait_for(host, "comparing")["candidate"]
    send(host, 1, zebra="before")
    assert digest in ask(host, "promote", "--digest", digest)
    assert json.loads(host.get("/rules")[1])["digest"] == digest
    assert files(rules) == files(candidate) | {"README": b"no rule"}
    send(host, 1, zebra="after")
    host.wait_until_settled()
    assert exported(sink, "zebra") == {"before", "[REDACTED]"}
    wait_for(host, "same", candidate=digest, live=digest)
    assert ask(host, "shadow").startswith("The candidate is what runs")
    assert number(host) == 2
    # There is nothing left to promote.
    assert promote(host)[0] == 409


def test_only_what_was_compared_is_promoted(start, ask, rules, candidate):
    hide_more(candidate)
    before = files(rules)
    host, _ = start()
    digest = wait_for(host, "comparing")["candidate"]
    assert digest in ask(host, "promote", "--digest", "0" * 64, status=REFUSED)
    assert "--digest" in ask(host, "promote", "--digest", "0a", status=USAGE)
    assert promote(host, method="GET")[0] == 405
    assert promote(host, Origin="http://127.0.0.1")[0] == 403
    # One that loads and fails its tests.
    edit(candidate, '"webhook.payload", ', "")
    wait_for(host, "comparing", verdict="looser")
    assert "test" in ask(host, "promote", status=REFUSED)
    assert files(rules) == before and number(host) == 1
    assert host.metrics().sum("processor_host_rules_failing") == 0


def test_an_edit_that_is_not_in_force_is_not_lost(start, ask, rules, candidate):
    hide_more(candidate)
    host, _ = start()
    wait_for(host, "comparing")
    edit(rules, "match.text {", "match.txet {")
    host.wait(lambda: host.metrics().sum("processor_host_rules_failing") == 1, "the edit to be refused")
    before = files(rules)
    assert "edit" in ask(host, "promote", status=REFUSED)
    assert files(rules) == before


def test_a_directory_that_others_write_is_not_written(start, ask, rules, candidate, tmp_path):
    """As Kubernetes mounts a ConfigMap: each file a link to one in a directory that a link leads to."""
    hide_more(candidate)
    mounted = tmp_path / "mounted"
    (mounted / "lists").mkdir(parents=True)
    shutil.copytree(rules, mounted / "..2026")
    os.symlink("..2026", mounted / "..data")
    for name in files(rules):
        os.symlink(("../" if "/" in name else "") + f"..data/{name}", mounted / name)
    before = files(mounted)
    host, _ = start(rules=mounted)
    wait_for(host, "comparing")
    said = ask(host, "promote", status=REFUSED)
    assert "ConfigMap" in said and "link" in said
    assert files(mounted) == before and number(host) == 1


def test_where_approval_is_asked_for_a_candidate_needs_it(start, ask, run, rules, candidate, tmp_path):
    keys = tmp_path / "keys"
    keys.mkdir()
    run("keygen", keys / "alice")
    run("counter", "--first-use", tmp_path / "floor")
    run("sign", rules, "--key", keys / "alice.key")
    (tmp_path / "log").mkdir()
    (keys / "audit.key").write_text(bytes(range(32)).hex())
    os.chmod(keys / "audit.key", 0o600)
    host, _ = start(
        rules__approval="signature", rules__approval_keys=[str(keys / "alice.pub")],
        rules__approval_counter=str(tmp_path / "floor"), rules__audit_log=str(tmp_path / "log/rules.jsonl"),
        rules__audit_log_key=str(keys / "audit.key"),
    )  # fmt: skip
    before = files(rules)
    # What shows more is compared, and what shows nothing more, too; neither is promoted.
    for change, verdict in [(hide_less, "looser"), (lambda folder: None, None), (hide_more, "tighter")]:
        shutil.rmtree(candidate)
        shutil.copytree(ROOT / "rules", candidate)
        change(candidate)
        if verdict is None:
            wait_for(host, "same")
            continue
        wait_for(host, "comparing", verdict=verdict)
        assert "not signed" in ask(host, "promote", status=REFUSED)
        assert files(rules) == before and number(host) == 1
    # The signature of other rules is none.
    shutil.copy(rules / "rules.sig", candidate)
    assert "sign" in ask(host, "promote", status=REFUSED)
    run("sign", candidate, "--key", keys / "alice.key")
    ask(host, "promote")
    assert number(host) == 2 and files(rules) == files(candidate)
    assert "alice" in json.loads(host.get("/rules")[1])["approval"]
    host.stop()
    events = [json.loads(line)["event"] for line in (tmp_path / "log/rules.jsonl").read_text().splitlines()]
    assert events == ["start", "refusal", "refusal", "refusal", "swap"]
