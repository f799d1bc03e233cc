"""Generator of docs/ontology.md and docs/neo4j/style.grass: `python -m kg.docs` writes them.

`--check` says which of them are stale (exit code 1).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg import grass
from kg.errors import SchemaError
from kg.model import plain_numbers
from kg.schema import Example, Negative, Relation, Schema, load

DOCS = Path(__file__).resolve().parents[1] / "docs"


def pages(schema: Schema) -> dict[str, str]:
    """Return the text of each generated file, by its path in DOCS."""
    return {"ontology.md": page(schema), "neo4j/style.grass": grass.sheet(schema)}


def page(schema: Schema) -> str:
    """Return the page of a schema, as Markdown."""
    return "\n".join([*_head(schema), *(line for r in schema.relations.values() for line in _relation(r))]) + "\n"


def _head(schema: Schema) -> Iterator[str]:
    yield "# Ontology"
    yield ""
    yield "<!-- Written by `python -m kg.docs` from kg/entities.yaml and kg/relations/*.yaml; change those. -->"
    yield ""
    yield f"{len(schema.entity_types)} entity types, {len(schema.relations)} relations."
    yield ""
    yield "## Entity types"
    yield ""
    yield "| type | what it is | for example |"
    yield "|---|---|---|"
    for name, kind in schema.entity_types.items():
        yield f"| {name} | {_cell(kind.meaning)} | {_cell(', '.join(kind.examples))} |"
    yield ""
    yield "## Relations"
    yield ""
    yield "| relation | from → to | deal | edge |"
    yield "|---|---|---|---|"
    for r in schema.relations.values():
        yield f"| [{r.name}](#{r.name}) | {_ends(r)} | {r.deal.kind if r.deal else ''} | `{r.edge}` |"
    yield ""


def _relation(r: Relation) -> Iterator[str]:
    yield f"### {r.name}"
    yield ""
    yield r.meaning
    yield ""
    yield f"- {_ends(r)}"
    if r.deal:
        yield f"- Deal: {r.deal.kind} ({r.deal.subject}" + ("" if r.unary else f", {r.deal.object}") + ")"
    if r.qualifiers:
        yield f"- Qualifiers: {', '.join(r.qualifiers)}"
    if r.distinct:
        yield f"- Different claims of one pair differ in: {', '.join(r.distinct)}"
    yield f"- Edge: `{r.edge}`"
    yield f"- Can be asked: {', '.join(r.questions)}"
    yield ""
    for example in r.examples:
        yield from _example(example)
    yield ""
    yield "Not stated by:"
    yield ""
    for negative in r.negatives:
        yield f"- {_line(negative.text)}{_later(negative)}"
    yield ""


def _later(example: Negative) -> str:
    return f" (later: {_line(example.because)})" if example.because else ""


def _example(example: Example) -> Iterator[str]:
    yield f"- *{_line(example.text)}*{_later(example)}"
    for fact in example.facts:
        attrs = "; ".join(f"{k}: {_value(v)}" for k, v in plain_numbers(fact.attrs.stated()).items())
        yield f"    - `{fact.subject} | {fact.relation} | {fact.object}`" + (f" — {_line(attrs)}" if attrs else "")


def _ends(r: Relation) -> str:
    if r.unary:
        return f"{'/'.join(r.subjects)} (itself)"
    return f"{'/'.join(r.subjects)} {'↔' if r.symmetric else '→'} {'/'.join(r.objects)}"


def _value(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(f"{k} {v}" for k, v in value.items() if v is not None)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _line(text: str) -> str:
    """Return a text on one line, with what Markdown would read as marks escaped."""
    return " ".join("".join(f"\\{c}" if c in "\\`*_[]<>$|" else c for c in text).split())


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main(arguments: Sequence[str]) -> int:
    """Write or check the files; return the exit code (2: wrong use or a broken file)."""
    if list(arguments) not in ([], ["--check"]):
        print("usage: python -m kg.docs [--check]", file=sys.stderr)
        return 2
    try:
        made = {DOCS / name: text for name, text in pages(load()).items()}
    except SchemaError as error:
        print(error, file=sys.stderr)
        return 2
    stale = [file for file, text in made.items() if not file.is_file() or file.read_text(encoding="utf-8") != text]
    for file in stale:
        if arguments:
            print(f"{file}: is stale; write it with `python -m kg.docs`", file=sys.stderr)
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(made[file], encoding="utf-8", newline="\n")
    return 1 if arguments and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
