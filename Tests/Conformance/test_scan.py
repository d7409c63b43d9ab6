"""`processor-host scan`: what it finds, where, and that it shows no secret."""

import gzip
import json
import re
import subprocess

import pytest
import wire
from conftest import ROOT, recordings
from host import BAD_RULE, DONE, FOUND, REFUSED, USAGE

RECORDING = ROOT / "Examples/recording/ticket-service.otlp.pb"
LINES = ROOT / "Examples/recording/ticket-service.otlp.jsonl"
RULES = ROOT / "rules"
FORMATS = ["text", "json", "markdown"]

# Where each planted secret stands and what finds it, by a piece of it.
PLACES = {
    "maya.lindqvist": [
        ("email", "attribute", "webhook.payload"),
        ("email", "attribute", "ticket.description"),
        ("email", "attribute", "db.query.text"),
        ("email", "attribute", "gen_ai.prompt"),
    ],
    "tobias.okafor": [("email", "attribute", "webhook.payload"), ("email", "attribute", "ticket.description")],
    "4111": [("credit_card", "attribute", "ticket.description")],
    "kestrel-0417": [("assignment", "attribute", "ticket.description")],
    "llmgw-": [
        ("words", "attribute", "api_key"),
        ("words", "attribute", "http.request.header.authorization"),
        ("assignment", "event attribute", "exception.message"),
        ("assignment", "event attribute", "exception.stacktrace"),
        ("assignment", "status message", None),
    ],
    "srch_": [("assignment", "attribute", "url.full")],
    "ipq-": [("assignment", "attribute", "url.full")],
    "Wint3r": [("words", "attribute", "crm.password")],
    "whs_": [("words", "attribute", "webhook_secret"), ("words", "event attribute", "webhook_secret")],
    "dpl-": [("words", "resource attribute", "deployment.api_key")],
    "crm-41d7": [("assignment", "trace state", "crm")],
    "Quartz": [("url_credentials", "attribute", "db.connection")],
    "eyJhbGci": [("words", "attribute", "http.request.header.authorization")],
}


