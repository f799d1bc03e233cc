"""Name cells: which names of all issues are one entity, and what it is called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kg.names import normal
from kg.naming import Names
from kg.record import hashed
from kg.store.base import Row, fold

PARTS = ("issues", "members", "names", "types", "forms")
Tally = dict[str, dict[str, int]]  # part → value → in how many issues


def tally(mentions: Iterable[Mapping[str, Any]]) -> Tally:
    """Return in how many issues each member key, name, type and form stands, and how many issues there are."""
    seen: set[tuple[str, str, str]] = set()
    for m in mentions:
        issue = m["issue"]
        seen |= {("issues", "", issue), ("members", m["member"], issue), ("names", m["name"], issue)}
        seen |= {("types", m["type"], issue), *(("forms", form, issue) for form in (m["name"], *m["aliases"]))}
    counts: Tally = {part: {} for part in PARTS}
    for part, value, _ in sorted(seen):
        counts[part][value] = counts[part].get(value, 0) + 1
    return counts


def shifted(counts: Tally, gone: Tally, new: Tally) -> Tally:
    """Return a tally without the issues of one and with those of another; the issues of both are whole."""
    out: Tally = {}
    for part in PARTS:
        values = {**counts[part], **new[part]}
        all_counts = {v: counts[part].get(v, 0) - gone[part].get(v, 0) + new[part].get(v, 0) for v in values}
        out[part] = {v: n for v, n in all_counts.items() if n}
    return out


def name_rows(cell: str, mentions: Iterable[Mapping[str, Any]], names: Names) -> list[Row]:
    """Return the entity, name and member rows of a name cell from all its mentions in issues that count."""
    said = list(mentions)
    members = {m["member"] for m in said}
    ids, own = names.ids(members), names.own_ids(members)
    by_id: dict[str, list[Mapping[str, Any]]] = {}
    for m in said:
        by_id.setdefault(ids[m["member"]], []).append(m)
    return [row for id, some in by_id.items() for row in entity_rows(id, cell, tally(some), names, own)]


def entity_rows(id: str, cell: str, counts: Tally, names: Names, own_ids: Mapping[str, str]) -> Iterator[Row]:
    """Yield an entity's row, and those of its forms and members; its type and name are those of most issues.

    Every id finds it: those of its member keys, and those (`own_ids`) that they would have alone.
    """
    members = counts["members"]
    if not members:
        return
    entry = names.reference.entry(id)
    name = entry.name if entry else _most(counts["names"])
    own = {*counts["names"], *names.forms(members)}
    yield Row("entity", id, {
        "type": _most(counts["types"]), "name": name, "aliases": sorted(counts["forms"].keys() - {name}),
        "cluster": cell, "members": sorted(members), "issues": counts["issues"][""], "tally": counts,
    })  # fmt: skip
    for form in sorted(own | counts["forms"].keys()):
        yield Row("name", hashed("n", id, form), {
            "form": form, "folded": fold(form), "key": normal(form), "entity_id": id, "own": form in own,
        })  # fmt: skip
    for key in sorted({*members, *(own_ids[m] for m in members)} - {id}):
        yield Row("member", key, {"entity_id": id})


def _most(counts: Mapping[str, int]) -> str:
    return min(counts, key=lambda word: (-counts[word], word))
