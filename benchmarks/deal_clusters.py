"""Deal clusters: how well reports of many issues join into deals, against deals that were sorted by hand.

`python -m benchmarks.deal_clusters EXTRACTS` scores what the reader of today finds (EXTRACTS as `kg extract PATH… --out
EXTRACTS` writes them); without EXTRACTS the statements that were frozen beside the gold. Over the members that were
found: precision is the share of pairs in one deal that belong together, recall the share of pairs that belong together
and are in one deal.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from kg import reference, schema
from kg.derive import View, derive
from kg.markup import plain
from kg.model import Attrs, Entity, Extract, Issue, Span, Statement
from kg.names import normal
from kg.record import record_rows
from kg.store.base import Row

HERE = Path(__file__).resolve().parents[1] / "tests" / "clusters"
GOLD, FROZEN = HERE / "gold.json", HERE / "statements.jsonl"
WORDS = 6  # of a file's name that are kept: enough for a person to find it, too few to repeat a headline


def label(stem: str) -> str:
    """Return what gold and frozen statements call an issue: the first words of its file's name, and its hash."""
    return "-".join([*stem.split("-")[:WORDS], hashlib.sha256(stem.encode()).hexdigest()[:6]])


@dataclass(frozen=True)
class Score:
    """Counts of pairs, and of members that were found or not."""

    together: int
    joined: int
    right: int
    found: int
    missed: int
    wrong: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    lost: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def precision(self) -> float:
        """Return the share of joined pairs that belong together."""
        return self.right / self.joined if self.joined else 1.0

    @property
    def recall(self) -> float:
        """Return the share of pairs that belong together and are joined."""
        return self.right / self.together if self.together else 1.0


def thawed(lines: Iterable[str]) -> list[Extract]:
    """Return the issues of frozen statements: names, qualifiers and where the sentences stand, no text."""
    issues: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        row = json.loads(line)
        issues.setdefault(row["file"], []).append(row)
    return [_extract(file, rows) for file, rows in issues.items()]


def _extract(file: str, rows: Sequence[Mapping[str, Any]]) -> Extract:
    names = {(row[end], row[f"{end}_type"]) for row in rows for end in ("subject", "object")}
    statements = [
        Statement(
            subject=row["subject"], relation=row["relation"], object=row["object"], attrs=Attrs(**row["attrs"]),
            confidence=row["confidence"], words=row["words"],
            evidence=tuple(Span(text=word, start=start, end=end) for start, end, word in row["claims"]),
        )
        for row in rows
    ]  # fmt: skip
    return Extract(
        issue=Issue(key=file, doc_id=file, text=file, published=rows[0]["day"], file=file),
        entities=tuple(Entity(name=name, type=kind) for name, kind in sorted(names)),
        statements=tuple(statements),
    )


def _hash(sentence: str) -> str:
    """Return what tells a sentence apart from others, in place of its words."""
    words = " ".join(plain(sentence, 0, len(sentence)).split())
    return hashlib.sha256(words.encode()).hexdigest()[:8]


def freeze(extracts: Iterable[Extract], files: Mapping[str, str], kinds: Iterable[str]) -> Iterator[str]:
    """Yield the statements of these relations as frozen lines; `files` gives each issue's file by its key."""
    wanted = set(kinds)
    for e in extracts:
        types: dict[str, str] = {}
        for entity in e.entities:
            types.setdefault(entity.name, entity.type)
        for s in e.statements:
            if s.relation in wanted:
                attrs = {k: v for k, v in s.attrs.stated().items() if k not in ("attributed_to", "tranches")}
                yield json.dumps({
                    "file": files[e.issue.key], "day": e.issue.published, "relation": s.relation, "subject": s.subject,
                    "subject_type": types[s.subject], "object": s.object, "object_type": types[s.object],
                    "attrs": attrs, "words": s.words, "confidence": round(s.confidence, 3),
                    "claims": [[x.start, x.end, _hash(x.text)] for x in s.evidence if x.role == "claim"],
                }, ensure_ascii=False)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """A statement in a deal: where it stands, and what tells it from others there."""

    id: str
    deal: str
    file: str
    kind: str
    parties: frozenset[str]
    figures: frozenset[float]


