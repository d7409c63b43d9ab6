"""Runs `processor-host process` and reads what it wrote."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

DONE, REFUSED, USAGE, BAD_RULE, STRIPPED, FOUND = range(6)


@dataclass
class Outcome:
    status: int
    output: bytes
    errors: str

    @property
    def request(self) -> ExportTraceServiceRequest:
        return ExportTraceServiceRequest.FromString(self.output)


class Host:
    def __init__(self, executable: Path, folder: Path):
        self.executable = executable
        self.folder = folder

    def write(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def write_rules(self, rules: dict[str, str], lists: dict[str, list[str]] | None = None) -> Path:
        """A rules directory whose chain is the rules in the order given."""
        folder = self.folder / "rules"
        (folder / "lists").mkdir(parents=True)
        for name, text in rules.items():
            (folder / f"{name}.lua").write_text(text)
        for name, terms in (lists or {}).items():
            (folder / "lists" / f"{name}.txt").write_text("".join(f"{term}\n" for term in terms))
        names = ", ".join(f'"{name}"' for name in rules)
        (folder / "chain.lua").write_text(f"return chain {{ api = 1, {names} }}\n")
        return folder

    def process(
        self, *inputs: Path, rules: Path | None = None, form: str = "proto", status: int | None = DONE
    ) -> Outcome:
        """Processes the inputs; without rules through a chain that edits nothing.

        The status is asserted unless it is None.
        """
        output = self.folder / "output"
        output.unlink(missing_ok=True)
        chain = ["--rules", str(rules)] if rules else ["--chain", "none"]
        command = [
            str(self.executable),
            "process",
            *chain,
            "--format",
            form,
            "--output",
            str(output),
            *map(str, inputs),
        ]
        run = subprocess.run(command, capture_output=True, timeout=300, cwd=self.folder)
        errors = run.stderr.decode(errors="replace")
        if status is not None:
            assert run.returncode == status, f"status {run.returncode}, expected {status}:\n{errors[:4000]}"
        return Outcome(run.returncode, output.read_bytes() if output.exists() else b"", errors)
