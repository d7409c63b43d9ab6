"""The configuration file is edited while the host runs: what can change does, the rest is named, a wrong file does nothing."""

import http.client
import json
import os
import shutil
import signal
import subprocess

import pytest

from clients import make_request, post
from conftest import ROOT
from guide import write

# Only what is asked for, so that no look of the host's own comes first.
ASKED = {"rules__watch_interval": "0s"}


def configure(host, **changes):
    """Rewrites settings by their dotted names, with two underscores for each dot; None takes one away."""
    path = host.log_path.parent / "config.yaml"
    file = json.loads(path.read_text())
    for name, value in changes.items():
        *sections, last = name.split("__")
        section = file
        for part in sections:
            section = section.setdefault(part, {})
        if value is None:
            section.pop(last)
        else:
            section[last] = value
    replace(host, json.dumps(file))


def replace(host, text: str):
    path = host.log_path.parent / "config.yaml"
    other = path.with_suffix(".new")
    other.write_text(text)
    other.rename(path)


def leaves(host, sink) -> bool:
    """Whether a span that is sent now comes out."""
    request = make_request(1, name="probe")
    assert post(host.http, request.SerializeToString()).status == 200
    host.wait_until_settled()
    span_id = request.resource_spans[0].scope_spans[0].spans[0].span_id
    return any(span.span_id == span_id for arrival in sink.arrivals for span in arrival.spans)


def reload(host) -> tuple[int, dict]:
    connection = http.client.HTTPConnection(host.addresses["admin"], timeout=60)
    try:
        connection.request("POST", "/rules/reload")
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def said(host, message: str) -> list[dict]:
    return [entry for entry in host.log if entry["message"].startswith(message)]


def in_force(host, name: str) -> str | None:
    entries = json.loads(host.get("/config")[1])["settings"]
    return next((entry["value"] for entry in entries if entry["name"] == name), None)


def test_the_share_that_is_sampled_changes_on_a_hangup(serve, make_sink):
    sink = make_sink("http")
    host = serve(sink, rules__settings={"sample.ratio": "1.0"}, **ASKED)
    assert leaves(host, sink)
    configure(host, rules__settings={"sample.ratio": "0"})
    assert leaves(host, sink)
    host.process.send_signal(signal.SIGHUP)
    host.wait(lambda: said(host, "settings were changed and are in force"), "the settings to be told")
    [told] = said(host, "settings were changed and are in force")
    assert told["settings"] == "rules.settings.sample.ratio=0"
    assert not leaves(host, sink)
    assert in_force(host, "rules.settings.sample.ratio") == "0"
    assert host.metrics().sum("processor_host_settings_reloads_total", outcome="applied") == 1
    # Back to what the rule says itself.
    configure(host, rules__settings={})
    assert reload(host)[1]["settings"]["applied"] == ["rules.settings.sample.ratio"]
    assert leaves(host, sink)


def test_an_edit_is_seen_without_a_signal(serve, make_sink):
    sink = make_sink("http")
    host = serve(sink, rules__settings={"sample.ratio": "1.0"}, rules__watch_interval="200ms")
    configure(host, rules__settings={"sample.ratio": "0"})
    host.wait(lambda: said(host, "settings were changed and are in force"), "the settings to be told")
    assert not leaves(host, sink)


@pytest.mark.parametrize(
    ("broken", "line", "message"),
    [
        ('{"rules": {"settings":\n{"sample.ratio": "1.5"}}}', "2", "must be from 0 to 1"),
        ('{"rules": {"settings":\n\n{"sample.rato": "0"}}}', "3", "has no setting rato"),
        ('{"rules": {"settings":\n\n{"simple.ratio": "0"}}}', "3", "not in the chain"),
        ('{"rules": {"chain": ["slow_trace", "sample"],\n"setings": {}}}', "2", "setings"),
        ('{"rules": {"settings": {"sample.ratio": "0"}},\n "lanes": none}', "2", "lanes expects"),
        ('{"rules":\n {"settings": [', "3", "not YAML"),
        ("", None, "empty"),
    ],
)
def test_a_wrong_file_changes_nothing_and_is_told_with_its_line(serve, make_sink, broken, line, message):
    sink = make_sink("http")
    host = serve(sink, rules__settings={"sample.ratio": "1.0"}, **ASKED)
    number = host.metrics().sum("processor_host_rule_set_number")
    path = host.log_path.parent / "config.yaml"
    whole = path.read_text()
    replace(host, broken)
    status, answer = reload(host)
    assert status == 409
    assert answer["settings"]["outcome"] == "failed"
    assert any(message in error["message"] for error in answer["settings"]["errors"]), answer
    [told] = [entry for entry in said(host, "the configuration was edited and is not in force") if message in entry["error"]]
    assert told.get("line") == line
    assert leaves(host, sink)
    assert host.metrics().sum("processor_host_rule_set_number") == number
    assert host.metrics().sum("processor_host_settings_failing") == 1
    assert host.get("/ready")[0] == 200
    # Told once, and over once the file is right.
    assert reload(host)[0] == 409
    assert len([entry for entry in said(host, "the configuration was edited") if message in entry["error"]]) == 1
    replace(host, whole)
    status, answer = reload(host)
    assert (status, answer["settings"]["outcome"]) == (200, "restored")
    assert host.metrics().sum("processor_host_settings_failing") == 0


