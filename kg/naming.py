"""Naming: which member keys are one entity, and by what id, by the reference and by what people say of entities."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, get_args

from kg.model import EntityType
from kg.names import group, normal
from kg.record import member, numbers, plain_id
from kg.reference import Entry, Reference
from kg.store.base import Row
from kg.ties import Settled, Word, instant, settle

ID = f"(?:{'|'.join(sorted({group(kind) for kind in get_args(EntityType)}))})/.+"
ENDS = re.compile(rf"({ID}?)\|({ID})", re.DOTALL)


def ends(target: str) -> tuple[str, str] | None:
    """Return the two ids of an entity judgement's target; None for another form."""
    found = ENDS.fullmatch(target)
    return (found[1], found[2]) if found else None


@lru_cache(maxsize=1 << 16)
def cluster(key: str, reference: Reference) -> str:
    """Return the cell that the rules put a member key into: the curated id that it joins, else its readable id.

    A name whose normal form is curated, but with other numbers, stays alone under its whole key.
    """
    plain = plain_id(key)
    curated = reference.canonical(*plain.split("/", 1))
    entry = reference.entry(curated) if curated else None
    if entry is None:
        return plain
    form, figures = plain.split("/", 1)[1], key[len(plain) + 1 :]
    return entry.id if any(normal(f) == form and numbers(f) == figures for f in entry.forms) else key


def numbered(plain: str, keys: Iterable[str]) -> dict[str, str]:
    """Return the ids of member keys with one readable id: that one for the first, the others keep their whole key."""
    # Divided numbers first: "GPT-4.1" keeps model/gpt41 where a text also writes "GPT 41".
    ordered = sorted(set(keys), key=lambda key: ("." not in key[len(plain) :], key))
    return {key: key if number else plain for number, key in enumerate(ordered)}


class Names:
    """What is one entity and what it is called; a value made of the reference and the judgements on entities.

    A member key that no judgement touches goes by the rules alone.
    """

    def __init__(self, reference: Reference, judgements: Iterable[Row] = ()) -> None:
        """Settle what the judgements say; those of another kind, and `unsure`, play no part."""
        self.reference = reference
        self.words = [word for row in judgements if (word := self._word(row))]
        self.bonds = list(self._bonds())
        self.settled: Settled = settle(self.words, self.bonds)
        self._classes: dict[str, frozenset[str]] = {}
        for node in dict.fromkeys(n for pair in (*((w.a, w.b) for w in self.words), *self.bonds) for n in pair):
            self._classes[node] = frozenset(self.settled.groups.group(node))
        self._cells = self._joined_cells()

    def cell(self, key: str) -> str:
        """Return the name cell of a member key: what is derived together."""
        own = cluster(key, self.reference)
        return self._cells.get(own, own)

    def ids(self, members: Iterable[str]) -> dict[str, str]:
        """Return the entity id of each member key, given all those of a name cell."""
        own = self.own_ids(members)
        classes: dict[frozenset[str], list[str]] = {}
        for key in own:
            classes.setdefault(self._class(key), []).append(key)
        out: dict[str, str] = {}
        for one, keys in classes.items():
            out |= dict.fromkeys(keys, min(self._curated(one) or [own[key] for key in keys]))
        return out

    def own_ids(self, members: Iterable[str]) -> dict[str, str]:
        """Return the id that each member key has if nobody joins it with another, given all those of a name cell."""
        cells: dict[str, list[str]] = {}
        for key in sorted(set(members)):
            cells.setdefault(cluster(key, self.reference), []).append(key)
        out: dict[str, str] = {}
        for cell, keys in cells.items():
            entry = self.reference.entry(cell)
            if entry is None:
                out |= numbered(cell, keys)
                continue
            kept = self._class(canonical(entry))
            out |= {key: cell for key in keys if key in kept}
            left: dict[str, list[str]] = {}
            for key in (k for k in keys if k not in kept):
                left.setdefault(plain_id(key), []).append(key)
            for plain, some in left.items():
                out |= {key: key for key in some} if plain == cell else numbered(plain, some)
        return out

    def forms(self, members: Iterable[str]) -> list[str]:
        """Return the curated forms of an entity with these member keys."""
        one = self._class(next(iter(members)))
        entries = [self.reference.entry(curated) for curated in self._curated(one)]
        return [form for e in entries if e for form in e.forms if member(form, e.kind) in one]

    def node(self, id: str) -> str:
        """Return the member key that an id stands for: of a curated one the key of its full name."""
        entry = self.reference.entry(id)
        return canonical(entry) if entry else id

    def changed(self, other: Names) -> set[str]:
        """Return the name cells, by either's rules, in which the judgements make a difference between the two."""
        nodes = self._classes.keys() | other._classes.keys()
        apart = [n for n in nodes if (self.cell(n), self._class(n)) != (other.cell(n), other._class(n))]
        return {names.cell(node) for node in apart for names in (self, other)}

    def word(self, target: str, about: Mapping[str, Any], same: bool, order: tuple[str, str]) -> Word | None:
        """Return what a judgement says of two member keys; None where they are one key, or no keys."""
        pair = about.get("members")
        both = tuple(pair) if isinstance(pair, list | tuple) and len(pair) == 2 else ends(target)
        a, b = (self.node(str(id)) for id in both) if both else ("", "")
        return Word(a, b, same, order) if a != b else None

    def _word(self, row: Row) -> Word | None:
        data = row.data
        if data["kind"] != "entity" or data["verdict"] not in ("same", "different"):
            return None
        return self.word(data["target"], data["about"], data["verdict"] == "same", (instant(data["when"]), row.id))

    def _bonds(self) -> Iterator[tuple[str, str]]:
        """Yield what the reference joins with a key that was judged: each form of an entry with its full name."""
        touched = {cluster(key, self.reference) for word in self.words for key in (word.a, word.b)}
        for entry in (e for id in sorted(touched) if (e := self.reference.entry(id))):
            full = canonical(entry)
            for key in sorted({member(form, entry.kind) for form in entry.forms} - {full}):
                yield full, key

    def _class(self, key: str) -> frozenset[str]:
        """Return the member keys that are one with this one."""
        if key in self._classes:
            return self._classes[key]
        entry = self.reference.entry(cluster(key, self.reference))
        return frozenset(member(form, entry.kind) for form in entry.forms) if entry else frozenset((key,))

    def _curated(self, one: frozenset[str]) -> list[str]:
        """Return the ids of the curated entries whose full names are among the keys of an entity."""
        entries = (self.reference.entry(cluster(key, self.reference)) for key in one)
        return sorted({e.id for e in entries if e and canonical(e) in one})

    def _joined_cells(self) -> dict[str, str]:
        """Return rules' cell → the cell that it is part of, where merges join several."""
        out: dict[str, set[str]] = {}
        for one in set(self._classes.values()):
            cells = {cluster(key, self.reference) for key in one}
            joined = set().union(*(out.get(cell, {cell}) for cell in cells))
            for cell in joined:
                out[cell] = joined
        return {cell: min(joined) for cell, joined in out.items() if len(joined) > 1}


def canonical(entry: Entry) -> str:
    """Return the member key of a curated entry's full name."""
    return member(entry.name, entry.kind)
