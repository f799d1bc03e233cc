"""Marks examples and negatives in kg/relations by what the shipped reader does: `python -m tests.kg.mark_examples`.

To be run after a new model or new rules; look at the difference before it is committed.
"""

from __future__ import annotations

import re
from pathlib import Path

from kg import docs
from kg.schema import Example, Negative, Relation
from tests.kg.test_ontology_examples import SCHEMA, missing, renamed, wrong

MARK = "    expect: later\n"
REASON = "    because: "


def marked(text: str, later: dict[str, dict[int, str]]) -> str:
    """Return a relation file's text with the mark and reason on the entries of `examples` and `negatives` named."""
    lines: list[str] = []
    section, number = "", -1
    for line in text.splitlines(keepends=True):
        if not line.startswith((" ", "#", "-")):
            section, number = line.partition(":")[0], -1
        if section in later and (line == MARK or line.startswith(REASON)):
            continue
        lines.append(line)
        if section in later and line.startswith("  - "):
            number += 1
        # An example opens with its style, a negative is two lines: its text and its entities.
        opens = line.startswith("  - style:") if section == "examples" else line.startswith("    entities:")
        if section in later and opens and number in later[section]:
            lines += [MARK, f"{REASON}{later[section][number]}\n"]
    return "".join(lines)


def why(example: Example) -> str:
    """Return what goes wrong with an example, in words ("" where nothing does)."""
    if misses := missing(example):
        return f"not read whole ({_first(misses)})"
    if misses := missing(renamed(example)):
        return f"read with these names, with invented ones not ({_first(misses)})"
    return ""


def why_not(relation: Relation, negative: Negative) -> str:
    """Return what goes wrong with a negative, in words ("" where nothing does)."""
    if read := wrong(relation, negative):
        return f"read all the same ({_first(read)})"
    if read := wrong(relation, renamed(negative)):
        return f"not read with these names, with invented ones it is ({_first(read)})"
    return ""


def _first(facts: list[str]) -> str:
    """Return the first fact, without the figures that were read, as a part of a YAML line."""
    return re.sub(r" [{(].*", ", other qualifiers", facts[0]).replace(":", "").replace(" #", " ")


def main() -> None:
    """Rewrite the marks of every relation file, and the page made of them."""
    for name, relation in SCHEMA.relations.items():
        later = {
            "examples": {i: reason for i, e in enumerate(relation.examples) if (reason := why(e))},
            "negatives": {i: reason for i, n in enumerate(relation.negatives) if (reason := why_not(relation, n))},
        }
        file = Path(docs.__file__).parent / "relations" / f"{name}.yaml"
        old = file.read_text(encoding="utf-8")
        new = marked(old, later)
        if new != old:
            file.write_text(new, encoding="utf-8", newline="\n")
        print(f"{name}: later {sorted(later['examples'])}, negatives {sorted(later['negatives'])}", flush=True)


if __name__ == "__main__":
    main()
