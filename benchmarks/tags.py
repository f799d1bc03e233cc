"""How many of a newsletter's own tags the reader finds: recall of companies, models and people named.

`python -m benchmarks.tags TAGS [--model DIR]` reads each issue of a file of tags (a JSON object a line: `doc` relative
to the folder above the file's, `companies`, `models`, `people_named`, `products`, `surface`). A tag is found where a
name of its type has one of its surface forms, or is one with it by the reference data ("Luma Labs", "Luma AI"); "any
type" counts names of other types too.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from ingest.pipeline import Reader
from ingest.readers import read
from kg import reference as references
from kg.model import Extract, Issue
from kg.names import group, normal
from kg.reference import Reference

TYPES = {
    "companies": {"company", "organization"},
    "models": {"model"},
    "people_named": {"person"},
}


def found(made: Extract, forms: set[str], types: set[str] | None, reference: Reference) -> bool:
    """Return whether an entity of these types (any without) has one of the forms, or the id of one."""
    for e in made.entities:
        names = {normal(n) for n in (e.name, *e.aliases)}
        if (types is None or e.type in types) and (
            forms & names or _ids(e.type, forms, reference) & _ids(e.type, names, reference)
        ):
            return True
    return False


def _ids(kind: str, forms: set[str], reference: Reference) -> set[str]:
    return {id for form in forms if (id := reference.canonical(group(kind), form))}


def main() -> None:
    """Read every issue and print the recall of each kind of tag."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("tags", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--missed", type=int, default=0, help="how many missed tags of each kind to list")
    args = parser.parse_args()
    reader, reference = Reader.load(args.model), references.load()
    tally: Counter[tuple[str, str]] = Counter()
    missed: Counter[tuple[str, str]] = Counter()
    for line in args.tags.read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        issues = [i for i in read([args.tags.parent.parent / row["doc"]]) if isinstance(i, Issue)]
        for made in map(reader.extract, issues):
            for kind, types in TYPES.items():
                for slug in set(row[kind]) - set(row["products"]):
                    forms = {normal(f.lstrip("@")) for f in [slug, *row["surface"].get(slug, ())]}
                    tally[kind, "stated"] += 1
                    right = found(made, forms, types, reference)
                    tally[kind, "found"] += right
                    tally[kind, "any"] += found(made, forms, None, reference)
                    if not right:
                        missed[kind, slug] += 1
    for kind in TYPES:
        n = max(tally[kind, "stated"], 1)
        print(f"{kind}: {tally[kind, 'found'] / n:.3f} of {n} (any type {tally[kind, 'any'] / n:.3f})")
        few = [(slug, k) for (of, slug), k in missed.most_common() if of == kind][: args.missed]
        if few:
            print("  missed: " + ", ".join(f"{slug} {k}" for slug, k in few))


if __name__ == "__main__":
    main()
