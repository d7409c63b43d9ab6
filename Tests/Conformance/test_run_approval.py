"""A host that runs only rules that are approved: what gets through, what does not, and what its audit log tells."""

import json
import os
import shutil
import subprocess

import pytest

from conftest import ROOT
from host import BAD_RULE, DONE, REFUSED, USAGE


@pytest.fixture
def run(executable, tmp_path):
    def run(*arguments, status=DONE):
        done = subprocess.run([executable, *map(str, arguments)], capture_output=True, cwd=tmp_path, timeout=60)
        assert done.returncode == status, done.stdout.decode() + done.stderr.decode()
        return done.stdout.decode() + done.stderr.decode()

    return run


@pytest.fixture
def rules(tmp_path):
    return shutil.copytree(ROOT / "rules", tmp_path / "rules")


@pytest.fixture
def audit(tmp_path):
    """Settings of an audit log, with its key in another folder."""
    (tmp_path / "log").mkdir()
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys/audit.key").write_text(bytes(range(32)).hex())
    os.chmod(tmp_path / "keys/audit.key", 0o600)
    return {
        "rules__audit_log": str(tmp_path / "log/rules.jsonl"), "rules__audit_log_key": str(tmp_path / "keys/audit.key"),
    }  # fmt: skip


def edit(rules, before: str, after: str, file="redact.lua"):
    path = rules / file
    text = path.read_text()
    assert before in text
    other = path.with_suffix(".new")
    other.write_text(text.replace(before, after, 1))
    other.rename(path)


def tighten(rules):
    edit(rules, "    match.text {", '    match.names { "zebra" },\n    match.text {')


def loosen(rules):
    edit(rules, '"webhook.body", ', "")


def show(host) -> dict:
    return json.loads(host.get("/rules")[1])


def wait_for(host, number=None, awaits=None, refused=None):
    def is_so() -> bool:
        page = show(host)
        return (
            (number is None or page["number"] == number)
            and (refused is None or ("refused" in page) == refused)
            and (awaits is None or host.metrics().sum("processor_host_rules_awaiting_approval") == awaits)
        )

    host.wait(is_so, f"set {number}, awaiting {awaits}, refused {refused}")


def events(tmp_path) -> list[str]:
    return [json.loads(line)["event"] for line in (tmp_path / "log/rules.jsonl").read_text().splitlines()]


def holds(run, tmp_path, *head) -> str:
    return run("log", "verify", tmp_path / "log/rules.jsonl", "--key", tmp_path / "keys/audit.key", *head)


def test_rules_that_are_not_locked_do_not_start(run, rules, tmp_path):
    config = tmp_path / "config.yaml"
    config.write_text(json.dumps({"rules": {"approval": "lock"}, "exporters": [{"kind": "console"}]}))
    start = ["run", "--config", config, "--rules", rules, "--dry-run"]
    assert "rules.lock" in run(*start, status=BAD_RULE)
    run("lock", rules)
    run(*start)
    # One that hides and has no tests is not approved either.
    (rules / "redact.test.lua").unlink()
    run("lock", rules)
    assert "has no tests" in run(*start, status=BAD_RULE)
    assert "rules.chain" in run(*start, "--chain", "redact", status=USAGE)


def test_an_edit_waits_for_its_lock_unless_it_shows_nothing_more(serve, make_sink, run, rules, audit, tmp_path):
    run("lock", rules)
    host = serve(make_sink("http"), rules=rules, rules__approval="lock", rules__watch_interval="100ms", **audit)
    assert show(host)["approval"] == "as rules.lock has them"

    # More may show: the running set stays, until the lock is made anew.
    loosen(rules)
    wait_for(host, number=1, refused=True)
    reasons = [error["message"] for error in show(host)["refused"]["errors"]]
    assert any("rules.lock" in reason for reason in reasons) and any("no longer hides" in reason for reason in reasons)
    run("lock", rules)
    wait_for(host, number=2, refused=False, awaits=0)

    # Nothing more can show: it runs, and says that it waits.
    tighten(rules)
    wait_for(host, number=3, refused=False, awaits=1)
    assert show(host)["approval"].startswith("tighter than before")
    run("lock", rules)
    wait_for(host, number=3, awaits=0)

    metrics = host.metrics()
    head = f"{metrics.sum('processor_host_audit_log_sequence'):.0f}"
    host.stop()
    assert events(tmp_path) == ["start", "refusal", "swap", "swap", "acceptance"]
    assert head == "5" and "5 lines hold" in holds(run, tmp_path)


