"""Deals in return: deals between the same two firms that a text says were agreed for each other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from kg.errors import QuestionError
from kg.lookup import Reading
from kg.markup import plain
from kg.model import Deal
from kg.reference import Reference
from kg.schema import Schema
from kg.store.base import Row, Store

NEXT = 2  # characters that may stand between a sentence and the one after it


class Returns:
    """Finds, for a deal, those agreed in return for it."""

    def __init__(self, store: Store, schema: Schema, reference: Reference) -> None:
        """Read from a store; the reference says what is part of which firm (AWS of Amazon)."""
        self.store, self.reference = store, reference
        self.relations = {name for name, r in schema.relations.items() if r.deal is not None and not r.unary}

    def of(self, deal: Deal) -> list[dict[str, Any]]:
        """Return (deal_id, sentence, issue, statement_id) of each deal that a text ties to this one, by deal.

        The two are of two kinds between the same firms, parts counted as their firm; one sentence tells both with one
        of the words of `returns.yaml` in it, or the second of two has such a word. Of several deals of one kind that a
        sentence tells, what it tells as done before is not meant.
        """
        own = self.store.get("statement", deal.statement_ids)
        issues = sorted({row.data["issue"] for row in own})
        some = [r for r in self.store.rows("statement", issue=issues) if r.data["relation"] in self.relations]
        firms = {self.reference.root(p.entity_id) for p in deal.parties}
        told = [row for row in some if {self.reference.root(id) for id in self._ends(row)} == firms]
        told = [row for row in told if not any(_before(row, other) for other in told)]
        found: dict[str, dict[str, Any]] = {}
        for a in (row for row in told if row.id in deal.statement_ids):
            for b in (row for row in told if row.data["relation"] != a.data["relation"]):
                sentence = _tying(a, b)
                other = self._deal(b.id) if sentence else None
                if other is not None and other != deal.id:
                    about = {"sentence": sentence, "issue": b.data["issue"], "statement_id": b.id}
                    found.setdefault(other, {"deal_id": other, **about})
        return [found[id] for id in sorted(found)]

    def _ends(self, row: Row) -> list[str]:
        ends = [row.data["subject_member"], row.data["object_member"]]
        moved = {m.id: str(m.data["entity_id"]) for m in self.store.get("member", ends)}
        return [moved.get(end, end) for end in ends]

    def _deal(self, statement: str) -> str | None:
        try:
            return Reading(self.store).deal("d" + statement[1:]).id
        except QuestionError:  # it was rejected, or its issue does not count
            return None


def _claims(row: Row) -> list[Mapping[str, Any]]:
    return [e for e in row.data["evidence"] if e["role"] == "claim"]


def _before(row: Row, other: Row) -> bool:
    """Say whether a statement tells as done, in one sentence with another of its kind, what was before that one."""
    if row.data["relation"] != other.data["relation"] or row.data["issue"] != other.data["issue"]:
        return False
    done = [r.data["attrs"].get("status") == "completed" for r in (row, other)]
    own = {(s["start"], s["end"]) for s in _claims(row)}
    return done == [True, False] and any((s["start"], s["end"]) in own for s in _claims(other))


def _tying(a: Row, b: Row) -> str | None:
    """Return the sentence whose words tie two statements, None if there is none."""
    if a.data["issue"] != b.data["issue"]:
        return None
    for x in _claims(a):
        for y in _claims(b):
            first, second = sorted((x, y), key=lambda s: int(s["start"]))
            apart = int(second["start"]) - int(first["end"])
            if apart <= NEXT and _cue().search(_seen(second)):
                return _seen(second)
    return None


def _seen(span: Mapping[str, Any]) -> str:
    text = str(span["text"])
    return " ".join(plain(text, 0, len(text)).split())


@cache
def _cue() -> re.Pattern[str]:
    words = yaml.safe_load((files("kg") / "returns.yaml").read_text(encoding="utf-8"))["cues"]
    return re.compile(rf"\b(?:{'|'.join(re.escape(w) for w in sorted(words, key=len, reverse=True))})\b", re.IGNORECASE)
