"""Verdicts: which statements people's judgements speak of, also where a statement's id has changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.model import Statement
from kg.names import normal
from kg.schema import Schema
from kg.store.base import Row
from kg.ties import Word, instant

KINDS = ("statement", "deal", "figure")  # of judgements that speak of statements
_RANK = {"reject": 2, "correct": 1}  # of the judgements that have lost their statement the firmest holds


@dataclass(frozen=True)
class End:
    """A statement that a judgement speaks of: its id, and what it said."""

    judgement: Row
    id: str
    about: Mapping[str, Any]

    @property
    def issue(self) -> str | None:
        """Return the key of the statement's issue, if the judgement knows it."""
        key = self.about.get("issue")
        return str(key) if key else None


@dataclass(frozen=True)
class Verdict:
    """What a person says of a statement: accept, reject or correct, with the qualifiers put right."""

    what: str
    corrected: Mapping[str, Any] | None = None


def ends(judgement: Row) -> list[End]:
    """Return the statements that a judgement speaks of: one, or two for a deal."""
    data = judgement.data
    if data["kind"] == "deal":
        some = zip(data["target"].split("|"), ("a", "b"), strict=False)
        return [End(judgement, id, data["about"].get(name) or {}) for id, name in some]
    return [End(judgement, data["target"], data["about"])] if data["kind"] in KINDS else []


class Verdicts:
    """The judgements that speak of statements, looked up by these."""

    def __init__(
        self, judgements: Iterable[Row], schema: Schema, twins: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """Index the judgements; those of other kinds play no part.

        `twins` are the key of an issue that counts → the keys of those that repeat its text: what is said of their
        statements holds for its own.
        """
        self.schema, self.twins = schema, twins or {}
        self._by_id: dict[str, list[End]] = {}
        self._by_issue: dict[str, list[End]] = {}
        for end in (end for row in judgements for end in ends(row)):
            self._by_id.setdefault(end.id, []).append(end)
            if end.issue:
                self._by_issue.setdefault(end.issue, []).append(end)

    def of(self, statements: Iterable[Row]) -> dict[str, Verdict]:
        """Return statement id → verdict. A judgement whose statement is gone holds for the only one of its pair."""
        found: dict[str, tuple[tuple[Any, ...], Row]] = {}
        for end, id in self._found(statements, "statement"):
            data = end.judgement.data
            place = (end.id == id, _RANK.get(data["verdict"], 0), instant(data["when"]), end.judgement.id)
            if id not in found or place > found[id][0]:
                found[id] = (place, end.judgement)
        return {id: _verdict(row) for id, (_, row) in found.items()}

    def deals(self, statements: Iterable[Row]) -> list[Word]:
        """Return what is said of two of the statements: of one deal, or of two."""
        pairs: dict[str, tuple[Row, list[str]]] = {}
        for end, id in self._found(statements, "deal"):
            pairs.setdefault(end.judgement.id, (end.judgement, []))[1].append(id)
        return [
            Word(min(ids), max(ids), row.data["verdict"] == "same", (instant(row.data["when"]), row.id))
            for row, ids in pairs.values()
            if len(set(ids)) == 2 and row.data["verdict"] in ("same", "different")
        ]

    def figures(self, statements: Iterable[Row]) -> list[str]:
        """Return the ids of the statements whose amount is chosen, the last choice first."""
        found = [
            (instant(end.judgement.data["when"]), end.judgement.id, id) for end, id in self._found(statements, "figure")
        ]
        return [id for *_, id in sorted(found, reverse=True)]

    def _found(self, statements: Iterable[Row], kind: str) -> list[tuple[End, str]]:
        """Return the ends of judgements of a kind, each with the statement that it stands for."""
        rows = {row.id: row for row in statements}
        issues: dict[str, list[Row]] = {}
        for row in rows.values():
            issues.setdefault(row.data["issue"], []).append(row)
        some = [end for id in rows for end in self._by_id.get(id, ())]
        some += [end for key in issues for end in self._by_issue.get(key, ()) if end.id not in rows]
        out = []
        for end in some:
            if end.judgement.data["kind"] == kind:
                around = issues.get(end.issue or "", ())
                id = end.id if end.id in rows else self.only(end, around)
                out += [(end, id)] if id else []
        return out + [found for some in issues.values() for found in self._of_twins(some, kind)]

    def _of_twins(self, statements: list[Row], kind: str) -> Iterator[tuple[End, str]]:
        """Yield the ends of judgements on issues that repeat the text of these statements' issue, each with its own."""
        key = statements[0].data["issue"]
        for twin in self.twins.get(key, ()):
            some = [end for end in self._by_issue.get(twin, ()) if end.judgement.data["kind"] == kind]
            called = {_id_in(row, twin): row.id for row in statements} if some else {}
            for end in some:
                moved = End(end.judgement, end.id, {**end.about, "issue": key})
                if id := called.get(end.id) or self.only(moved, statements):
                    yield moved, id

    def only(self, end: End, statements: Iterable[Row]) -> str | None:
        """Return the id of the one statement that an end is about; None if there is none, or several."""
        fits = [row.id for row in statements if speaks_of(end.about, row, self.schema)]
        return fits[0] if len(fits) == 1 else None


def _id_in(statement: Row, issue: str) -> str:
    """Return the id that a statement has in another issue."""
    return Statement.model_validate({k: statement.data[k] for k in Statement.model_fields}).id(issue)


def speaks_of(about: Mapping[str, Any], statement: Row, schema: Schema) -> bool:
    """Say whether what a judgement keeps is about this statement's issue, relation and pair of names."""
    data = statement.data
    if (about.get("issue"), about.get("relation")) != (data["issue"], data["relation"]):
        return False
    pair = [normal(str(about.get("subject") or "")), normal(str(about.get("object") or ""))]
    own = [normal(data["subject"]), normal(data["object"])]
    known = schema.relations.get(data["relation"])
    return pair == own or (known is not None and known.symmetric and pair[::-1] == own)


def _verdict(row: Row) -> Verdict:
    corrected = json.loads(row.data["value"] or "{}") if row.data["verdict"] == "correct" else None
    return Verdict(row.data["verdict"], corrected)