def test_whoever_edits_rules_can_do_nothing_about_signatures(serve, make_sink, run, rules, audit, tmp_path):
    keys = tmp_path / "keys"
    for name in ["alice", "bob", "mallory"]:
        run("keygen", keys / name)
    run("counter", "--first-use", tmp_path / "floor")
    for name in ["alice", "bob"]:
        run("sign", rules, "--key", keys / f"{name}.key")
    settings = {
        "rules__approval": "signature", "rules__approval_keys": [str(keys / "alice.pub"), str(keys / "bob.pub")],
        "rules__approval_threshold": 2, "rules__approval_counter": str(tmp_path / "floor"),
        "rules__watch_interval": "100ms", "rules__probation": "0s",
    }  # fmt: skip
    host = serve(make_sink("http"), rules=rules, **settings, **audit)
    first = show(host)["digest"]
    assert "alice, bob" in show(host)["approval"]
    old = shutil.copytree(rules, tmp_path / "old")

    def refused(change) -> None:
        """Nothing of a change comes into force, and the rules come back."""
        change()
        wait_for(host, refused=True)
        reasons = " ".join(error["message"] for error in show(host)["refused"]["errors"])
        assert "signature" in reasons or "signed" in reasons, reasons
        assert show(host)["digest"] == running
        shutil.rmtree(rules)
        shutil.copytree(approved, rules)
        wait_for(host, refused=False)

    def sign_alone():
        loosen(rules)
        run("sign", rules, "--key", keys / "alice.key")

    def sign_by_a_stranger():
        loosen(rules)
        for name in ["alice", "mallory"]:
            run("sign", rules, "--key", keys / f"{name}.key")

    def change_the_chain():
        edit(rules, ', "truncate"', "", file="chain.lua")

    def bring_a_key():
        loosen(rules)
        shutil.copy(keys / "mallory.pub", rules / "alice.pub")
        run("sign", rules, "--key", keys / "mallory.key")

    def lock_instead():
        loosen(rules)
        (rules / "rules.sig").unlink()
        run("lock", rules)

    def add_an_exception():
        with (rules / "lists/harmless_names.txt").open("a") as names:
            names.write("vault.*\n")

    def rename_a_rule():
        (rules / "truncate.lua").rename(rules / "cut.lua")
        (rules / "truncate.test.lua").rename(rules / "cut.test.lua")
        edit(rules, '"truncate"', '"cut"', file="chain.lua")
        edit(rules, "max = 500", "max = 5000", file="cut.lua")

    running, approved = first, old
    for change in [sign_alone, sign_by_a_stranger, change_the_chain, bring_a_key, lock_instead, add_an_exception, rename_a_rule]:
        refused(change)

    # What both sign runs, and what ran before it does not come back.
    loosen(rules)
    for name in ["alice", "bob"]:
        run("sign", rules, "--key", keys / f"{name}.key")
    host.wait(lambda: show(host)["digest"] != first, "the signed set to run")
    running, approved = show(host)["digest"], shutil.copytree(rules, tmp_path / "new")

    def go_back():
        shutil.rmtree(rules)
        shutil.copytree(old, rules)

    refused_before = events(tmp_path).count("refusal")
    go_back()
    # Older rules that are tighter run, since they show nothing more; they are not approved.
    wait_for(host, awaits=1)
    assert events(tmp_path).count("refusal") == refused_before
    host.stop()
    assert "lines hold" in holds(run, tmp_path)
    # At a start there is nothing to be tighter than: the older set is refused.
    config = tmp_path / "again.yaml"
    section = {name.removeprefix("rules__"): value for name, value in settings.items()}
    config.write_text(json.dumps({"rules": section, "exporters": [{"kind": "console"}]}))
    said = run("run", "--config", config, "--rules", rules, "--dry-run", status=BAD_RULE)
    assert "older set" in said
    shutil.rmtree(rules)
    shutil.copytree(approved, rules)
    run("run", "--config", config, "--rules", rules, "--dry-run")