def planted() -> list[str]:
    lines = (ROOT / "Examples/recording/planted.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.fixture
def scan(executable, tmp_path):
    """Runs a scan in a folder of the test's own."""

    def scan(*arguments, status=FOUND, stdin=b""):
        command = [executable, "scan", *map(str, arguments)]
        done = subprocess.run(command, input=stdin, capture_output=True, cwd=tmp_path, timeout=300)
        assert done.returncode == status, done.stderr.decode()
        return done

    return scan


def findings(done) -> dict[tuple, dict]:
    found = json.loads(done.stdout)["findings"]
    by_place = {(finding["detector"], finding["surface"], finding["key"]): finding for finding in found}
    assert len(by_place) == len(found)
    return by_place


def request(*attributes: tuple[str, str], name: str = "work") -> bytes:
    """A request with one span that has these attributes."""
    encoded = b"".join(wire.attribute(9, key, wire.text(value)) for key, value in attributes)
    return wire.request(wire.span(wire.delimited(5, name) + encoded))


def test_every_planted_secret_is_found_at_its_place(scan):
    found = findings(scan("--format", "json", RECORDING))
    for secret in planted():
        places = [places for piece, places in PLACES.items() if secret.startswith(piece)]
        assert len(places) == 1, f"{secret} has no place in this test"
        for place in places[0]:
            assert place in found, f"{secret} at {place}"


def test_the_hits_are_as_many_as_the_recording_holds(scan):
    """Counted apart from the tool, in the recording's JSON."""
    spans = []
    for line in LINES.read_text().splitlines():
        for resource in json.loads(line)["resourceSpans"]:
            spans += [span for scope in resource["scopeSpans"] for span in scope["spans"]]
    found = findings(scan("--format", "json", RECORDING))
    for key in ("api_key", "crm.password", "webhook_secret"):
        holders = [span for span in spans if any(entry["key"] == key for entry in span.get("attributes", []))]
        finding = found["words", "attribute", key]
        assert finding["hits"] == finding["spans"] == len(holders)
        assert finding["traces"] == len({span["traceId"] for span in holders})
        assert finding["seen_in"] == {"span": holders[0]["name"], "trace_id": holders[0]["traceId"]}
    held = [span for span in spans if "crm=token:" in span.get("traceState", "")]
    assert found["assignment", "trace state", "crm"]["hits"] == len(held)
    assert json.loads(scan("--format", "json", RECORDING).stdout)["summary"]["spans"] == len(spans)


@pytest.mark.parametrize("form", FORMATS)
def test_no_secret_is_in_the_report(scan, form):
    done = scan("--format", form, "--all", RECORDING)
    said = done.stdout + done.stderr
    # The report's own words are no secret: example.org has four letters of "sample".
    own = scan("--format", form, "-", stdin=request(("password", "zzzzzz"))).stdout
    for number, secret in enumerate(planted(), 1):
        encoded = secret.encode()
        for start in range(2, len(encoded) - 3):
            window = encoded[start : start + 4]
            assert window in own or window not in said, f"secret {number} from its byte {start} on"


@pytest.mark.parametrize("form", FORMATS)
def test_a_secret_in_names_and_keys_is_not_in_the_report(scan, form):
    secret = "zq7hxwvtr-qj4x@kkvw.dev"
    nested = wire.attribute(9, "m", wire.delimited(6, wire.attribute(1, secret, wire.text("password: zq7qqqqq"))))
    content = wire.delimited(5, f"mail to {secret}") + wire.attribute(9, secret, wire.text("cookie=zq7qqqqq")) + nested
    state = wire.delimited(3, f"token={secret},a={secret}")
    said = scan("--format", form, "-", stdin=wire.request(wire.span(state + content))).stdout.decode()
    for secret in (secret, "zq7qqqqq"):
        windows = {secret[start : start + 4] for start in range(2, len(secret) - 3)}
        assert not [window for window in windows if window in said]
    assert "mail to [REDACTED]" in said


def test_all_formats_of_a_recording_give_the_same_report(scan):
    plain = scan("--format", "json", RECORDING).stdout
    assert scan("--format", "json", LINES).stdout == plain
    packed = gzip.compress(RECORDING.read_bytes())
    assert scan("--format", "json", "-", stdin=packed).stdout == plain
    assert scan("--format", "json", "-", stdin=LINES.read_bytes()).stdout == plain


@pytest.mark.parametrize("recording", recordings(), ids=lambda path: path.name)
def test_recordings_are_scanned_whole_and_the_same_each_time(scan, recording, executable):
    command = [executable, "scan", "--all", "--format", "json", recording]
    first, second = (subprocess.run(command, capture_output=True, timeout=300) for _ in range(2))
    assert first.returncode in (DONE, FOUND), first.stderr.decode()
    assert first.stdout == second.stdout
    report = json.loads(first.stdout)
    assert report["summary"]["spans"] > 0
    assert report["summary"]["hits"] == sum(finding["hits"] for finding in report["findings"])
    assert (first.returncode == FOUND) == bool(report["findings"])


def test_the_exit_status_says_what_was_found(scan):
    harmless = request(("http.route", "/tickets"))
    leaking = request(("password", "hunter2-late"))
    assert b"nothing found in 1 span\n" == scan("-", stdin=harmless, status=DONE).stdout
    scan("-", stdin=leaking, status=FOUND)
    assert b"missing.pb: cannot be read" in scan("missing.pb", "-", stdin=harmless, status=REFUSED).stderr
    done = scan("missing.pb", "-", "--format", "json", stdin=leaking, status=FOUND)
    assert json.loads(done.stdout)["summary"]["refused"] == 1


@pytest.mark.parametrize("arguments", [[], ["--format", "xml", RECORDING], ["--colour", RECORDING]])
def test_wrong_usage_is_said(scan, arguments):
    assert b"Usage: processor-host scan" in scan(*arguments, status=USAGE).stderr


def test_the_words_are_those_of_the_rules_directory(scan, host, tmp_path):
    recording = host.write("r.pb", request(("password", "hunter2-late"), ("badge", "b-77-late"), ("badge.count", "3")))
    by_default = findings(scan("--format", "json", recording))
    assert set(by_default) == {("words", "attribute", "password")}
    rules = host.write_rules({}, {"secret_words": ["badge"], "harmless_names": ["badge.count"]})
    # The folder is called rules, so it counts without being named, too.
    for arguments in (["--rules", rules], []):
        assert set(findings(scan(*arguments, "--format", "json", recording))) == {("words", "attribute", "badge")}
    (rules / "lists/harmless_names.txt").unlink()
    assert ("words", "attribute", "badge.count") in findings(scan("--format", "json", recording))


def test_a_list_that_cannot_be_used_is_named(scan, host):
    recording = host.write("r.pb", request(("password", "hunter2-late")))
    assert b"nowhere" in scan("--rules", "nowhere", recording, status=BAD_RULE).stderr
    rules = host.write_rules({}, {"secret_words": ["token", "--"]})
    assert b"secret_words.txt: term 2" in scan("--rules", rules, recording, status=BAD_RULE).stderr
    (rules / "lists/secret_words.txt").write_text("# nothing\n")
    assert b"secret_words.txt: the list is empty" in scan("--rules", rules, recording, status=BAD_RULE).stderr


@pytest.mark.parametrize("content", [b"", b'{"foo": 1}', b'{"resourceSpans": []}'])
def test_a_file_without_a_span_does_not_pass_for_a_clean_one(scan, host, content):
    assert b"there is no span in the input" in scan(host.write("r.json", content), status=REFUSED).stderr


def test_a_reader_that_goes_away_is_no_fault(executable):
    with subprocess.Popen(
        [executable, "scan", RECORDING], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as running:
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(timeout=60) == FOUND


def test_the_table_fits_its_columns_and_ends_with_a_line_that_sums_it_up(scan):
    lines = scan(RECORDING).stdout.decode().splitlines()
    rows = lines[: lines.index("")]
    assert rows[0].split()[:3] == ["found", "by", "where"]
    assert rows[0].endswith("  trace                             span")
    for heading in ("where", "key", "sample", "trace  ", "span"):
        start = rows[0].rindex(heading)
        assert all(row[start - 2 : start].isspace() and row[start - 2 :].strip() for row in rows[1:]), heading
    report = json.loads(scan("--format", "json", RECORDING).stdout)
    assert len(rows) == 1 + len(report["findings"])
    summary = re.fullmatch(
        r"(\d+) of (\d+) spans and 1 resource hold (\d+) findings of (\d+) kinds in (\d+) places", lines[-1]
    )
    names = ["spans_with_findings", "spans", "hits", "detectors", "places"]
    assert [int(number) for number in summary.groups()] == [report["summary"][name] for name in names]
    assert "\x1b" not in "".join(lines)


def test_the_hint_is_a_rule_that_leaves_nothing(scan, host):
    lines = scan(RECORDING).stdout.decode().splitlines()
    start = lines.index("  hide = {")
    hide = "\n".join(lines[start : lines.index("  }", start) + 1])
    rules = host.write_rules({"redact": f'return rule {{ about = "Hides what was found.",\n{hide}\n}}'})
    for name in ("secret_words", "harmless_names"):
        (rules / f"lists/{name}.txt").write_text((RULES / f"lists/{name}.txt").read_text())
    left = host.write("left.pb", host.process(RECORDING, rules=rules).output)
    scan(left, status=DONE)


def test_the_shipped_rules_leave_nothing_to_find(scan, host):
    scan(host.write("left.pb", host.process(RECORDING, rules=RULES).output), status=DONE)


def test_explain_names_what_is_hidden_in_a_resource(host, executable):
    command = [executable, "process", "--rules", RULES, "--explain", "--format", "proto", RECORDING]
    said = subprocess.run(command, capture_output=True, timeout=60).stderr.decode()
    lines = said.splitlines()
    at = lines.index("resource, once for all spans that share it")
    assert lines[at + 1].startswith("  hide: resource.attributes.deployment.api_key, mark by words, redact.lua:")
    assert not [secret for secret in planted() if secret in said]