def test_what_needs_a_restart_is_named_and_left(serve, make_sink):
    sink = make_sink("http")
    host = serve(sink, rules__settings={"sample.ratio": "1.0"}, lanes=1, **ASKED)
    configure(host, lanes=2, queue__max_spans=50000, rules__settings={"sample.ratio": "0"}, logging__level="warning")
    status, answer = reload(host)
    assert status == 200
    assert answer["settings"]["outcome"] == "applied"
    assert answer["settings"]["applied"] == ["rules.settings.sample.ratio=0", "logging.level=warning"]
    assert answer["settings"]["needRestart"] == ["queue.max_spans", "lanes"]
    [told] = said(host, "settings were changed that need a restart")
    assert told["settings"] == "queue.max_spans, lanes"
    assert (in_force(host, "lanes"), in_force(host, "logging.level")) == ("1", "warning")
    assert host.metrics().sum("processor_host_settings_awaiting_restart") == 2
    assert not leaves(host, sink)
    # Below the level nothing is written any more.
    configure(host, rules__settings={"sample.ratio": "0.5"})
    assert reload(host)[1]["settings"]["applied"] == ["rules.settings.sample.ratio=0.5"]
    assert len(said(host, "settings were changed and are in force")) <= 1
    # What is taken back needs no restart.
    configure(host, lanes=1, queue__max_spans=None)
    assert reload(host)[1]["settings"]["needRestart"] == []


def test_the_chain_changes(serve, make_sink):
    host = serve(make_sink("http"), **ASKED)
    configure(host, rules__chain=["redact", "truncate"])
    status, answer = reload(host)
    assert (status, answer["settings"]["applied"]) == (200, ["rules.chain=redact,truncate"])
    assert [rule["name"] for rule in json.loads(host.get("/rules")[1])["rules"]] == ["redact", "truncate"]
    configure(host, rules__chain=["redact", "trunkate"])
    status, answer = reload(host)
    assert status == 409 and "trunkate" in answer["settings"]["errors"][0]["message"]
    # Without rules the directory would not even be read.
    configure(host, rules__chain="none")
    assert reload(host)[1]["settings"]["needRestart"] == ["rules.chain"]
    assert [rule["name"] for rule in json.loads(host.get("/rules")[1])["rules"]] == ["redact", "truncate"]


def test_a_setting_and_the_rule_that_declares_it_come_together(serve, make_sink, tmp_path):
    rules = tmp_path / "own"
    hide = 'hide = { cut(match.names { "note" }, settings.SIZE) } }\n'

    def rule(name):
        text = f'local settings = settings {{ {name} = count(10) }}\nreturn rule {{ about = "Cuts.", {hide}'
        return {"cuts.lua": text.replace("SIZE", name)}

    write(rules, {"chain.lua": 'return chain { api = 1, "cuts" }\n'} | rule("old"))
    host = serve(make_sink("http"), rules=rules, rules__settings={"cuts.old": "5"}, **ASKED)
    write(rules, rule("new"))
    configure(host, rules__settings={"cuts.new": "6"})
    status, answer = reload(host)
    assert (status, answer["outcome"], answer["settings"]["outcome"]) == (200, "swapped", "applied"), answer
    assert in_force(host, "rules.settings.cuts.new") == "6"


