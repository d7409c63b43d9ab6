"""The metrics of the host, as the sources name them, and those that dashboards and alerts ask for."""

import re
from functools import cache

from conftest import ROOT

PREFIX = "processor_host_"
HISTOGRAM = ("_bucket", "_count", "_sum")


@cache
def sources() -> str:
    return "\n".join(path.read_text() for path in sorted((ROOT / "Sources").rglob("*.swift")))


@cache
def published() -> frozenset[str]:
    """The names under which series are published, but for the endings of histograms."""
    text = sources()
    found = set()
    for name in re.findall(r'\b(?:counter|gauge)\(\s*"([a-z_]+)"', text):
        found.add(PREFIX + name)
    for name in re.findall(r'MetricFamily\(\s*(?:\w+\.prefix|Self\.prefix) \+ "([a-z_]+)"', text):
        found.add(PREFIX + name)
    for kind, name in re.findall(r'\b(Timer|Counter|Meter)\(\s*label:\s*\w+\.prefix \+ "([a-z_]+)"', text):
        found.add(PREFIX + name + {"Timer": "_seconds", "Counter": "_total", "Meter": ""}[kind])
    return frozenset(found | set(re.findall(r'MetricFamily\(\s*"(process_[a-z_]+)"', text)))


@cache
def labels() -> frozenset[str]:
    text = sources()
    found = set(re.findall(r'\bby: "([a-z_]+)"', text)) | set(re.findall(r'MetricLabel\("([a-z_]+)"', text))
    for dimensions in re.findall(r"imensions(?::| =) \[(.*?)\]\s*$", text, re.MULTILINE | re.DOTALL):
        found |= set(re.findall(r'\("([a-z_]+)", ', dimensions))
    return frozenset(found | {"le", "job", "instance"})


def asked_for(expression: str) -> set[str]:
    """The metrics that an expression names, histograms without their ending."""
    found = set(re.findall(r"\b(?:processor_host|process)_[a-z_]+", re.sub(r'"[^"]*"', "", expression)))
    return {re.sub(r"_seconds_(bucket|count|sum)$", "_seconds", name) for name in found}


def labels_asked_for(expression: str) -> set[str]:
    found = set()
    for group in re.findall(r"\b(?:by|without) \(([^)]*)\)", expression):
        found |= {name.strip() for name in group.split(",")}
    return found | set(re.findall(r"[{,]\s*([a-z_]+)\s*(?:=~|!~|!=|=)", expression))
