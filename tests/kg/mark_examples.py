"""Marks examples and negatives in kg/relations by what the shipped reader does: `python -m tests.kg.mark_examples`.

To be run after a new model or new rules; look at the difference before it is committed.
"""

from __future__ import annotations

from pathlib import Path

from kg import docs
from tests.kg.test_ontology_examples import SCHEMA, missing, renamed, wrong

MARK = "    expect: later\n"


def marked(text: str, later: dict[str, set[int]]) -> str:
    """Return a relation file's text with the mark on the entries of `examples` and `negatives` that are named."""
    lines: list[str] = []
    section, number = "", -1
    for line in text.splitlines(keepends=True):
        if not line.startswith((" ", "#", "-")):
            section, number = line.partition(":")[0], -1
        if section in later and line == MARK:
            continue
        lines.append(line)
        if section in later and line.startswith("  - "):
            number += 1
        # An example opens with its style, a negative is two lines: its text and its entities.
        opens = line.startswith("  - style:") if section == "examples" else line.startswith("    entities:")
        if section in later and opens and number in later[section]:
            lines.append(MARK)
    return "".join(lines)


def main() -> None:
    """Rewrite the marks of every relation file, and the page made of them."""
    for name, relation in SCHEMA.relations.items():
        later = {
            "examples": {i for i, e in enumerate(relation.examples) if missing(e) or missing(renamed(e))},
            "negatives": {
                i for i, n in enumerate(relation.negatives) if wrong(relation, n) or wrong(relation, renamed(n))
            },
        }
        file = Path(docs.__file__).parent / "relations" / f"{name}.yaml"
        old = file.read_text(encoding="utf-8")
        new = marked(old, later)
        if new != old:
            file.write_text(new, encoding="utf-8", newline="\n")
        print(f"{name}: later {sorted(later['examples'])}, negatives {sorted(later['negatives'])}", flush=True)


if __name__ == "__main__":
    main()
