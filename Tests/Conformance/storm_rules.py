"""The rules of a storm of reloads, good and broken, and the ways in which they are written."""

import hashlib
import os
import shutil
import time
from pathlib import Path

SECRETS = 6
# Hidden by every set, inside text.
ALWAYS = "somebody@storm.example"


def good(number: int) -> str:
    """The rule of a set: which secrets it hides are the bits of its number."""
    names = [f'"secret_{index}"' for index in range(SECRETS) if hides(number, index)] + ['"never"']
    return (
        f"-- Set {number}.\n"
        "return rule {\n"
        '  about = "Marks spans, and hides.",\n'
        f'  hide = {{ match.names {{ {", ".join(names)} }}, match.text {{ "email" }} }},\n'
        '  can = { set = { mark_first = "integer", mark_last = "integer" } },\n'
        "  on_span = function(span)\n"
        f"    span.attributes.mark_first = {number}\n"
        "    local sum = 0\n"
        "    for step = 1, 20 do sum = sum + step end\n"
        f"    span.attributes.mark_last = {number} + sum - 210\n"
        "  end,\n"
        "}\n"
    )


def hides(number: int, index: int) -> bool:
    return bool(number >> index & 1)


TEST = (
    'test "an address is hidden" {\n'
    f'  given = span {{ attributes = {{ note = "from {ALWAYS}" }} }},\n'
    f'  nowhere = {{ "{ALWAYS}" }},\n'
    "}\n"
)
CHAIN = 'return chain { api = 1, "storm" }\n'


def broken(number: int) -> str:
    """A rule that must not run: its syntax, its fields, its powers, its tests are wrong, or it is empty."""
    text = good(number)
    kinds = [
        lambda: text.replace("hide = {", "hide = {{"),
        lambda: text.replace("on_span", "on_spam"),
        lambda: text.replace("can = { set", "can = { sett"),
        lambda: text.replace(', match.text { "email" }', ""),
        lambda: "",
        lambda: text.replace("span.attributes.mark_first", "spam.attributes.mark_first"),
    ]
    return kinds[number // 2 % len(kinds)]()


def digest(rule: str) -> str:
    """The digest of a set: over all files, with their names and lengths."""
    digest = hashlib.sha256()
    for name, text in (("chain.lua", CHAIN), ("storm.lua", rule), ("storm.test.lua", TEST)):
        digest.update(f"{name}\n{len(text.encode())}\n".encode() + text.encode())
    return digest.hexdigest()


class RulesOnDisk:
    """A rules directory that is written in every way that editors, scripts and Kubernetes write."""

    def __init__(self, folder: Path):
        self.path = folder / "rules"
        self.text = good(0)
        self.versions = 0
        self.skipped: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)
        self._fill(self.path)

    @property
    def patterns(self) -> list:
        return [
            self.in_place, self.in_pieces, self.truncated_first, self.renamed_over, self.swap_file, self.away_and_back,
            self.without_permission, self.links_swapped, self.directory_replaced, self.directory_linked,
        ]  # fmt: skip

    def write(self, text: str, turn: int) -> str:
        """Writes the rule in the way whose turn it is; the way's name."""
        way = self.patterns[turn % len(self.patterns)]
        is_kubernetes = way == self.links_swapped
        if is_kubernetes != (self.path / "..data").exists() or self.path.is_symlink():
            self._lay_out(self._fill_as_kubernetes if is_kubernetes else self._fill)
        self.text, before = text, self.text
        way(before)
        return way.__name__

    @property
    def file(self) -> Path:
        return self.path / "storm.lua"

    def in_place(self, _):
        with self.file.open("r+") as file:
            file.write(self.text)
            file.truncate()

    def in_pieces(self, _):
        size = max(len(self.text) // 5, 1)
        with self.file.open("w") as file:
            for start in range(0, len(self.text), size):
                file.write(self.text[start : start + size])
                file.flush()
                time.sleep(0.01)

    def truncated_first(self, _):
        self.file.write_text("")
        time.sleep(0.12)
        self.file.write_text(self.text)

    def renamed_over(self, _):
        other = self.path / "storm.lua.new"
        other.write_text(self.text)
        other.rename(self.file)

    def swap_file(self, _):
        swap, backup = self.path / ".storm.lua.swp", self.path / "storm.lua~"
        swap.write_text("what is being typed")
        self.file.rename(backup)
        self.file.write_text(self.text)
        backup.unlink()
        swap.unlink()

    def away_and_back(self, _):
        self.file.unlink()
        time.sleep(0.12)
        self.file.write_text(self.text)

    def without_permission(self, _):
        if os.geteuid() == 0:
            self.skipped.add("lost permissions: nothing is forbidden to root")
            return self.renamed_over(None)
        self.file.chmod(0)
        time.sleep(0.12)
        self.file.chmod(0o644)
        self.file.write_text(self.text)

    def links_swapped(self, _):
        """As the kubelet does with a ConfigMap."""
        old = self.path / os.readlink(self.path / "..data")
        self._point_data_at(self.path)
        shutil.rmtree(old)

    def directory_replaced(self, _):
        self._lay_out(self._fill)

    def directory_linked(self, _):
        target = self.path.with_name(self._next("target"))
        self._fill(target)
        link = self.path.with_name("link")
        link.symlink_to(target.name)
        self._clear()
        link.rename(self.path)

    def _fill(self, folder: Path):
        folder.mkdir()
        for name, text in (("chain.lua", CHAIN), ("storm.test.lua", TEST), ("storm.lua", self.text)):
            (folder / name).write_text(text)

    def _fill_as_kubernetes(self, folder: Path):
        folder.mkdir()
        self._point_data_at(folder)
        for name in ("chain.lua", "storm.test.lua", "storm.lua"):
            (folder / name).symlink_to(f"..data/{name}")

    def _point_data_at(self, folder: Path):
        version = self._next("..version")
        self._fill(folder / version)
        (folder / "..data_tmp").symlink_to(version)
        (folder / "..data_tmp").rename(folder / "..data")

    def _lay_out(self, fill):
        other = self.path.with_name(self._next("other"))
        fill(other)
        self._clear()
        other.rename(self.path)

    def _clear(self):
        """Moves what is at the path out of the way; what it was is removed."""
        away = self.path.with_name("away")
        target = self.path.resolve() if self.path.is_symlink() else None
        self.path.rename(away)
        if target:
            away.unlink()
        shutil.rmtree(target or away)

    def _next(self, name: str) -> str:
        self.versions += 1
        return f"{name}_{self.versions}"
