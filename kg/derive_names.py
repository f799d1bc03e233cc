"""Name cells: which names of all issues are one entity, and what it is called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from kg.names import normal
from kg.record import hashed, numbers, plain_id
from kg.reference import Reference
from kg.store.base import Row, fold


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


def name_rows(cell: str, mentions: Iterable[Mapping[str, Any]], reference: Reference) -> list[Row]:
    """Return the entity, name and member rows of a name cell from all its mentions in issues that count."""
    said = list(mentions)
    ids = entity_ids(cell, (m["member"] for m in said), reference)
    by_id: dict[str, list[Mapping[str, Any]]] = {}
    for m in said:
        by_id.setdefault(ids[m["member"]], []).append(m)
    rows = [row for id, some in by_id.items() for row in _entity(id, cell, some, reference)]
    return [*rows, *(Row("member", key, {"entity_id": id}) for key, id in ids.items() if key != id)]


def _entity(id: str, cell: str, mentions: list[Mapping[str, Any]], reference: Reference) -> Iterable[Row]:
    """Yield an entity's row and those of its forms; its type and name are those of most issues."""
    entry = reference.entry(id)
    full = Counter(name for name, _ in {(m["name"], m["issue"]) for m in mentions})
    kinds = Counter(kind for kind, _ in {(m["type"], m["issue"]) for m in mentions})
    name = entry.name if entry else _most(full)
    own = {*full, *(entry.forms if entry else ())}
    forms = {form for m in mentions for form in (m["name"], *m["aliases"])}
    yield Row("entity", id, {
        "type": _most(kinds), "name": name, "aliases": sorted(forms - {name}), "cluster": cell,
        "members": sorted({m["member"] for m in mentions}), "issues": len({m["issue"] for m in mentions}),
    })  # fmt: skip
    for form in sorted(own | forms):
        yield Row("name", hashed("n", id, form), {
            "form": form, "folded": fold(form), "key": normal(form), "entity_id": id, "own": form in own,
        })  # fmt: skip


def _most(counts: Counter[str]) -> str:
    return min(counts, key=lambda word: (-counts[word], word))