def test_a_policy_that_cannot_hold_does_not_start(run, rules, tmp_path):
    run("keygen", tmp_path / "alice")
    run("sign", rules, "--key", tmp_path / "alice.key")
    shutil.copy(tmp_path / "alice.pub", rules / "alice.pub")

    def start(status=USAGE, **section) -> str:
        config = tmp_path / "config.yaml"
        config.write_text(json.dumps({"rules": {"approval": "signature"} | section, "exporters": [{"kind": "console"}]}))
        return run("run", "--config", config, "--rules", rules, "--dry-run", status=status)

    assert "in the rules directory" in start(approval_keys=[str(rules / "alice.pub")])
    assert "counter" in start(approval_keys=[str(tmp_path / "alice.pub")], approval_counter=str(tmp_path / "nowhere"))
    start(approval_keys=[str(tmp_path / "alice.pub")], status=DONE)
    assert "below" in start(
        approval_keys=[str(tmp_path / "alice.pub")], approval_minimum_counter=7, status=BAD_RULE)


def test_a_log_that_was_tampered_with_is_told(serve, make_sink, run, rules, audit, tmp_path):
    serve(make_sink("http"), rules=rules, **audit).stop()
    serve(make_sink("http"), rules=rules, **audit).stop()
    log = tmp_path / "log/rules.jsonl"
    assert events(tmp_path) == ["start", "start"]
    lines = log.read_text().splitlines(keepends=True)
    log.write_text(lines[0].replace("start", "load", 1) + lines[1])
    host = serve(make_sink("http"), rules=rules, **audit)
    assert any(entry["message"] == "the audit log does not hold" for entry in host.log)
    host.stop()
    said = run("log", "verify", log, "--key", tmp_path / "keys/audit.key", status=REFUSED)
    assert "line 1" in said


def test_a_host_whose_rules_are_wrong_starts_with_those_that_ran_last(serve, make_sink, run, rules, tmp_path):
    sink = make_sink("http")
    settings = {"rules__last_good": str(tmp_path / "kept"), "rules__watch_interval": "100ms", "rules__probation": "0s"}
    host = serve(sink, rules=rules, **settings)
    tighten(rules)
    wait_for(host, number=2)
    good = show(host)["digest"]
    edit(rules, "match.words", "match.wurds")
    wait_for(host, refused=True)
    host.stop()

    host = serve(sink, rules=rules, **settings)
    assert show(host)["digest"] == good
    told = [entry for entry in host.log if entry["message"].startswith("the rules are wrong")]
    assert told and told[0]["file"] == "redact.lua" and "wurds" in told[0]["source"]
    wait_for(host, refused=True)
    assert host.metrics().sum("processor_host_rules_failing") == 1
    # Mended, it goes on with the rules themselves.
    edit(rules, "match.wurds", "match.words")
    wait_for(host, refused=False)
    host.stop()

    # A copy that was changed is not taken.
    edit(rules, "match.words", "match.wurds")
    kept = tmp_path / "kept/current/redact.lua"
    kept.write_text(kept.read_text().replace('"webhook.body", ', ""))
    config = tmp_path / "config.yaml"
    section = {"last_good": str(tmp_path / "kept")}
    config.write_text(json.dumps({"rules": section, "exporters": [{"kind": "console"}]}))
    start = ["run", "--config", config, "--rules", rules]
    assert "not what was kept" in run(*start, status=BAD_RULE)
    run(*start, "--dry-run", status=BAD_RULE)


def test_without_rules_that_ran_there_is_no_start(serve, make_sink, run, rules, tmp_path):
    settings = {"rules__last_good": str(tmp_path / "kept"), "rules__approval": "lock", "rules__probation": "0s"}
    run("lock", rules)
    serve(make_sink("http"), rules=rules, **settings).stop()
    (rules / "chain.lua").write_text("broken")
    config = tmp_path / "config.yaml"

    def start(**section) -> str:
        config.write_text(json.dumps({"rules": section, "exporters": [{"kind": "console"}]}))
        return run("run", "--config", config, "--rules", rules, status=BAD_RULE)

    start(last_good=str(tmp_path / "never"))
    # What ran last is judged again: its lock was taken away.
    (tmp_path / "kept/current/rules.lock").unlink()
    assert "not locked" in start(last_good=str(tmp_path / "kept"), approval="lock")


