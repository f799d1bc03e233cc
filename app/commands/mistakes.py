"""Mistakes: the reader's errors as lines of text, document by document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.commands import terminal

Error = Mapping[str, Any]
KINDS = (
    ("missed_entities", "missed"), ("spurious_entities", "spurious"), ("missed_facts", "missed"),
    ("spurious_facts", "spurious"), ("wrong_attributes", "wrong"),
)  # fmt: skip


def lines(documents: Iterable[Error]) -> Iterator[str]:
    """Yield what is wrong in each document: a line an error, its sentences under it."""
    for document in documents:
        yield f"{document['doc_id']}"
        for kind, word in KINDS:
            for error in document[kind]:
                yield f"  {word:<8} {_said(error)}"
                yield from (f"           {terminal.line(text)}" for text in _sentences(error) if text)
        yield ""


def _said(error: Error) -> str:
    if "name" in error:
        return f"{error['type']} {error['name']}"
    ends = f"{error['subject']} {error['relation']} {error['object']}"
    if "attribute" in error:
        name = error["attribute"]
        read, gold = (_value(name, error[side]) for side in ("read", "gold"))
        return f"{name} of {ends}: {read or 'not'} read, {gold or 'not'} annotated"
    attrs = ", ".join(f"{name} {_value(name, value)}" for name, value in error["attrs"].items())
    return f"{ends}" + (f" ({attrs})" if attrs else "")


def _sentences(error: Error) -> list[str]:
    """Return the annotated fragment and what is cited, or the sentence that names an entity."""
    if "name" in error:
        return [error["sentence"]]
    annotated = f"annotated: {error['evidence']}" if error.get("evidence") else ""
    roles = {"claim": "cited"}
    return [annotated, *(f"{roles.get(e['role'], e['role'])}: {e['text']}" for e in error.get("cited", ()))]


def _value(name: str, value: Any) -> str:
    """Return a qualifier's value in words; annotations are made by hand, so any value may stand there."""
    if value is None:
        return ""
    if name in ("amount", "valuation"):
        try:
            return terminal.money(value)
        except (TypeError, ValueError):
            pass
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
