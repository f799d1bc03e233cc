"""Name cells: which names of all issues are one entity, and what it is called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kg.names import normal
from kg.record import hashed, numbers, plain_id
from kg.reference import Reference
from kg.store.base import Row, fold

PARTS = ("issues", "members", "names", "types", "forms")
Tally = dict[str, dict[str, int]]  # part → value → in how many issues


def cluster(member: str, reference: Reference) -> str:
    """Return the name cell of a member key: the curated id that it joins, else its readable id.

    A name whose normal form is curated, but with other numbers, stays alone under its whole key.
    """
    plain = plain_id(member)
    curated = reference.canonical(*plain.split("/", 1))
    entry = reference.entry(curated) if curated else None
    if entry is None:
        return plain
    form, figures = plain.split("/", 1)[1], member[len(plain) + 1 :]
    return entry.id if any(normal(f) == form and numbers(f) == figures for f in entry.forms) else member


def entity_ids(cell: str, members: Iterable[str], reference: Reference) -> dict[str, str]:
    """Return the entity id of each member of a name cell: one for all, but where their numbers differ."""
    keys = sorted(set(members))
    if reference.entry(cell) is not None or all(key == cell for key in keys):
        return dict.fromkeys(keys, cell)
    # Divided numbers first: "GPT-4.1" keeps model/gpt41 where a text also writes "GPT 41".
    keys.sort(key=lambda key: ("." not in key[len(cell) :], key))
    return {key: key if number else cell for number, key in enumerate(keys)}


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


def name_rows(cell: str, mentions: Iterable[Mapping[str, Any]], reference: Reference) -> list[Row]:
    """Return the entity, name and member rows of a name cell from all its mentions in issues that count."""
    said = list(mentions)
    ids = entity_ids(cell, (m["member"] for m in said), reference)
    by_id: dict[str, list[Mapping[str, Any]]] = {}
    for m in said:
        by_id.setdefault(ids[m["member"]], []).append(m)
    return [row for id, some in by_id.items() for row in entity_rows(id, cell, tally(some), reference)]


def entity_rows(id: str, cell: str, counts: Tally, reference: Reference) -> Iterator[Row]:
    """Yield an entity's row, and those of its forms and members; its type and name are those of most issues."""
    if not counts["members"]:
        return
    entry = reference.entry(id)
    name = entry.name if entry else _most(counts["names"])
    own = {*counts["names"], *(entry.forms if entry else ())}
    yield Row("entity", id, {
        "type": _most(counts["types"]), "name": name, "aliases": sorted(counts["forms"].keys() - {name}),
        "cluster": cell, "members": sorted(counts["members"]), "issues": counts["issues"][""], "tally": counts,
    })  # fmt: skip
    for form in sorted(own | counts["forms"].keys()):
        yield Row("name", hashed("n", id, form), {
            "form": form, "folded": fold(form), "key": normal(form), "entity_id": id, "own": form in own,
        })  # fmt: skip
    for member in sorted(counts["members"].keys() - {id}):
        yield Row("member", member, {"entity_id": id})


def _most(counts: Mapping[str, int]) -> str:
    return min(counts, key=lambda word: (-counts[word], word))
