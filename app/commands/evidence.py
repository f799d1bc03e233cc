"""Evidence: what a person sees of the sentences behind an answer, and of the issues they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.commands import terminal
from kg.graph import Graph
from kg.markup import plain
from kg.schema import Schema

SHOWN = 30  # statements printed; --json has all


class Sources:
    """The issues that spans stand in, each fetched once."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._issues: dict[str, Mapping[str, Any]] = {}

    def issue(self, key: str) -> Mapping[str, Any]:
        """Return the data of an issue's row, empty if it is gone."""
        if key not in self._issues:
            rows = self.graph.store.get("issue", [key])
            listed = self.graph.store.get("listing", [key])
            self._issues[key] = (
                {**rows[0].data, "date": listed[0].data["published"] if listed else None} if rows else {}
            )
        return self._issues[key]

    def seen(self, span: Mapping[str, Any]) -> str:
        """Return what a person sees of a span: no marks, no link targets."""
        issue = self.issue(span["issue"])
        text = issue.get("text")
        if not text:
            return terminal.line(span["text"])
        return terminal.line(plain(text, span["start"], span["end"], html=not issue.get("markup", True)))

    def title(self, key: str) -> str:
        """Return an issue as a person names it: "The Grid Letter, 2026-04-21 (grid-letter-1a2b3c4d)"."""
        issue = self.issue(key)
        name = issue.get("title") or issue.get("file") or ""
        date = issue.get("date") or "undated"
        head = ", ".join(dict.fromkeys(p for p in (issue.get("publisher"), name, date) if p))
        return f"{head} ({key})"


def words(graph: Graph, statement: Mapping[str, Any]) -> str:
    """Return a statement in words: "Amazon invested in Anthropic: up to $25 billion · announced"."""
    said = sentence(graph.schema, statement)
    details = terminal.attrs_words(statement.get("attrs") or {})
    return f"{said}: {details}" if details else said


def sentence(schema: Schema, statement: Mapping[str, Any]) -> str:
    """Return a relation and its ends in a sentence: "Amazon invested in Anthropic"."""
    relation = schema.relations.get(statement["relation"])
    form = relation.forms.active if relation else "{subject} " + statement["relation"].replace("_", " ") + " {object}"
    return terminal.filled(form, {"{subject}": statement["subject"], "{object}": statement["object"]})


def corrected(statement: Mapping[str, Any]) -> str:
    """Return the mark of a statement that a person corrected, with what was read: " (corrected; read: $5 billion)"."""
    if "corrected" not in statement:
        return ""
    read = terminal.attrs_words({k: v for k, v in statement["corrected"].items() if v is not None})
    return f" (corrected by a person; read: {read or 'nothing'})"


def print_statements(graph: Graph, statements: Iterable[Mapping[str, Any]]) -> None:
    """Print statements with the sentences that make them (their support in grey), and where they stand."""
    found = list(statements)
    sources = Sources(graph)
    for statement in found[:SHOWN]:
        certain = "" if statement.get("certain", True) else " (less certain)"
        terminal.say(f"\n{words(graph, statement)}{certain}{corrected(statement)}", "cyan")
        spans = sorted(statement["evidence"], key=lambda s: (s["issue"], s["start"]))
        for span in spans:
            claim = span["role"] == "claim"
            seen = sources.seen(span)
            terminal.say(f"  “{seen}”" if claim else f"  [{span['role']}] {seen}", "" if claim else "dim")
        for key in dict.fromkeys(s["issue"] for s in spans):
            terminal.say(f"  {sources.title(key)} · {statement['id']}", "dim")
    if len(found) > SHOWN:
        terminal.say(f"\n{len(found) - SHOWN} more statements; --json lists them all", "dim")
