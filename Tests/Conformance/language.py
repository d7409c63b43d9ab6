"""The words of the rule language: those that the definitions for editors declare, and those that the sandbox offers.

What the sandbox offers is read from the tables in its sources, since no rule can list its own globals.
"""

import re

from conftest import ROOT

LIBRARY = ROOT / "Editors/lua-language-server/library"
SANDBOX = ROOT / "Sources/CRuleSandbox"


class Definitions:
    """The names that the definitions declare."""

    def __init__(self, text: str):
        self.globals = set(re.findall(r"^(?:function )?(\w+)(?: = |\()", text, re.MULTILINE))
        self.classes: dict[str, set[str]] = {}
        for name, body in re.findall(r"^---@class (?:\(exact\) )?(\w+).*\n((?:---@field .*\n)*)", text, re.MULTILINE):
            self.classes[name] = set(re.findall(r"^---@field (\w+)", body, re.MULTILINE))
        # Methods, and the members of tables; those of `string` stand under its own name.
        for name, member in re.findall(r"^function (\w+)[.:](\w+)", text, re.MULTILINE):
            self.classes.setdefault(name, set()).add(member)
        for name, body in re.findall(r"^(\w+) = \{\n((?:  \w+ = .*\n)*)\}", text, re.MULTILINE):
            self.classes.setdefault(name, set()).update(re.findall(r"^  (\w+) = ", body, re.MULTILINE))
        self.aliases: dict[str, set[str]] = {}
        for name, body in re.findall(r"^---@alias (\w+)(.*\n(?:---\|.*\n)*)", text, re.MULTILINE):
            self.aliases[name] = set(re.findall(r'"([^"]+)"', body.split(" #")[0] if "\n---|" not in body else body))


DEFINED = Definitions("\n".join(path.read_text() for path in sorted(LIBRARY.glob("*.lua"))))
LIBRARIES = {"string", "table", "math", "utf8"}


def names(text: str) -> set[str]:
    """The strings of a C initializer's first column."""
    return set(re.findall(r'"(\w+)"', text))


def source(name: str) -> str:
    return (SANDBOX / name).read_text()


def functions_of_lua() -> set[str]:
    body = re.search(r"functions\[\] = \{(.*?)\n  \};", source("base.c"), re.DOTALL)[1]
    return names(body) | set(re.findall(r'sandbox_set_global\(L, "(\w+)"\)', source("base.c")))


def words() -> dict[str, set[str]]:
    """The globals of each kind of file, without Lua's own."""
    installation = source("rule_words.c").split("// MARK: installation")[1]
    parts = {}
    for name, body in re.findall(r"^static void install_(\w+)\(lua_State \*L\) \{\n(.*?)^\}", installation, re.MULTILINE | re.DOTALL):
        listed = "".join(re.findall(r"words\[\] = \{(.*?)\}", body, re.DOTALL))
        parts[name] = names(listed) | set(re.findall(r'(?:sandbox_set_global|set_constants)\(L, "(\w+)"', body))
        if '"test"' in body:
            parts[name].add("test")
    chain = set(re.findall(r'RULE_FILE_CHAIN: set_global_word\(L, "(\w+)"\)', installation))
    return {"rule": parts["common"] | parts["rule_words"], "test": parts["common"] | parts["test_words"], "chain": chain}


WORDS = words()


def members(file: str, table: str) -> set[str]:
    body = re.search(rf"{table}\[\] = \{{(.*?)\{{NULL, ", source(file), re.DOTALL)[1]
    return set(re.findall(r'\{"(\w+)",', body))
