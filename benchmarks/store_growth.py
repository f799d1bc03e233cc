"""How long an import takes as the store grows: `python benchmarks/store_growth.py [issues] [statements an issue]`."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

from kg import reference, schema
from kg.graph import Graph
from kg.model import Amount, Attrs, Entity, Extract, Issue, Span, Statement
from kg.store.sqlite import SQLiteStore

# How often newsletters state each relation, roughly; the others are rarer.
OFTEN = {
    "developed": 30,
    "available_on": 15,
    "works_at": 12,
    "scored": 10,
    "outperforms": 8,
    "invested_in": 8,
    "raised": 5,
}
KINDS = ("company", "company", "company", "model", "product", "person", "benchmark")


def newsletter(number: int, statements: int, rng: random.Random, relations: dict[str, schema.Relation]) -> Extract:
    """Return an issue of invented facts; a few names are in every issue, most in few (as in real newsletters)."""
    ranks = {int(20_000 ** rng.random()) for _ in range(statements)}  # Zipf: the first ten in nearly every issue
    entities = {f"Name {r}": KINDS[r % len(KINDS)] for r in ranks}
    by_kind: dict[str, list[str]] = {}
    for name, kind in entities.items():
        by_kind.setdefault(kind, []).append(name)
    said: list[Statement] = []
    while len(said) < statements:
        relation = rng.choices(list(relations.values()), [OFTEN.get(r, 2) for r in relations])[0]
        subjects = [n for k in relation.subjects for n in by_kind.get(k, ())]
        objects = [n for k in relation.objects for n in by_kind.get(k, ())]
        if not subjects or not objects:
            continue
        subject = rng.choice(subjects)
        money = Amount(low=rng.randint(1, 40) * 1e8, high=None, qualifier="at_least")
        start = len(said) * 200
        said.append(
            Statement(
                subject=subject,
                relation=relation.name,
                object=subject if relation.unary else rng.choice(objects),
                attrs=Attrs(amount=money) if "amount" in relation.qualifiers and rng.random() < 0.5 else Attrs(),
                evidence=(Span(text="A sentence of some length that states it." * 3, start=start, end=start + 123),),
            )
        )
    day = f"2025-{number // 28 % 12 + 1:02d}-{number % 28 + 1:02d}"
    about = Issue(
        key=f"issue-{number:05d}", doc_id=f"issue-{number:05d}", text=f"{number} " + "word " * 4000, published=day
    )
    named = tuple(Entity(name=n, type=k, mentions=((0, 5), (9, 14))) for n, k in entities.items())  # type: ignore[arg-type]
    return Extract(issue=about, entities=named, statements=tuple(said), reader="bench")


def main() -> None:
    """Print the seconds of the last imports at every step of growth."""
    issues, statements = [int(a) for a in sys.argv[1:]] + [1000, 150][len(sys.argv) - 1 :]
    rng = random.Random(7)
    known = schema.load()
    with tempfile.TemporaryDirectory() as folder:
        store = SQLiteStore(Path(folder) / "kg.db")
        graph = Graph(store, known, reference.load())
        spent = []
        for number in range(issues):
            x = newsletter(number, statements, rng, known.relations)
            began = time.process_time()
            graph.put(x)
            spent.append(time.process_time() - began)
            if (number + 1) % max(1, issues // 10) == 0:
                size = (Path(folder) / "kg.db").stat().st_size / 1e6
                mean = sum(spent[-10:]) / len(spent[-10:])
                print(f"{number + 1} issues: {mean:.3f} s of processor time an import, {size:.0f} MB", flush=True)
        store.close()


if __name__ == "__main__":
    main()
