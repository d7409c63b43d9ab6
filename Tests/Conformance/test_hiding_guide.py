"""What docs/hiding.md says is found and left, row by row.

A table behind `<!-- texts: STEP -->` has a text in each row, and what the step leaves of it, or "stays". One behind
`<!-- keys: STEP -->` has keys that the step finds and keys that it does not. One behind `<!-- forms: STEP -->` has
beginnings of tokens and what follows them, as a regular expression; behind `<!-- behind: STEP -->` the beginnings stay.
"""

import random
import re
import string

import pytest
from conftest import ROOT
from guide import HIDING, check, code, rows
from host import DONE

ALPHABET = string.ascii_letters + string.digits + "+/=_.%~-"
TABLE = re.compile(r"<!-- (\w+): (.+) -->\n+((?:^\|.*\n)+)", re.MULTILINE)


def tables(kind: str) -> list:
    text = HIDING.read_text()
    return [
        pytest.param(match[2], rows(match[3]), id=f"line-{text.count(chr(10), 0, match.start()) + 1}")
        for match in TABLE.finditer(text)
        if match[1] == kind
    ]


def lua(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def assert_left(executable, folder, step: str, pairs: list[tuple[str, str]]):
    """Checks a rule of one step, with a test for each pair of what goes in and what comes out."""
    rule = f'return rule {{ about = "One step.", hide = {{ {step} }} }}\n'
    test = "".join(f"test {lua(given)} {{ given = {given}, expect = {left} }}\n" for given, left in pairs)
    lists = {f"lists/{path.name}": path.read_text() for path in (ROOT / "rules/lists").glob("*.txt")}
    run = check(executable, folder, {"step.lua": rule, "step.test.lua": test, **lists})
    assert run.returncode == DONE, "\n".join(line for line in run.stdout.splitlines() if "✓" not in line) + run.stderr
    assert f"{len(pairs)} passed" in run.stdout


def attribute(key: str, value: str) -> str:
    return f"span {{ attributes = {{ [{lua(key)}] = {lua(value)} }} }}"


@pytest.mark.parametrize("step, cells", tables("texts"))
def test_of_a_text_is_left_what_the_page_says(executable, tmp_path, step, cells):
    pairs = []
    for text, left in cells:
        [text] = code(text)
        pairs.append((attribute("note", text), "span {}" if left == "stays" else attribute("note", code(left)[0])))
    assert_left(executable, tmp_path, step, pairs)


@pytest.mark.parametrize("step, cells", tables("keys"))
def test_keys_are_found_or_not_as_the_page_says(executable, tmp_path, step, cells):
    pairs = []
    for found, left in cells:
        pairs += [(attribute(key, "x"), attribute(key, "[REDACTED]")) for key in code(found)]
        pairs += [(attribute(key, "x"), "span {}") for key in code(left)]
    assert_left(executable, tmp_path, step, pairs)


def made_up(form: str) -> str:
    """A text of a form: literals, and classes of characters, each the fewest times that it may stand there."""
    text = ""
    for characters, count, literal in re.findall(r"\[([^]]+)\]\{([0-9]+)[^}]*\}|(.)", form):
        alphabet = [character for character in ALPHABET if re.match(f"[{characters}]", character)] if characters else []
        text += literal or "".join(random.Random(form).choices(alphabet, k=int(count)))
    return text


@pytest.mark.parametrize("kind", ["forms", "behind"])
def test_every_form_of_token_that_is_listed_is_found(executable, tmp_path, kind):
    [(step, cells)] = [table.values for table in tables(kind)]
    pairs = []
    for beginnings, rest, _ in cells:
        for beginning in code(beginnings):
            [form] = code(rest)
            token = made_up(form)
            left = f"{beginning}[REDACTED]" if kind == "behind" else "[REDACTED]"
            pairs.append((attribute("note", f"a {beginning}{token} b"), attribute("note", f"a {left} b")))
    assert pairs
    assert_left(executable, tmp_path, step, pairs)
