"""The guide for people who write rules: each Lua block in it is run, and what it shows as output is what comes out.

What a block is stands in its info string, which is not rendered:

    lua rule=NAME        a rule that `check` accepts; `text list=NAME` before it and `lua test=NAME` behind it belong to it
    lua test=NAME fails  a test that fails, `text error` behind it is what `check` then says about the tests
    lua refused=NAME     a rule that does not load, `text error` behind it is what `check` says
    lua chain            a chain, for which rules are made up
    lua hook, lua hide   a fragment of a hook or of a hide table, loaded but not run
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
WRAPPED = {
    "hook": 'return rule {{ about = "A fragment.", on_span = function(span)\n{}\nend }}\n',
    "hide": 'return rule {{ about = "A fragment.", hide = {{\n{}\n}} }}\n',
}
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


def blocks() -> list[Block]:
    found = []
    pattern = re.compile(r"^```(\S*)[ ]?(.*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    text = GUIDE.read_text()
    for match in pattern.finditer(text):
        options = dict(option.partition("=")[::2] for option in shlex.split(match[2]))
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
                assert f"{name}.lua" in example.files, f"line {block.line}: the rule before it is another one"
                example.files[f"{name}.test.lua"] = block.text
                if "fails" in block.options:
                    example.status, example.reports_tests = REFUSED, True
            case "text", "error":
                found[-1].expected = block.text
            case "lua", "chain":
                rules = re.findall(r'"(\w+)"', block.text)
                found.append(Example(block.line, {"chain.lua": block.text, **{f"{name}.lua": STUB for name in rules}}))
            case "lua", "hook" | "hide":
                found.append(Example(block.line, {"fragment.lua": WRAPPED[role].format(block.text)}))
            case "lua" | "text" | "json", _:
                pytest.fail(f"{GUIDE.name}:{block.line}: the block does not say what it is")
    return found


def write(folder: Path, files: dict[str, str]):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_the_guide_has_examples_of_each_kind():
    statuses = [example.status for example in examples()]
    assert {DONE, REFUSED, BAD_RULE} <= set(statuses)
    assert len(statuses) > 30
    assert any(block.language == "console" for block in blocks())


@pytest.mark.parametrize("example", examples(), ids=lambda example: f"line-{example.line}")
def test_an_example_does_what_the_guide_says(executable, tmp_path, example):
    names = [name.removesuffix(".lua") for name in example.files if re.fullmatch(r"\w+\.lua", name)]
    chain = ", ".join(f'"{name}"' for name in names)
    write(tmp_path, {"chain.lua": f"return chain {{ api = 1, {chain} }}\n", **example.files})
    run = subprocess.run([executable, "check", tmp_path], capture_output=True, text=True, timeout=60)
    assert run.returncode == example.status, run.stdout + run.stderr
    if example.status == DONE:
        return
    assert example.expected is not None, "the guide does not show the error"
    found = run.stderr
    if example.reports_tests:
        # Behind the facts about the rule.
        found = run.stdout[run.stdout.index(f"{names[0]}.test.lua\n") :]
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
