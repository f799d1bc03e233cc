"""Stand-off annotations: units whose text is not kept, only where it stands in newsletters that a machine has.

A row holds `file` (under the folder of newsletters) and `issue` (which one of the file), `lines` (the [start, end] of
each line of the unit in the issue's text: headings and labels, then the sentences), `check` (the start of the text's
SHA-256), entities, handles and facts as in data.load. The text of a line is its visible words, a space where the issue
has a gap.

A file of corrections mends annotations that come from elsewhere. A row holds `check`, `spans` ([start, end, type], null
where there is no name) and `facts` ([subject, relation, object, attrs of each such fact…], none where none is stated).
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from spacy.tokens import Doc

from ingest.language import Tokenizer, toks
from ingest.readers import read
from ingest.training.data import Unit, unit_of
from kg.errors import ReadError
from kg.model import Issue


def load(path: Path, newsletters: Path) -> Iterator[Unit]:
    """Yield the units of a file whose text is found as it was annotated; raise ReadError if none is."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        rows[row["file"]].append(row)
    found = missed = 0
    for file, wanted in sorted(rows.items()):
        docs = documents(newsletters / file)
        for row in wanted:
            doc = docs[row["issue"]] if row["issue"] < len(docs) else None
            text = compose(doc, row["lines"]) if doc is not None else ""
            if check(text) == row["check"]:
                found += 1
                yield unit_of({**row, "text": text, "source": file})
            else:
                missed += 1
    if missed:
        print(f"{path}: {missed} of {found + missed} units are not found in {newsletters}", flush=True)
    if not found:
        raise ReadError(f"{path}: no unit's text is found in {newsletters}; give the folder of the newsletters")


def corrected(units: Iterable[Unit], path: Path) -> list[Unit]:
    """Return the units, those whose texts a file of corrections names as it mends them.

    Raise ReadError naming file and line if it is absent or broken; how many rows name no text is printed.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ReadError(f"{path}: cannot be read ({error.strerror})") from error
    rows = {}
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            rows[row["check"]] = _Mending([(s, e, k) for s, e, k in row["spans"]], [_fact(*f) for f in row["facts"]])
        except (ValueError, KeyError, TypeError) as error:
            raise ReadError(f"{path}:{number}: not a correction ({error})") from error
    out, used = [], set()
    for unit in units:
        key = check(unit.text)
        used.add(key)
        out.append(rows[key].mended(unit) if key in rows else unit)
    if left := len(rows.keys() - used):
        print(f"{path}: {left} of {len(rows)} corrections name no text that is here", flush=True)
    return out


@dataclass(frozen=True)
class _Mending:
    """What is wrong with a unit: spans with their right type (None: no name), facts with the attrs of each right."""

    spans: list[tuple[int, int, str | None]]
    facts: list[tuple[tuple[str, str, str], list[dict[str, Any]]]]

    def mended(self, unit: Unit) -> Unit:
        """Return the unit without the mistakes."""
        kinds: dict[tuple[int, int], str | None] = {(s, e): k for s, e, k in unit.spans}
        kinds |= {(s, e): k for s, e, k in self.spans}
        wrong = {key for key, _ in self.facts}
        facts = [f for f in unit.facts if (f["subject"], f["relation"], f["object"]) not in wrong]
        facts += [
            {"subject": s, "relation": r, "object": o, "attrs": attrs}
            for (s, r, o), right in self.facts
            for attrs in right
        ]
        return replace(unit, spans=sorted((s, e, k) for (s, e), k in kinds.items() if k), facts=facts)


def _fact(
    subject: str, relation: str, object_: str, *attrs: dict[str, Any]
) -> tuple[tuple[str, str, str], list[dict[str, Any]]]:
    return (subject, relation, object_), list(attrs)


def documents(path: Path) -> list[Doc]:
    """Return the Docs of a file's issues, none if it cannot be read."""
    tokenizer = Tokenizer(spacy.blank("en").vocab)
    if not path.exists():
        return []
    issues = [i for i in read([path]) if isinstance(i, Issue)]
    return [tokenizer(i.text, html=not getattr(i, "markup", True)) for i in issues]


def compose(doc: Doc, lines: Sequence[Sequence[int]]) -> str:
    """Return the visible words of stretches of a Doc, a line each."""
    starts = np.array([t.idx for t in doc], dtype=np.int64)
    return "\n".join(_line(doc, *np.searchsorted(starts, [start, end])) for start, end in lines)


def _line(doc: Doc, first: int, last: int) -> str:
    words, _ = toks(doc, int(first), int(last))
    out, at = "", -1
    for word in words:
        out += (" " if out and word.start > at else "") + word.text
        at = word.end
    return out


def check(text: str) -> str:
    """Return what tells whether a text is the one that was annotated."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]
