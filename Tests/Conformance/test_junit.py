"""What `test` and `check` write as JUnit XML, as Python's own parser reads it."""

import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from conftest import ROOT
from guide import write
from host import BAD_RULE, DONE, REFUSED, USAGE

RULE = 'return rule { about = "Hides mail.", hide = { match.names { "mail" } } }\n'
TESTS = """test "mail is hidden" {
  given = span { attributes = { mail = "m" } },
  expect = span { attributes = { mail = "[REDACTED]" } },
}

test "so is cc" {
  given = span { attributes = { cc = "m" } },
  expect = span { attributes = { cc = "[REDACTED]" } },
}
"""


@pytest.fixture
def run(executable, tmp_path):
    """Runs a command on rules in a folder of the test's own, and reads the report that it wrote."""

    def run(command: str, files: dict[str, str], status: int, directory: str = "rules") -> ElementTree.Element:
        write(tmp_path / "rules", {"chain.lua": 'return chain { api = 1, "mail" }\n', "mail.lua": RULE, **files})
        line = [executable, command, directory, "--junit", "report.xml"]
        done = subprocess.run(line, capture_output=True, text=True, cwd=tmp_path, timeout=60)
        assert done.returncode == status, done.stdout + done.stderr
        return ElementTree.parse(tmp_path / "report.xml").getroot()

    return run


def counts(element: ElementTree.Element) -> tuple[int, ...]:
    return tuple(int(element.get(name)) for name in ("tests", "failures", "errors"))


@pytest.mark.parametrize("command", ["test", "check"])
def test_each_test_is_a_case_with_its_file_and_line(run, command):
    report = run(command, {"mail.test.lua": TESTS}, REFUSED)
    assert report.tag == "testsuites" and counts(report) == (2, 1, 0)
    [suite] = report
    assert (suite.get("name"), suite.get("file"), counts(suite)) == ("mail", "rules/mail.test.lua", (2, 1, 0))
    assert [case.get("name") for case in suite] == ["mail is hidden", "so is cc"]
    assert [case.get("line") for case in suite] == ["1", "6"]
    assert {case.get("file") for case in suite} == {"rules/mail.test.lua"}
    passed, failed = suite
    assert list(passed) == []
    [failure] = failed
    assert failure.tag == "failure"
    assert failure.get("message") == '- attributes.cc = "[REDACTED]"'
    assert failure.text == '- attributes.cc = "[REDACTED]"\n+ attributes.cc = "m"'


def test_rules_whose_tests_pass_have_no_failure(run, executable, tmp_path):
    shipped = {path.relative_to(ROOT / "rules").as_posix(): path.read_text() for path in (ROOT / "rules").rglob("*.*")}
    report = run("check", {**shipped, "mail.test.lua": TESTS.split("\n\n")[0] + "\n"}, DONE)
    written = sum(text.count('\ntest "') + text.startswith('test "') for name, text in shipped.items() if ".test." in name)
    assert counts(report) == (written + 1, 0, 0)
    assert {suite.get("name") for suite in report} == {"mail", "redact", "sample", "slow_trace", "truncate"}


@pytest.mark.parametrize("command", ["test", "check"])
def test_what_does_not_load_is_an_error_with_its_file_and_line(run, command):
    report = run(command, {"mail.lua": "\n" + RULE.replace("hide", "hied"), "mail.test.lua": TESTS}, BAD_RULE)
    assert counts(report) == (1, 0, 1)
    [suite] = report
    [case] = suite
    [error] = case
    assert (case.get("classname"), case.get("file"), case.get("line")) == ("mail", "rules/mail.lua", "2")
    assert error.tag == "error" and "did you mean hide?" in error.get("message")
    assert error.text.startswith("mail.lua:2: ") and RULE.replace("hide", "hied").strip() in error.text


def test_a_list_that_does_not_load_has_its_path(run):
    rule = RULE.replace('{ "mail" }', '(list "mails")')
    [[case]] = run("test", {"mail.lua": rule, "mail.test.lua": TESTS, "lists/mails.txt": "mail\u202e\n"}, BAD_RULE)
    assert (case.get("file"), case.get("line")) == ("rules/lists/mails.txt", "1")


def test_a_directory_that_is_not_there_is_an_error_too(run):
    [[case]] = run("test", {}, BAD_RULE, directory="nowhere")
    assert case.get("file") == "nowhere" and "cannot be read" in case[0].get("message")


def test_whatever_a_test_holds_the_report_is_well_formed(run):
    """Marks of XML, characters that XML does not have, and those that a terminal would obey."""
    name = r'<&>\"\'ä😀 ]]> \0 \1 \27[31m \u{FFFE} \u{FFFF} \u{202E} \n\r\t end'
    tests = f"""test "{name}" {{
  given = span {{ attributes = {{ ["{name}"] = "{name}" }} }},
  expect = span {{ name = "{name}" }},
  nowhere = {{ "{name}" }},
}}
"""
    [[case]] = run("test", {"mail.test.lua": tests}, REFUSED)
    shown = case.get("name")
    assert shown.startswith("<&>\"'ä😀 ]]> ") and shown.endswith(" end")
    assert "\u202e" not in shown and "\x1b" not in shown
    [failure] = case
    lines = failure.text.split("\n")
    assert failure.get("message") == lines[0]
    assert lines[0].startswith('- name = "<&>') and any("still stands" in line for line in lines)


def test_a_trailing_slash_does_not_double(run):
    [[case, _]] = run("test", {"mail.test.lua": TESTS}, REFUSED, directory="rules/")
    assert case.get("file") == "rules/mail.test.lua"


def test_without_tests_the_report_is_empty_and_well_formed(run):
    report = run("check", {}, DONE)
    assert counts(report) == (0, 0, 0) and list(report) == []


def test_a_report_that_cannot_be_written_is_wrong_usage(executable, tmp_path):
    write(tmp_path / "rules", {"chain.lua": 'return chain { api = 1, "mail" }\n', "mail.lua": RULE})
    line = [executable, "test", "rules", "--junit", "no/such/folder/report.xml"]
    done = subprocess.run(line, capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert done.returncode == USAGE
    assert "report.xml cannot be written" in done.stderr
    assert not list(Path(tmp_path).rglob("report*"))
