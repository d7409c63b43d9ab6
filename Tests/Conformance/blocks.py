"""The fenced blocks of a guide in docs/, by what their info strings say. Needs nothing but Python."""

import re
from dataclasses import dataclass
from pathlib import Path

FENCED = re.compile(r"^```(\S*) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Block:
    line: int
    language: str
    options: dict[str, str]
    text: str

    @property
    def role(self) -> str:
        """What the block is, which its info string says first."""
        return next(iter(self.options), "")

    def name(self, role: str) -> str | None:
        return self.options.get(role)


def blocks(guide: Path) -> list[Block]:
    found = []
    text = guide.read_text()
    for match in FENCED.finditer(text):
        options = dict(option.partition("=")[::2] for option in match[2].split())
        found.append(Block(text.count("\n", 0, match.start()) + 1, match[1], options, match[3]))
    return found