def test_a_trial_writes_nothing(run, rules, audit, tmp_path):
    config = tmp_path / "config.yaml"
    section = {name.removeprefix("rules__"): value for name, value in audit.items()} | {"last_good": str(tmp_path / "kept")}
    config.write_text(json.dumps({"rules": section, "exporters": [{"kind": "console"}]}))
    run("run", "--config", config, "--rules", rules, "--dry-run")
    assert not (tmp_path / "log/rules.jsonl").exists() and not (tmp_path / "kept").exists()


def test_what_was_tightened_stays_so_over_a_start(serve, make_sink, run, rules, audit, tmp_path):
    sink = make_sink("http")
    settings = {
        "rules__approval": "lock", "rules__last_good": str(tmp_path / "kept"), "rules__watch_interval": "100ms",
        "rules__probation": "0s", **audit,
    }  # fmt: skip
    run("lock", rules)
    host = serve(sink, rules=rules, **settings)
    tighten(rules)
    wait_for(host, number=2, awaits=1)
    tightened = show(host)["digest"]
    host.stop()
    host = serve(sink, rules=rules, **settings)
    assert show(host)["digest"] == tightened
    wait_for(host, awaits=1)
    host.stop()
    # What may show more does not start; those that were approved do, and say where they come from.
    loosen(rules)
    host = serve(sink, rules=rules, **settings)
    assert show(host)["digest"] != tightened and "kept/current" in show(host)["source"]
    wait_for(host, refused=True)
    host.stop()
    assert events(tmp_path) == ["start", "swap", "start", "refusal", "rollback", "refusal"]


def test_the_counter_of_a_new_signature_becomes_the_floor(serve, make_sink, run, rules, tmp_path):
    run("keygen", tmp_path / "alice")
    run("counter", "--first-use", tmp_path / "floor")
    run("sign", rules, "--key", tmp_path / "alice.key")
    host = serve(
        make_sink("http"), rules=rules, rules__approval="signature", rules__approval_keys=[str(tmp_path / "alice.pub")],
        rules__approval_counter=str(tmp_path / "floor"), rules__watch_interval="100ms", rules__probation="0s",
    )  # fmt: skip
    run("sign", rules, "--key", tmp_path / "alice.key", "--counter", "9")
    host.wait(lambda: "counter 9" in show(host)["approval"], "the signature to be seen")
    host.stop()
    assert "9" in run("counter", tmp_path / "floor")


def test_events_that_could_not_be_written_are_told_of_in_the_next_line(serve, make_sink, run, rules, audit, tmp_path):
    host = serve(make_sink("http"), rules=rules, rules__watch_interval="100ms", **audit)
    log = tmp_path / "log/rules.jsonl"
    log.rename(tmp_path / "log/away")
    tighten(rules)
    wait_for(host, number=2)
    host.wait(lambda: host.metrics().sum("processor_host_audit_log_unwritten") == 1, "the missing line to be counted")
    (tmp_path / "log/away").rename(log)
    edit(rules, '    match.names { "zebra" },\n', "")
    wait_for(host, number=3)
    host.wait(lambda: len(events(tmp_path)) == 2, "the next line")
    assert "1 events before this one could not be written" in log.read_text().splitlines()[-1]
    host.wait(lambda: host.metrics().sum("processor_host_audit_log_unwritten") == 0, "the missing line to be settled")
    host.stop()
    assert "2 lines hold" in holds(run, tmp_path)


@pytest.mark.parametrize("inside", ["audit_log", "audit_log_key", "last_good"])
def test_nothing_that_the_host_goes_by_is_among_the_rules(run, rules, audit, tmp_path, inside):
    section = {name.removeprefix("rules__"): value for name, value in audit.items()} | {"last_good": str(tmp_path / "kept")}
    (rules / "audit.key").write_text(bytes(range(32)).hex())
    section[inside] = str(rules / "audit.key") if inside == "audit_log_key" else str(rules / "inside")
    config = tmp_path / "config.yaml"
    config.write_text(json.dumps({"rules": section, "exporters": [{"kind": "console"}]}))
    for trial in [["--dry-run"], []]:
        said = run("run", "--config", config, "--rules", rules, *trial, status=USAGE)
        assert "rules directory" in said and not (rules / "inside").exists()