def said(extracts: Sequence[Extract], files: Mapping[str, str] | None = None) -> list[Said]:
    """Return the statements of all deals that the extracts come to."""
    known, names = schema.load(), reference.load()
    view = View(known, names)
    record = [row for e in extracts for row in record_rows(e, view.cells)]
    made = list(derive(record, (), view))
    deals: dict[str, Row] = {s: row for row in made if row.kind == "deal" for s in row.data["statement_ids"]}
    out = []
    for row in record:
        if row.kind == "statement" and row.id in deals:
            data, deal = row.data, deals[row.id]
            amount = data["attrs"].get("amount") or {}
            file = files[data["issue"]] if files else data["issue"]
            figures = frozenset(x for x in (amount.get("low"), amount.get("high")) if x is not None)
            parties = frozenset({normal(data["subject"]), normal(data["object"])})
            out.append(Said(row.id, deal.id, file, deal.data["kind"], parties, figures))
    return out


def score(gold: Mapping[str, Any], statements: Iterable[Said]) -> Score:
    """Compare deals with clusters; a member is the statement of its file, kind, parties and amount.

    Members of two parts of one cluster are of one deal, but nothing in the texts says so: those pairs do not count.
    """
    at: dict[tuple[str, str, frozenset[str]], list[Said]] = {}
    for s in statements:
        at.setdefault((s.file, s.kind, s.parties), []).append(s)
    members: list[tuple[int, int, Said]] = []
    missed = 0
    for number, cluster in enumerate(gold["clusters"]):
        for part, m in ((part, m) for part, some in enumerate(cluster["parts"]) for m in some):
            there = at.get((m["file"], m["kind"], frozenset(normal(p) for p in m["parties"])), [])
            fits = [s for s in there if (m["amount"] in s.figures if m["amount"] is not None else not s.figures)]
            missed += not fits
            members += [(number, part, s) for s in fits[:1]]
    names = [cluster["name"] for cluster in gold["clusters"]]
    pairs = [(a, b) for a, b in combinations(members, 2) if a[2].id != b[2].id and (a[0] != b[0] or a[1] == b[1])]
    joined = [(a, b) for a, b in pairs if a[2].deal == b[2].deal]
    together = [(a, b) for a, b in pairs if a[0] == b[0]]
    right = sum(a[0] == b[0] for a, b in joined)
    return Score(
        len(together), len(joined), right, len(members), missed,
        tuple((f"{names[a[0]]}: {a[2].file}", f"{names[b[0]]}: {b[2].file}") for a, b in joined if a[0] != b[0]),
        tuple((f"{names[a[0]]}: {a[2].file}", b[2].file) for a, b in together if a[2].deal != b[2].deal),
    )  # fmt: skip


def main() -> None:
    """Print the score, and with --errors the pairs that are wrong or lost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("extracts", type=Path, nargs="?")
    parser.add_argument("--errors", action="store_true")
    args = parser.parse_args()
    gold = json.loads(GOLD.read_text(encoding="utf-8"))
    files = None
    if args.extracts:
        read = {
            p.stem: Extract.from_json(json.loads(p.read_text(encoding="utf-8"))) for p in args.extracts.glob("*.json")
        }
        extracts, files = list(read.values()), {e.issue.key: label(stem) for stem, e in read.items()}
    else:
        extracts = thawed(FROZEN.read_text(encoding="utf-8").splitlines())
    found = score(gold, said(extracts, files))
    sizes = [len(part) for c in gold["clusters"] for part in c["parts"]]
    several = sum(len(c["parts"][0]) > 1 for c in gold["clusters"])
    print(f"{len(gold['clusters'])} clusters of {sum(sizes)} members, {several} of several that can be joined")
    print(f"members found {found.found}, not read {found.missed}")
    print(f"pairs: precision {found.precision:.3f} ({found.right} of {found.joined})", end=", ")
    print(f"recall {found.recall:.3f} ({found.right} of {found.together})")
    if args.errors:
        for title, some in (("joined, though two deals", found.wrong), ("one deal, not joined", found.lost)):
            print(f"\n{title}:")
            for (a, b), n in Counter(some).most_common():
                print(f"  {n} × {a} | {b}")


if __name__ == "__main__":
    main()
