"""The guides: each Lua block in them is run, and what they show as output is what comes out."""

import re
import shlex
import subprocess

import pytest
from blocks import blocks
from guide import COOKBOOK, HIDING, RULES, STUB, check, code, examples, is_walkthrough, table, write
from host import BAD_RULE, DONE, REFUSED
from language import DEFINED, LIBRARIES, WORDS, functions_of_lua

GUIDES = [RULES, HIDING, COOKBOOK]
EXAMPLES = [pytest.param(example, id=f"{guide.stem}-{example.line}") for guide in GUIDES for example in examples(guide)]


def test_the_guide_has_examples_of_each_kind():
    statuses = [example.status for example in examples(RULES)]
    assert {DONE, REFUSED, BAD_RULE} <= set(statuses)
    assert len(statuses) > 20
    assert any(block.language == "console" for block in blocks(RULES))


def test_the_cookbook_has_thirteen_rules_each_with_tests_and_those_for_spans_in_its_chain():
    found = {block.name("rule") for block in blocks(COOKBOOK)} - {None}
    tested = {block.name("test") for block in blocks(COOKBOOK)} - {None}
    [chain] = [block.text for block in blocks(COOKBOOK) if block.role == "chain"]
    assert len(found) == 13
    assert found == tested == set(re.findall(r'"(\w+)"', chain)) | {"tail_sampling"}


@pytest.mark.parametrize("example", EXAMPLES)
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


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_the_walkthrough_runs_as_it_is_written(executable, tmp_path, guide):
    for block in filter(is_walkthrough, blocks(guide)):
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
        where = f"{guide.name}:{block.line}"
        assert without_measurements("\n".join(shown)) == without_measurements(block.text.rstrip("\n")), where
        assert run.returncode == int(block.options.get("status", "0")), where


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


def as_lua(calls: str, results: str) -> str:
    """A row of the table of functions as Lua that fails unless it is true."""
    [call, *more], expected = code(calls), code(results)
    if results == "fails":
        return f"assert(not pcall(function() {call} end))\n"
    if call.startswith("for "):
        variables = re.match(r"for (.+) in ", call)[1]
        rounds = "".join(f"same( rounds[{place}], table.pack({values}))\n" for place, values in enumerate(expected, 1))
        loop = call.replace("…", f"rounds[#rounds + 1] = table.pack({variables})")
        return f"do\nlocal rounds = {{}}\n{loop}\nassert(#rounds == {len(expected)})\n{rounds}end\n"
    if ", with " in calls:
        assert expected[0] == "list"
        return f"do\nlocal {more[0]}\n{call}\nsame(list, {expected[1]})\nassert(#list == #{expected[1]})\nend\n"
    assert len(expected) == len([call, *more]), calls
    return "".join(f"same(table.pack({call}), table.pack({result}))\n" for call, result in zip([call, *more], expected))


SAME = """
local function same(left, right)
  for key, value in pairs(right) do assert(left[key] == value and math.type(left[key]) == math.type(value)) end
  for key in pairs(left) do assert(right[key] ~= nil) end
end
"""


def test_a_function_gives_what_the_guide_says(executable, tmp_path):
    # A file each, whose name says the row that is wrong.
    rows = enumerate(table("## The Lua there is", 1), 1)
    run = check(executable, tmp_path, {f"row_{number}.lua": SAME + as_lua(*row) + STUB for number, row in rows})
    assert run.returncode == DONE, run.stderr


def test_every_word_of_the_language_is_in_an_example():
    lua = "\n".join(block.text for block in blocks(RULES) if block.language == "lua" and "refused" not in block.options)
    wanted = set.union(*WORDS.values()) | {f"match.{name}" for name in DEFINED.classes["match"]}
    wanted |= {f"{name} = " for name in DEFINED.classes["RuleFields"] | DEFINED.classes["Powers"] | DEFINED.classes["TestFields"]}
    wanted |= {f":{name}" for name in ("keep", "sample", "sample_dynamic", "drop", "rate_limit", "hide")}
    assert not {word for word in wanted if not re.search(rf"(?<!\w){re.escape(word)}" if word[0] != ":" else word, lua)}


def test_every_function_is_in_the_table_of_what_they_give():
    shown = " ".join(call for row in table("## The Lua there is", 1) for call in code(row[0]))
    wanted = functions_of_lua() | {f"{library}.{name}" for library in LIBRARIES for name in DEFINED.classes[library]}
    assert not {name for name in wanted if not re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", shown)}


@pytest.mark.parametrize("name", [name for row in table("## The Lua there is", 2) for name in code(row[0])])
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
    can = 'can = { read = { %s }, rewrite = { %s }, drop = { "a" } }' % tuple(quoted)
    hooks = "on_span = function(span) end, on_trace = function(trace) end"
    rule = f'return rule {{ about = "Names all.", {can}, {hooks} }}\n'
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
