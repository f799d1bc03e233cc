"""Who holds, left or once held which post: what is new of people's posts between two views."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kg.digest_deals import Said
from kg.names import normal
from kg.store.base import Row, Rows


@dataclass(frozen=True)
class Post:
    """A person's post: `what` is `holds`, `left` (it was known as held before) or `held` (told of as past alone)."""

    person_id: str
    firm_id: str
    relation: str
    role: str | None
    what: str
    said: Said

    def as_json(self) -> dict[str, Any]:
        """Return it as `people` of `kg digest --json` has it."""
        return {
            "person_id": self.person_id, "firm_id": self.firm_id, "role": self.role, "what": self.what,
            **self.said.as_json(),
        }  # fmt: skip


def posts(new: Iterable[Row], then: Rows, cite: Callable[[Row], Said]) -> tuple[Post, ...]:
    """Return the posts that new edges tell of (`says_post`).

    A post of the same role that was known before is none, nor is the bare word that someone works where a role is told.
    """
    told = list(new)
    firms = sorted({row.data["object_id"] for row in told})
    people = sorted({row.data["subject_id"] for row in told})
    relations = sorted({row.data["relation"] for row in told})
    before: dict[tuple[str, str], list[Row]] = {}
    for row in then.rows("edge", relation=relations, subject_id=people, object_id=firms) if told else ():
        before.setdefault(_pair(row), []).append(row)
    roles: dict[tuple[str, str, bool], set[str]] = {}
    for row in (old for some in before.values() for old in some):
        roles.setdefault((*_pair(row), _ended(row)), set()).add(_role(row))
    found = []
    for row in sorted(told, key=lambda r: (not _role(r), r.id)):
        pair, role, ended = _pair(row), _role(row), _ended(row)
        there = roles.setdefault((*pair, ended), set())
        if role not in there and (role or not there):
            was_there = any(not _ended(old) for old in before.get(pair, ()))
            what = "holds" if not ended else "left" if was_there else "held"
            found.append(Post(*pair, row.data["relation"], _attrs(row).get("role"), what, cite(row)))
        there.add(role)
    return tuple(sorted(found, key=lambda p: (not p.said.certain, p.person_id, p.firm_id, p.what, p.role or "")))


def says_post(edge: Row) -> bool:
    """Say whether an edge names a role, or whether it is of now or past."""
    return bool(_attrs(edge).get("role")) or _attrs(edge).get("current") is not None


def _attrs(row: Row) -> Mapping[str, Any]:
    attrs: Mapping[str, Any] = row.data["attrs"]
    return attrs


def _pair(row: Row) -> tuple[str, str]:
    return row.data["subject_id"], row.data["object_id"]


def _role(row: Row) -> str:
    """Return the role in normal form, "" for none."""
    return normal(_attrs(row).get("role") or "")


def _ended(row: Row) -> bool:
    return _attrs(row).get("current") is False
