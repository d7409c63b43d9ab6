"""What editors and luacheck know of the rule language is what the host has: each word, each field, and no other.

What the host has is asked of it where it answers: an error about a made-up name lists the names there are. The rest, which
are the globals and the members of a span, comes from language.py; that each of them is really there is tried in a rule.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from blocks import blocks
from conftest import ROOT
from guide import COOKBOOK, RULES, STUB, check, code, table, write
from host import BAD_RULE, DONE
from language import DEFINED, LIBRARIES, LIBRARY, WORDS, functions_of_lua, members, names

MADE_UP = "qqqqqqqqqqqqqqqq"


def test_the_words_are_found_in_the_sources():
    assert {"rule", "settings", "match", "list", "status", "duration"} <= WORDS["rule"]
    assert {"test", "span", "bytes", "kind"} <= WORDS["test"] and WORDS["chain"] == {"chain"}
    assert {"pairs", "_VERSION"} <= functions_of_lua()


def test_every_global_of_the_sandbox_is_defined_and_no_other():
    assert DEFINED.globals == set.union(*WORDS.values()) | functions_of_lua() | LIBRARIES


def test_every_global_that_is_defined_is_there(executable, tmp_path):
    """Asked of the host: a global that it does not know is an error when the file loads."""
    everywhere = functions_of_lua() | LIBRARIES
    lua = {kind: "".join(f"local _ = {name}\n" for name in sorted(WORDS[kind] | everywhere)) for kind in WORDS}
    files = {
        "stub.lua": lua["rule"] + STUB,
        "stub.test.lua": lua["test"] + 'test "it loads" { given = span {}, expect = span {} }\n',
        "chain.lua": lua["chain"] + 'return chain { api = 1, "stub" }\n',
    }
    run = check(executable, tmp_path, files)
    assert run.returncode == DONE, run.stderr


def test_the_library_is_the_one_that_is_defined(executable, tmp_path):
    lua = ""
    for library in sorted(LIBRARIES):
        known = " ".join(f"{name} = true," for name in sorted(DEFINED.classes[library]))
        lua += f"do\n  local known = {{ {known} }}\n"
        lua += f"  for name in pairs({library}) do assert(known[name]) end\n"
        lua += f"  for name in pairs(known) do assert({library}[name]) end\nend\n"
    run = check(executable, tmp_path, {"library.lua": lua + STUB})
    assert run.returncode == DONE, run.stderr


def hide(step: str) -> dict[str, str]:
    return {"probe.lua": f'return rule {{ about = "Asks.", hide = {{ {step} }} }}\n'}


def hook(fields: str) -> dict[str, str]:
    return {"probe.lua": f'return rule {{ about = "Asks.", {fields}, on_span = function() end }}\n'}


def value(expression: str) -> dict[str, str]:
    return {"probe.lua": f"local _ = {expression}\n{STUB}"}


def test_file(fields: str, given: str = "") -> dict[str, str]:
    return {"probe.lua": STUB, "probe.test.lua": f'test "asks" {{ given = span {{ {given} }}, {fields} }}\n'}


test_file.__test__ = False
ASKED = {
    "RuleFields": hide(f'match.names {{ "a" }} }}, {MADE_UP} = {{'),
    "Powers": hook(f'can = {{ {MADE_UP} = {{ "a" }} }}'),
    "WordOptions": hide(f'match.words({{ "a" }}, {{ {MADE_UP} = {{ "b" }} }})'),
    "PatternOptions": hide(f'match.patterns({{ "a" }}, {{ {MADE_UP} = {{ "b" }} }})'),
    "Limits": hide(f"limit {{ {MADE_UP} = 1 }}"),
    "NumberRange": value(f"settings {{ a = count(1, {{ {MADE_UP} = 1 }}) }}"),
    "DurationRange": value(f'settings {{ a = duration("1s", {{ {MADE_UP} = "1s" }}) }}'),
    "match": value(f"match.{MADE_UP}"),
    "status": value(f"status.{MADE_UP}"),
    "kind": value(f"kind.{MADE_UP}"),
    "TestFields": test_file(f"{MADE_UP} = 1"),
    "TestSpan": test_file("expect = span {}", f"{MADE_UP} = 1"),
    "TestStatus": test_file("expect = span {}", f"status = {{ {MADE_UP} = 1 }}"),
    "TestScope": test_file("expect = span {}", f"scope = {{ {MADE_UP} = 1 }}"),
    "TestEvent": test_file("expect = span {}", f"events = {{ event {{ {MADE_UP} = 1 }} }}"),
    "TestLink": test_file("expect = span {}", f"links = {{ link {{ {MADE_UP} = 1 }} }}"),
}


def answer(executable, folder: Path, files: dict[str, str], pattern: str = r"; there are ([^;\n]+)") -> set[str]:
    run = check(executable, folder, files)
    assert run.returncode == BAD_RULE and MADE_UP in run.stderr, run.stdout + run.stderr
    return set(re.search(pattern, run.stderr)[1].split(", "))


@pytest.mark.parametrize("name", ASKED)
def test_fields_are_those_that_the_host_lists(executable, tmp_path, name):
    assert DEFINED.classes[name] == answer(executable, tmp_path, ASKED[name])


def test_strings_with_a_meaning_are_those_that_the_host_lists(executable, tmp_path):
    # The detector that needs words beside it is not listed to a rule that has none.
    detectors = answer(executable, tmp_path, hide(f'match.text {{ "{MADE_UP}" }}'))
    assert DEFINED.aliases["Detector"] == detectors | {"assignment"}
    policies = answer(executable, tmp_path, hook(f'on_failure = "{MADE_UP}"'), r"on_failure is (.+), not ")
    assert DEFINED.aliases["FailurePolicy"] == policies
    types = answer(executable, tmp_path, hook(f'can = {{ set = {{ a = "{MADE_UP}" }} }}'))
    assert DEFINED.aliases["SetType"] == types
    paths = answer(executable, tmp_path, hook(f'can = {{ rewrite = {{ "{MADE_UP}" }} }}'))
    assert {path.replace("*", "…") for path in DEFINED.aliases["RewritePath"]} == paths


def test_paths_are_those_of_the_guide_which_the_host_takes(executable, tmp_path):
    listed = {path for row in table("### Paths") for path in code(row[0])}
    assert DEFINED.aliases["ReadPath"] == {path for path in listed if ".KEY" not in path and ".http." not in path}
    quoted = ", ".join(f'"{path}"' for path in DEFINED.aliases["ReadPath"])
    powers = f'can = {{ read = {{ {quoted} }}, drop = {{ "a" }} }}, on_trace = function() end'
    run = check(executable, tmp_path, hook(powers))
    assert run.returncode == DONE, run.stderr


def test_the_span_is_the_one_of_the_sandbox(executable, tmp_path):
    for name, file, listing in [
        ("Span", "span_api.c", "span_members"),
        ("Status", "span_api.c", "status_members"),
        ("Scope", "span_api.c", "scope_members"),
        ("Event", "span_parts.c", "event_members"),
        ("Link", "span_parts.c", "link_members"),
    ]:
        assert DEFINED.classes[name] == members(file, listing), name
    parts = {"Span": "span", "Status": "span.status", "Scope": "span.scope", "Event": "span.events[1]", "Link": "span.links[1]"}
    reads = "".join(f"local _ = {part}.{field}\n" for name, part in parts.items() for field in sorted(DEFINED.classes[name]))
    # The one member that is only called, with a step that the file made.
    reads = reads.replace("local _ = span.hide\n", "span:hide(step)\n")
    rule = 'local step = match.names { "a" }\nreturn rule { about = "Reads all.", can = { read = { "*" } },\n'
    rule += f"on_span = function(span)\n{reads}end }}\n"
    test = 'test "all" { given = span { events = { event {} }, links = { link {} } }, expect = span {} }\n'
    run = check(executable, tmp_path, {"fields.lua": rule, "fields.test.lua": test})
    assert run.returncode == DONE, run.stdout + run.stderr


def test_the_trace_is_the_one_of_the_sandbox(executable, tmp_path):
    assert DEFINED.classes["Trace"] == members("trace_api.c", "trace_members")
    reads = "".join(f"local _ = trace.{field}\n" for field in sorted(DEFINED.classes["Trace"]))
    reads += "".join(f"local _ = trace.root.{field}\n" for field in sorted(DEFINED.classes["Span"] | DEFINED.classes["TraceSpan"]))
    rule = 'return rule { about = "Reads all.", can = { read = { "*" }, drop = { "a" } },\n'
    rule += f"on_trace = function(trace)\n{reads}end }}\n"
    test = 'test "all" { given = { span {} }, expect = { span {} } }\n'
    run = check(executable, tmp_path, {"fields.lua": rule, "fields.test.lua": test})
    assert run.returncode == DONE, run.stdout + run.stderr


def test_the_settings_leave_no_library_that_rules_do_not_have():
    settings = json.loads((ROOT / ".luarc.json").read_text())
    assert settings["runtime.version"] == "Lua 5.4"
    assert [ROOT / path for path in settings["workspace.library"]] == [LIBRARY]
    # What the server calls basic are the functions without a table. All of its own are off, for those that rules have
    # hold more in it.
    builtin = {"basic", "coroutine", "debug", "io", "math", "os", "package", "string", "table", "utf8"}
    assert settings["runtime.builtin"] == dict.fromkeys(sorted(builtin), "disable")
    shown = [json.loads(block.text) for block in blocks(RULES) if block.name("file") == ".luarc.json"]
    assert len(shown) == 1
    # Where the repository lies differs, nothing else does.
    own = {"workspace.library", "workspace.ignoreDir"}
    assert {key: shown[0][key] for key in shown[0] if key not in own} == {key: settings[key] for key in settings if key not in own}


def luacheck_words(name: str) -> set[str]:
    body = re.search(rf"^stds\.{name} = globals \{{(.*?)\}}$", (ROOT / ".luacheckrc").read_text(), re.MULTILINE | re.DOTALL)[1]
    return set(re.findall(r"(\w+) = ", body))


def test_luacheck_knows_the_same_words():
    text = (ROOT / ".luacheckrc").read_text()
    assert {kind: luacheck_words(kind) for kind in WORDS} == WORDS
    assert names(re.search(r"^local functions = \{(.*)\}", text, re.MULTILINE)[1]) == functions_of_lua()
    for name, listed in re.findall(r'(\w+) = fields "([^"]+)"', text):
        assert set(listed.split()) == DEFINED.classes[name], name


@pytest.mark.skipif(not shutil.which("luacheck"), reason="luacheck is not installed")
def test_luacheck_finds_what_is_no_word(tmp_path):
    shutil.copy(ROOT / ".luacheckrc", tmp_path)
    (tmp_path / "fine.lua").write_text('return rule { about = "Hides.", hide = { match.names { "a" } } }\n')
    (tmp_path / "wrong.lua").write_text('return rule { about = "Hides.", hide = { match.nmes { "a" }, span {}, print() } }\n')
    run = subprocess.run(["luacheck", "--no-color", "fine.lua", "wrong.lua"], capture_output=True, text=True, cwd=tmp_path)
    assert re.search(r"fine\.lua +OK", run.stdout), run.stdout
    for found in ("undefined field 'nmes' of global 'match'", "undefined variable 'span'", "undefined variable 'print'"):
        assert found in run.stdout, run.stdout


@pytest.mark.skipif(not shutil.which("lua-language-server"), reason="lua-language-server is not installed")
def test_the_language_server_finds_what_is_wrong_and_nothing_else(tmp_path):
    def problems(name: str, files: dict[str, str]) -> set[str]:
        folder = tmp_path / name
        shutil.copytree(LIBRARY, folder / LIBRARY.relative_to(ROOT))
        write(folder, {".luarc.json": (ROOT / ".luarc.json").read_text(), **files})
        line = ["lua-language-server", f"--check={folder}", "--checklevel=Warning", f"--logpath={tmp_path / 'log'}"]
        said = subprocess.run(line, capture_output=True, text=True, timeout=300).stdout
        assert "Diagnosis complete" in said
        return set(re.findall(r"\.lua:(\d+):", re.sub(r"\x1b\[[0-9;]*m", "", said)))

    examples = {
        f"docs-{guide.stem}-{block.line}/{block.name(block.role) or block.role}{'.test' * (block.role == 'test')}.lua": block.text
        for guide in (RULES, COOKBOOK)
        for block in blocks(guide)
        if block.language == "lua" and block.role in ("rule", "test", "chain")
    }
    shipped = {f"rules/{path.name}": path.read_text() for path in (ROOT / "rules").glob("*.lua")}
    assert len(examples) > 60 and problems("right", {**shipped, **examples}) == set()
    wrong = [
        "local a = match.nmes {}",
        'local b = match.text { "emial" }',
        'local c = cut(match.names { "a" })',
        "local d = os.time()",
        'local e = ("a"):uper()',
        "local f = math.random()",
        "local g = kind.sever",
        'return rule { about = 5, on_span = function(span)',
        '  span:dorp "x"',
        '  span:sample("x", 0.1)',
        "  span.name = span.events[1].nme",
        'end, on_failure = "passs" }',
    ]
    assert problems("wrong", {"wrong.lua": "\n".join(wrong)}) == {str(line) for line in range(1, len(wrong) + 1)}
