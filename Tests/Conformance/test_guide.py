"""The guide for people who write rules: each Lua block in it is run, and what it shows as output is what comes out.

What a block is stands in its info string, which is not rendered; a block that does not say what it is fails:

    lua rule=NAME        a rule that `check` accepts; `text list=NAME` before it and `lua test=NAME` behind it belong to it
    lua test=NAME fails  a test that fails, `text error` behind it is what `check` then says about the tests
    lua refused=NAME     a rule that does not load, `text error` behind it is what `check` says
    lua chain            a chain, for which rules are made up
    lua hook             a fragment of a hook, loaded but not run
    … file=PATH          a file of the walkthrough; `console` runs commands there, `status=1` is how the last one ends
"""

import re
import shlex
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from conftest import ROOT
from host import BAD_RULE, DONE, REFUSED

GUIDE = ROOT / "docs/rules.md"
HOOK = 'return rule {{ about = "A fragment.", on_span = function(span)\n{}\nend }}\n'
STUB = 'return rule { about = "Stands in.", hide = { match.names { "none" } } }\n'


@dataclass
class Block:
    line: int
    language: str
    options: dict[str, str]
    text: str

    def name(self, role: str) -> str | None:
        return self.options.get(role)


@dataclass
class Example:
    """The blocks that are checked together, in a rules directory of their own."""

    line: int
    files: dict[str, str] = field(default_factory=dict)
    status: int = DONE
    expected: str | None = None
    reports_tests: bool = False
    fault: str = ""


