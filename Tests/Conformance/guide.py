"""The guides in docs/, cut into what their tests run: blocks of Lua, commands, and tables.

What a block is stands in its info string, which is not rendered; a block that does not say what it is fails:

    lua rule=NAME        a rule that `check` accepts; before it belong `text list=NAME`, and `text keys=NAME` with keys for
                         pseudonyms, behind it `lua test=NAME`
    lua test=NAME fails  a test that fails, `text error` behind it is what `check` then says about the tests
    lua refused=NAME     a rule that does not load, `text error` behind it is what `check` says
    lua chain            a chain, for which rules are made up
    lua hook             a fragment of a hook, loaded but not run
    … file=PATH          a file of the walkthrough; `console` runs commands there, `status=1` is how the last one ends;
                         behind `rule=NAME` and the like it is both, an example and a file of the walkthrough
    … shown              only shown, since it cannot be run
"""

import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from blocks import Block, blocks
from conftest import ROOT
from host import BAD_RULE, DONE, REFUSED

RULES = ROOT / "docs/rules.md"
HIDING = ROOT / "docs/hiding.md"
COOKBOOK = ROOT / "docs/cookbook.md"
STUB = 'return rule { about = "Stands in.", hide = { match.names { "none" } } }\n'
HOOK = 'return rule {{ about = "A fragment.", on_span = function(span)\n{}\nend }}\n'


@dataclass
class Example:
    """The blocks that are checked together, in a rules directory of their own."""

    line: int
    files: dict[str, str] = field(default_factory=dict)
    status: int = DONE
    expected: str | None = None
    reports_tests: bool = False
    fault: str = ""


def is_walkthrough(block: Block) -> bool:
    return block.language == "console" or "file" in block.options


def examples(guide: Path) -> list[Example]:
    found = []
    beside: dict[str, str] = {}
    for block in blocks(guide):
        role = block.role
        if block.language == "console" or role == "file" or "shown" in block.options:
            continue
        name = block.options.get(role)
        match block.language, role:
            case "text", "list":
                beside[f"lists/{name}.txt"] = block.text
            case "text", "keys":
                beside[f"{name}.keys"] = block.text
            case "lua", "rule" | "refused":
                status = DONE if role == "rule" else BAD_RULE
                found.append(Example(block.line, {f"{name}.lua": block.text, **beside}, status))
                beside = {}
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
        if path.suffix == ".keys":
            path.chmod(0o600)


def check(executable: Path, folder: Path, files: dict[str, str]) -> subprocess.CompletedProcess:
    """Runs `check` on a directory of these files, with a chain of all rules unless one is among them."""
    rules = ", ".join(f'"{name.removesuffix(".lua")}"' for name in files if re.fullmatch(r"\w+\.lua", name))
    write(folder, {"chain.lua": f"return chain {{ api = 1, {rules} }}\n", **files})
    keys = [f"--key={Path(name).stem}={folder / name}" for name in files if name.endswith(".keys")]
    return subprocess.run([executable, "check", folder, *keys], capture_output=True, text=True, timeout=60)


def rows(text: str) -> list[list[str]]:
    """The cells of a table's rows, without its heading."""
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in text.splitlines()[2:]]


def table(heading: str, number: int = 0, guide: Path = RULES) -> list[list[str]]:
    """The cells of a table below a heading, row by row."""
    section = guide.read_text().split(f"\n{heading}\n")[1]
    section = re.split(r"^#+ ", section, flags=re.MULTILINE)[0]
    return rows(re.findall(r"(?:^\|.*\n)+", section, re.MULTILINE)[number])


def code(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)
