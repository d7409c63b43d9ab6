"""`test --coverage`: what the tests of rules touch, for people, for programs, and as a gate."""

import json
import subprocess

import pytest

from conftest import ROOT
from guide import write
from host import BAD_RULE, DONE, REFUSED, USAGE

FILES = {
    "rules/mail.lua": """return rule {
  about = "Hides mail, drops noise.",
  can = { read = { "name" }, drop = { "noise" } },
  hide = { match.names { "mail", "cc" }, match.text { "email" } },
  on_span = function(span)
    if span.name == "noise" then
      span:drop "noise"
    end
  end,
}
""",
    "rules/mail.test.lua": """test "mail is hidden" {
  given = span { attributes = { mail = "m" } },
  expect = span { attributes = { mail = "[REDACTED]" } },
}
""",
    "rules/idle.lua": 'return rule { about = "Hides.", hide = { match.words(list "words") } }\n',
    "rules/lists/words.txt": "# words\npin\n",
}


@pytest.fixture
def run(executable, tmp_path):
    def run(*arguments, status=DONE, **files):
        write(tmp_path, FILES | files)
        command = [executable, "test", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=120)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout if status != USAGE else done.stderr

    return run


def test_what_no_test_touches_is_named_with_its_place(run):
    shown = run("--coverage")
    assert shown.splitlines()[:3] == ["mail.test.lua", "  ✓ mail is hidden", "1 passed, 0 failed"]
    table, missing = shown.split("\ncoverage\n")[1].split("\ntouched by no test\n")
    rows = {row.split()[0]: row.split()[1:] for row in table.splitlines() if row}
    assert rows["mail"] == ["1", "3", "2", "2", "1", "40%", "7"]
    assert rows["idle"] == ["0", "1", "1", "0", "0", "0%"]
    assert rows["total"] == ["1", "4", "3", "2", "1", "33%"]
    assert [line.strip() for line in missing.splitlines()] == [
        'lists/words.txt:2: match.words "pin"',
        'mail.lua:4: match.names "cc"',
        'mail.lua:4: match.text "email"',
        "mail.lua:7: the hook's code",
    ]


def test_without_the_flag_nothing_is_said_of_it(run):
    assert run() == "mail.test.lua\n  ✓ mail is hidden\n1 passed, 0 failed\n"


def test_programs_get_all_of_it_as_one_document(run):
    document = json.loads(run("--coverage", "--format", "json"))
    assert [(test["name"], test["passed"]) for test in document["tests"]] == [("mail is hidden", True)]
    mail = next(rule for rule in document["coverage"]["rules"] if rule["name"] == "mail")
    assert mail["lines"] == [6, 7] and mail["missingLines"] == [7]
    assert {entry["item"]: entry["isTouched"] for entry in mail["entries"]} == {"mail": True, "cc": False, "email": False}
    assert document["coverage"]["total"]["percent"] == 33
    assert "coverage" not in json.loads(run("--format", "json"))


def test_too_little_is_an_exit_status_of_its_own_and_what_is_missing_is_shown(run):
    assert "touched by no test" in run("--coverage", "--minimum", "34", status=REFUSED)
    run("--coverage", "--minimum", "33")
    assert "--coverage" in run("--minimum", "33", status=USAGE)
    assert "0 to 100" in run("--coverage", "--minimum", "101", status=USAGE)


def test_a_rule_that_does_not_load_and_a_test_that_fails_end_as_without_coverage(run):
    run("--coverage", status=BAD_RULE, **{"rules/mail.lua": "return rul {}\n"})
    run("--coverage", status=REFUSED, **{"rules/mail.test.lua": 'test "x" { given = span {}, dropped = "noise" }\n'})


def test_the_page_of_a_set_has_what_its_tests_touch(executable, tmp_path):
    write(tmp_path, FILES | {"rules/chain.lua": 'return chain { api = 1, "mail" }\n'})

    def audit(form):
        line = [executable, "audit", "--format", form]
        return subprocess.run(line, capture_output=True, text=True, cwd=tmp_path, timeout=120, check=True).stdout

    page = audit("text")
    assert "touched by tests: mail\n" in page
    assert "touched by no test: cc, email\n" in page
    assert "lines of code: 2, run by no test: 7\n" in page
    assert "of the 3 things that mail hides by, no test touches 2" in page
    [rule] = json.loads(audit("json"))["rules"]
    assert rule["coverage"] == {"touched": ["mail"], "untouched": ["cc", "email"], "lines": 2, "missingLines": [7]}


def test_the_rules_that_ship_have_no_line_that_no_test_runs(executable):
    line = [executable, "test", ROOT / "rules", "--coverage", "--format", "json"]
    document = json.loads(subprocess.run(line, capture_output=True, timeout=120, check=True).stdout)
    assert document["coverage"]["total"]["lines"] > 0
    assert all(rule["missingLines"] == [] for rule in document["coverage"]["rules"])