def test_a_value_that_came_before_its_rule_is_tried_again_when_the_rule_comes(serve, make_sink, tmp_path):
    rules = tmp_path / "own"
    rule = 'local settings = settings { size = count(10) }\nreturn rule { about = "Cuts.", HIDE } }\n'
    rule = rule.replace("HIDE", 'hide = { cut(match.names { "note" }, settings.size)')
    chain = {"chain.lua": 'return chain { api = 1, "a" }\n'}
    write(rules, chain | {"a.lua": 'return rule { about = "Hides.", hide = { match.names { "note" } } }\n'})
    host = serve(make_sink("http"), rules=rules, rules__watch_interval="200ms")
    configure(host, rules__settings={"a.size": "5"})
    host.wait(lambda: said(host, "the configuration was edited and is not in force"), "the refusal to be told")
    write(rules, {"a.lua": rule})
    host.wait(lambda: in_force(host, "rules.settings.a.size") == "5", "the value to come into force")
    assert host.metrics().sum("processor_host_settings_failing") == 0


def test_a_new_rule_file_that_no_chain_names_is_said_not_to_run(serve, make_sink, tmp_path):
    rules = tmp_path / "own"
    rule = 'return rule { about = "Hides.", hide = { match.names { "note" } } }\n'
    write(rules, {"chain.lua": 'return chain { api = 1, "a" }\n', "a.lua": rule, "before.lua": rule})
    host = serve(make_sink("http"), rules=rules, **ASKED)
    write(rules, {"b.lua": rule})
    assert reload(host)[1]["outcome"] == "swapped"
    host.wait(lambda: said(host, "a rule file is not in the chain"), "it to be told")
    assert [entry["file"] for entry in said(host, "a rule file is not in the chain")] == ["b.lua"]


def test_values_of_settings_need_no_approval_and_are_written_down(serve, make_sink, executable, tmp_path):
    rules = shutil.copytree(ROOT / "rules", tmp_path / "approved")
    subprocess.run([executable, "lock", rules], check=True, capture_output=True)
    key = tmp_path / "keys" / "log.key"
    key.parent.mkdir()
    key.write_text(os.urandom(32).hex() + "\n")
    key.chmod(0o600)
    log = tmp_path / "log" / "audit.log"
    log.parent.mkdir()
    sink = make_sink("http")
    host = serve(
        sink, rules=rules, rules__approval="lock", rules__audit_log=str(log), rules__audit_log_key=str(key),
        rules__settings={"sample.ratio": "1.0"}, **ASKED,
    )  # fmt: skip
    configure(host, rules__settings={"sample.ratio": "0"})
    status, answer = reload(host)
    assert (status, answer["settings"]["outcome"]) == (200, "applied"), answer
    assert not leaves(host, sink)
    events = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    assert [(event["event"], event["reason"]) for event in events if event["event"] == "settings"] == [
        ("settings", "rules.settings.sample.ratio=0")
    ]
    # The chain is the rules' own where they need approval.
    configure(host, rules__chain=["redact"])
    status, answer = reload(host)
    assert status == 409 and "rules.chain" in answer["settings"]["errors"][0]["message"]


def test_a_file_that_whoever_writes_the_rules_may_write_changes_no_values_that_need_approval(serve, make_sink, executable, tmp_path):
    rules = shutil.copytree(ROOT / "rules", tmp_path / "host-0")
    subprocess.run([executable, "lock", rules], check=True, capture_output=True)
    sink = make_sink("http")
    host = serve(sink, rules=rules, rules__approval="lock", rules__settings={"sample.ratio": "1.0"}, **ASKED)
    assert said(host, "the configuration file lies in the rules directory")
    configure(host, rules__settings={"sample.ratio": "0"})
    status, answer = reload(host)
    assert status == 200 and "settings" not in answer
    assert leaves(host, sink)


def test_a_file_that_is_reached_by_a_link_among_the_rules_is_one_that_their_writers_may_write(
    serve, make_sink, executable, tmp_path
):
    rules = shutil.copytree(ROOT / "rules", tmp_path / "rules")
    (tmp_path / "host-0").mkdir()
    (rules / "config.yaml").symlink_to("../real.yaml")
    (tmp_path / "host-0/config.yaml").symlink_to(rules / "config.yaml")
    subprocess.run([executable, "lock", rules], check=True, capture_output=True)
    host = serve(make_sink("http"), rules=rules, rules__approval="lock", **ASKED)
    assert said(host, "the configuration file lies in the rules directory")
    text = (tmp_path / "real.yaml").read_text()
    (rules / "config.yaml").unlink()
    (rules / "config.yaml").write_text(text.replace('"approval"', '"settings": {"sample.ratio": "0.0"}, "approval"'))
    assert "settings" not in reload(host)[1] and in_force(host, "rules.settings") in (None, {})
