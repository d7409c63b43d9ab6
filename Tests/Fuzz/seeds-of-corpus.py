"""Writes each planted string of the labelled corpus as an input of the fuzz target `hiding`: seeds-of-corpus.py CORPUS FOLDER."""

import pathlib
import sys

corpus, folder = map(pathlib.Path, sys.argv[1:])
lines = (corpus / "planted.txt").read_text().splitlines()
for number, line in enumerate(line for line in lines if "\t" in line and not line.startswith("#")):
    text = line.split("\t", 1)[1]
    for bracket in "⟦⟧⟨⟩":
        text = text.replace(bracket, "")
    # Each under a policy with all detectors; the fuzzer tries the others.
    (folder / f"planted-{number}").write_bytes(bytes([13]) + text.encode())
