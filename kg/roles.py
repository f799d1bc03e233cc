"""Roles: who holds which post at which firm, since when and until when, by dated statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kg.names import normal
from kg.periods import asked, span
from kg.store.base import Row, Store

POST = "works_at"  # the relation that tells of posts; its statements say by `current` whether it is held


@dataclass(frozen=True)
class Role:
    """A post of one person at one firm; `role` is "" where the texts name none.

    `since` and `until` are dates as stated; `since_by` and `until_by` the days by which it was so (the end of the
    stated date, at the latest the day of the issue), None where only undated issues tell it. `current` is what the
    latest dated statement says.
    """

    person: str
    firm: str
    role: str
    current: bool
    since: str | None
    since_by: str | None
    until: str | None
    until_by: str | None
    certain: bool
    statement_ids: tuple[str, ...]

    def held(self, day: str) -> bool | None:
        """Say whether the post was held at the end of a day; None where no date tells."""
        if self.until_by is not None and self.until_by <= day:
            return False
        if self.since_by is None:
            return None
        return self.since_by <= day


class Roles:
    """The roles of a store."""

    def __init__(self, store: Store) -> None:
        """Read from a store."""
        self.store = store

    def of(self, id: str) -> list[Role]:
        """Return the roles of a person, or those at a firm, current ones first; in four reads of the store."""
        return self.store.read(lambda: self._of(id))

    def _of(self, id: str) -> list[Role]:
        edges = [e for end in ("subject_id", "object_id") for e in self.store.rows("edge", **{end: [id]}) if _post(e)]
        said = sorted({s for e in edges for s in e.data["statement_ids"]})
        issues = {row.id: row.data["issue"] for row in self.store.get("statement", said)}
        days = {row.id: row.data["published"] for row in self.store.get("listing", sorted(set(issues.values())))}
        told = {s: days.get(issue) for s, issue in issues.items()}
        pairs: dict[tuple[str, str], list[Row]] = {}
        for e in {e.id: e for e in edges}.values():
            pairs.setdefault((e.data["subject_id"], e.data["object_id"]), []).append(e)
        found = [role for (person, firm), some in pairs.items() for role in _roles(person, firm, some, told)]
        return sorted(
            found, key=lambda r: (not r.current, r.firm if r.person == id else r.person, r.role, r.since or "")
        )


def roles_as_of(roles: Iterable[Role], day: str) -> tuple[list[Role], int]:
    """Return the roles held at the end of a day (ISO), and how many cannot be told for want of a date."""
    some = list(roles)
    return [r for r in some if r.held(day)], sum(r.held(day) is None for r in some)


def last_day(date: str) -> str:
    """Return the last day of a date; raise QuestionError for what is none."""
    return asked("as of", date)[1]


def roles_json(roles: Iterable[Role], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return roles as `kg roles --json` prints them."""
    return [
        {
            "person_id": r.person, "person": names.get(r.person, r.person),
            "firm_id": r.firm, "firm": names.get(r.firm, r.firm), "role": r.role or None, "current": r.current,
            "since": r.since, "since_by": r.since_by, "until": r.until, "until_by": r.until_by, "certain": r.certain,
            "statement_ids": list(r.statement_ids),
        }
        for r in roles
    ]  # fmt: skip


def _post(edge: Row) -> bool:
    return bool(edge.data["relation"] == POST)


def _roles(person: str, firm: str, edges: list[Row], told: Mapping[str, str | None]) -> list[Role]:
    """Return the roles of one person at one firm: those that are named, each with what ends it.

    What ends a post without naming it ends all that the person has there; nothing ends a post at another firm.
    """
    named = sorted({_name(e) for e in edges if _name(e)} or {""})
    out = []
    for name in named:
        held = [e for e in edges if e.data["attrs"].get("current") is not False and _name(e) in (name, "")]
        left = [e for e in edges if e.data["attrs"].get("current") is False and _name(e) in (name, "")]
        if held or left:
            out.append(_role(person, firm, held, left, told))
    return out


def _role(person: str, firm: str, held: list[Row], left: list[Row], told: Mapping[str, str | None]) -> Role:
    since, since_by = _first(held, told)
    until, until_by = _first(left, told)
    last_held, last_left = _last(held, told), _last(left, told)
    current = bool(held) and (not left or (last_held or "") > (last_left or ""))
    some = [*held, *left]
    titles = sorted((str(e.data["attrs"].get("role") or "") for e in some), key=lambda t: (not t, t))
    return Role(
        person, firm, titles[0], current, since, since_by, None if current else until, None if current else until_by,
        any(e.data["certain"] for e in some), tuple(dict.fromkeys(s for e in some for s in e.data["statement_ids"])),
    )  # fmt: skip


def _name(edge: Row) -> str:
    return normal(str(edge.data["attrs"].get("role") or ""))


def _first(edges: list[Row], told: Mapping[str, str | None]) -> tuple[str | None, str | None]:
    """Return the stated date of what is told first, and the day by which it was so."""
    found = []
    for e in edges:
        stated = e.data["attrs"].get("date")
        for day in {told.get(s) for s in e.data["statement_ids"]}:
            when = span(stated) if stated else None
            if when and (day is None or when[0] <= day):
                found.append((min(when[1], day or when[1]), stated))
            elif day:
                found.append((day, None))
    first = min(found, key=lambda f: (f[0], f[1] is None), default=None)
    return (first[1], first[0]) if first else (None, None)


def _last(edges: list[Row], told: Mapping[str, str | None]) -> str | None:
    """Return the last day on which it is told: that of the issue, of an undated one the end of the stated date."""
    found = ((told.get(s), e.data["attrs"].get("date")) for e in edges for s in e.data["statement_ids"])
    ends = (day or ((when := span(stated)) and when[1] if stated else None) for day, stated in found)
    return max((day for day in ends if day), default=None)