def blocks() -> list[Block]:
    found = []
    pattern = re.compile(r"^```(\S*) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    text = GUIDE.read_text()
    for match in pattern.finditer(text):
        options = dict(option.partition("=")[::2] for option in match[2].split())
        found.append(Block(text.count("\n", 0, match.start()) + 1, match[1], options, match[3]))
    return found


def is_walkthrough(block: Block) -> bool:
    return block.language == "console" or "file" in block.options


def examples() -> list[Example]:
    found = []
    lists: dict[str, str] = {}
    for block in blocks():
        if is_walkthrough(block):
            continue
        role = next(iter(block.options), "")
        name = block.options.get(role)
        match block.language, role:
            case "text", "list":
                lists[f"lists/{name}.txt"] = block.text
            case "lua", "rule" | "refused":
                status = DONE if role == "rule" else BAD_RULE
                found.append(Example(block.line, {f"{name}.lua": block.text, **lists}, status))
                lists = {}
            case "lua", "test":
                example = found[-1]
                if f"{name}.lua" not in example.files:
                    example.fault = f"the test in line {block.line} is not one of the rule before it"
                example.files[f"{name}.test.lua"] = block.text
                if "fails" in block.options:
                    example.status, example.reports_tests = REFUSED, True
            case "text", "error":
                found[-1].expected = block.text
            case "lua", "chain":
                rules = re.findall(r'"(\w+)"', block.text)
                found.append(Example(block.line, {"chain.lua": block.text, **{f"{name}.lua": STUB for name in rules}}))
            case "lua", "hook":
                found.append(Example(block.line, {"fragment.lua": HOOK.format(block.text)}))
            case _:
                found.append(Example(block.line, fault="the block does not say what it is"))
    return found


def write(folder: Path, files: dict[str, str]):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def check(executable: Path, folder: Path, files: dict[str, str]) -> subprocess.CompletedProcess:
    rules = ", ".join(f'"{name.removesuffix(".lua")}"' for name in files if re.fullmatch(r"\w+\.lua", name))
    write(folder, {"chain.lua": f"return chain {{ api = 1, {rules} }}\n", **files})
    return subprocess.run([executable, "check", folder], capture_output=True, text=True, timeout=60)


def test_the_guide_has_examples_of_each_kind():
    statuses = [example.status for example in examples()]
    assert {DONE, REFUSED, BAD_RULE} <= set(statuses)
    assert len(statuses) > 20
    assert any(block.language == "console" for block in blocks())


@pytest.mark.parametrize("example", examples(), ids=lambda example: f"line-{example.line}")
def test_an_example_does_what_the_guide_says(executable, tmp_path, example):
    assert not example.fault
    run = check(executable, tmp_path, example.files)
    assert run.returncode == example.status, run.stdout + run.stderr
    found = None
    if example.reports_tests:
        # Behind the facts about the rule.
        found = re.search(r"^\w+\.test\.lua\n.*", run.stdout, re.MULTILINE | re.DOTALL)[0]
    elif example.status == BAD_RULE:
        found = run.stderr
    assert found == example.expected


def without_measurements(text: str) -> str:
    text = re.sub(r"\bin [0-9.]+ m?s\b", "in 1 ms", text)
    return re.sub(r"\b[0-9]+ steps\b", "1 steps", text)


def test_the_walkthrough_runs_as_it_is_written(executable, tmp_path):
    for block in filter(is_walkthrough, blocks()):
        if name := block.name("file"):
            write(tmp_path, {name: block.text})
            continue
        shown = []
        for line in block.text.splitlines():
            if not line.startswith("$ "):
                continue
            program, *arguments = shlex.split(line[2:])
            assert program == "processor-host", f"line {block.line}: only processor-host is run"
            run = subprocess.run(
                [executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=tmp_path, timeout=60
            )
            shown += [line, *run.stdout.splitlines()]
        where = f"{GUIDE.name}:{block.line}"
        assert without_measurements("\n".join(shown)) == without_measurements(block.text.rstrip("\n")), where
        assert run.returncode == int(block.options.get("status", "0")), where


def table(heading: str, number: int = 0) -> list[list[str]]:
    """The cells of a table below a heading, row by row."""
    section = GUIDE.read_text().split(f"\n{heading}\n")[1]
    section = re.split(r"^#+ ", section, flags=re.MULTILINE)[0]
    rows = re.findall(r"(?:^\|.*\n)+", section, re.MULTILINE)[number].splitlines()
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows[2:]]


def code(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_the_library_is_the_one_that_is_listed(executable, tmp_path):
    lua = ""
    for left, right in table("## The Lua there is"):
        if left == "functions":
            lua += "".join(f"assert({name})\n" for name in code(right))
            continue
        library = code(left)[0]
        known = " ".join(f"{name} = true," for name in code(right))
        lua += f"do\n  local known = {{ {known} }}\n"
        lua += f"  for name in pairs({library}) do assert(known[name]) end\n"
        lua += f"  for name in pairs(known) do assert({library}[name]) end\nend\n"
    run = check(executable, tmp_path, {"library.lua": lua + STUB})
    assert run.returncode == DONE, run.stderr


@pytest.mark.parametrize("name", [name for row in table("## The Lua there is", 1) for name in code(row[0])])
def test_what_is_listed_as_not_there_is_not(executable, tmp_path, name):
    run = check(executable, tmp_path, {"absent.lua": f"local absent = {name}\n{STUB}"})
    assert run.returncode == BAD_RULE
    assert f"{name} is not available in rules" in run.stderr or name == "_ENV"


def test_every_path_that_is_listed_exists(executable, tmp_path):
    rows = table("### Paths")
    read = [path for row in rows if row[2].startswith("yes") for path in code(row[0])]
    rewrite = [path for row in rows if len(row) > 3 and row[3].startswith("yes") for path in code(row[0])]
    assert len(read) > 25 and len(rewrite) > 4
    quoted = [", ".join(f'"{path}"' for path in paths) for paths in (read, rewrite)]
    can = "can = { read = { %s }, rewrite = { %s } }" % tuple(quoted)
    rule = f'return rule {{ about = "Names all.", {can}, on_span = function(span) end }}\n'
    run = check(executable, tmp_path, {"paths.lua": rule})
    assert run.returncode == DONE, run.stderr


def test_every_field_that_is_listed_can_be_read(executable, tmp_path):
    fields = []
    for left, right in table("## The span"):
        for name in code(left):
            if name.startswith("span."):
                fields.append(name)
            if name in ("span.events", "span.links"):
                fields += [f"{name}[1].{part}" for part in code(right)]
            if name in ("span.kind", "span.status.code"):
                fields += [constant if constant[0] != "." else f"kind{constant}" for constant in code(right)]
    assert len(fields) > 40
    reads = "\n".join(f"local _ = {name}" for name in fields)
    rule = f'return rule {{ about = "Reads all.", can = {{ read = {{ "*" }} }}, on_span = function(span)\n{reads}\nend }}\n'
    test = 'test "all" { given = span { events = { event {} }, links = { link {} } }, expect = span {} }\n'
    run = check(executable, tmp_path, {"fields.lua": rule, "fields.test.lua": test})
    assert run.returncode == DONE, run.stdout + run.stderr


def test_every_field_of_a_test_that_is_listed_exists(executable, tmp_path):
    fields = [code(row[0])[0].split(" ")[0] for row in table("## Tests")]
    parts = [name for row in table("## Tests", 1) for name in code(row[0])]
    assert {"given", "kept", "fails"} <= set(fields) and len(parts) > 12
    # Each with a value that none of them takes: the complaint must be about the value, not about the name.
    tests = [f'test "a field" {{ given = span {{}}, expect = 1, {name} = 1 }}\n' for name in fields]
    tests += [f'test "a part" {{ given = span {{ {name} = false }}, expect = span {{}} }}\n' for name in parts]
    for test in tests:
        run = check(executable, tmp_path, {"stub.lua": STUB, "stub.test.lua": test})
        assert run.returncode == BAD_RULE, test
        assert "is not a field" not in run.stderr, run.stderr
