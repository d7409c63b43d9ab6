"""`audit` and `diff`: the page of a set of rules, and what a change of it means."""

import json
import shutil
import subprocess

import pytest
from conftest import ROOT
from host import BAD_RULE, DONE, REFUSED, USAGE

RULES = ROOT / "rules"
RECORDING = ROOT / "Examples/recording/ticket-service.otlp.pb"
PLANTED = [
    line
    for line in (ROOT / "Examples/recording/planted.txt").read_text().splitlines()
    if line and not line.startswith("#")
]


@pytest.fixture
def review(executable, tmp_path):
    def review(*arguments, status=DONE):
        command = [executable, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, cwd=tmp_path, timeout=300)
        assert done.returncode == status, done.stdout.decode() + done.stderr.decode()
        return done.stdout.decode()

    return review


@pytest.fixture
def changed(tmp_path):
    """A copy of the shipped rules, with texts replaced in one file."""

    def changed(file, *replacements, name="changed"):
        shutil.copytree(RULES, tmp_path / name)
        path = tmp_path / name / file
        text = path.read_text()
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new)
        path.write_text(text)
        return tmp_path / name

    return changed


def test_the_page_of_the_shipped_rules_names_every_rule_word_and_surface(review):
    page = review("audit", RULES)
    for text in ["slow_trace", "sample", "redact", "truncate", "client_secret", "resource schema url", "look at first"]:
        assert text in page.lower()
    document = json.loads(review("audit", RULES, "--format", "json"))
    assert [rule["name"] for rule in document["rules"]] == ["slow_trace", "sample", "redact", "truncate"]
    assert [rule["hasCode"] for rule in document["rules"]] == [True, True, False, False]
    assert all(rule["tests"] > 0 for rule in document["rules"])
    words = (RULES / "lists/secret_words.txt").read_text()
    assert all(item in words for item in document["steps"][0]["items"])
    assert len(document["matrix"][0]["planted"]) == len(document["surfaces"])
    markdown = review("audit", RULES, "--format", "markdown")
    assert markdown.startswith("# ") and "| attribute |" in markdown


def test_a_failing_test_and_a_broken_rule_have_their_status(review, changed):
    review("audit", changed("redact.lua", ('"webhook.payload", ', "")), status=REFUSED)
    review("audit", changed("redact.lua", ("match.words", "match.wurds"), name="broken"), status=BAD_RULE)


def test_rules_are_the_same_as_themselves(review, changed):
    assert "same" in review("diff", RULES, RULES)
    same = changed("redact.lua", ("Hides secrets, personal data", "Hides secrets and data"))
    assert json.loads(review("diff", RULES, same, "--format", "json"))["verdict"] == "same"


def test_one_more_name_is_tighter_and_passes_the_gate(review, changed):
    more = changed("redact.lua", ("    match.text {", '    match.names { "zebra" },\n    match.text {'))
    report = json.loads(review("diff", RULES, more, "--format", "json"))
    assert report["verdict"] == "tighter"
    assert any("zebra" in finding["message"] for finding in report["findings"])
    # And back.
    assert json.loads(review("diff", more, RULES, "--format", "json", status=REFUSED))["verdict"] == "looser"
    # What stands beside others inside text can be in their way.
    text = changed("redact.lua", ('"vendor_token"', '"vendor_token", "phone"'), name="text")
    assert json.loads(review("diff", RULES, text, "--format", "json", status=REFUSED))["verdict"] == "other"


def test_code_powers_and_ranges_are_not_proven(review, changed):
    for number, (file, old, new) in enumerate(
        [
            ("sample.lua", "-- A ratio", "-- Some ratio"),
            ("slow_trace.lua", 'read = { "duration", ', 'read = { "duration", "name", '),
            ("truncate.lua", "max = 500", "max = 600"),
        ]
    ):
        other = changed(file, (old, new), name=f"other{number}")
        assert json.loads(review("diff", RULES, other, "--format", "json", status=REFUSED))["verdict"] == "other"


def test_a_recording_tells_what_shows_and_never_the_value(review, changed):
    less = changed("redact.lua", ('"webhook.payload", ', ""), ("match.text {", 'match.text { "jwt" }, match.text {'))
    for format in ["text", "markdown", "json"]:
        page = review("diff", RULES, less, "--spans", RECORDING, "--format", format, status=REFUSED)
        assert "webhook.payload" in page
        assert not any(secret in page for secret in PLANTED)
    report = json.loads(page)
    visible = [change for change in report["recording"]["changes"] if change["kind"] == "newly visible"]
    assert [change["path"] for change in visible] == ["attributes.webhook.payload"]
    assert report["recording"]["spans"] == 40


def test_what_is_no_review_is_told(review, tmp_path):
    review("diff", RULES, status=USAGE)
    review("diff", RULES, tmp_path / "nowhere", status=BAD_RULE)
    empty = tmp_path / "empty.json"
    empty.write_text("{}")
    review("diff", RULES, RULES, "--spans", empty, status=REFUSED)
