"""Overlay: the rows of a store as changes would leave them that are never written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from kg.store.base import Row, Rows, clean

T = TypeVar("T")


class Overlay:
    """Rows over those of a base, which it never changes; it may itself be the base of another one.

    The base must stay as it is meanwhile: use it inside `base.read(work)`.
    """

    def __init__(self, base: Rows) -> None:
        """Lie over a base."""
        self.base = base
        self._put: dict[str, dict[str, Row]] = {}
        self._gone: dict[str, set[str]] = {}

    def read(self, work: Callable[[], T]) -> T:
        """Return what the work returns, all its reads seeing one state of the base."""
        return self.base.read(work)

    def put(self, rows: Iterable[Row]) -> None:
        """Insert or replace rows by kind and id."""
        for row in rows:
            id = clean(row.id)
            self._put.setdefault(row.kind, {})[id] = Row(row.kind, id, row.data)
            self._gone.setdefault(row.kind, set()).discard(id)

    def delete(self, kind: str, ids: Iterable[str]) -> None:
        """Delete rows by id; unknown ids are ignored."""
        for id in map(clean, ids):
            self._put.setdefault(kind, {}).pop(id, None)
            self._gone.setdefault(kind, set()).add(id)

    def get(self, kind: str, ids: Iterable[str]) -> list[Row]:
        """Return the rows that exist, in the order of the ids."""
        wanted = list(dict.fromkeys(map(clean, ids)))
        own, gone = self._put.get(kind, {}), self._gone.get(kind, ())
        below = self.base.get(kind, [id for id in wanted if id not in own and id not in gone])
        found = {row.id: row for row in below} | own
        return [found[id] for id in wanted if id in found]

    def rows(self, kind: str, /, **equal: Any) -> Iterator[Row]:
        """Yield rows of a kind sorted by id; `equal` narrows as in the base."""
        own, gone = self._put.get(kind, {}), self._gone.get(kind, ())
        below = [row for row in self.base.rows(kind, **equal) if row.id not in own and row.id not in gone]
        wanted = {name: _values(value) for name, value in equal.items()}
        above = [row for row in own.values() if all(clean(row.data.get(n)) in some for n, some in wanted.items())]
        yield from sorted((*below, *above), key=lambda row: row.id)

    def count(self, kind: str, /, **equal: Any) -> int:
        """Return how many rows `rows` would yield."""
        return sum(1 for _ in self.rows(kind, **equal))

    def differing(self, kind: str) -> tuple[list[Row], list[Row]]:
        """Return the rows of a kind that base and overlay do not have alike: as the base has them, and as this has."""
        own = self._put.get(kind, {})
        below = {row.id: row for row in self.base.get(kind, sorted({*own, *self._gone.get(kind, ())}))}
        alike = {id for id, row in own.items() if id in below and below[id].data == row.data}
        base, here = ([row for id, row in sorted(some.items()) if id not in alike] for some in (below, own))
        return base, here


def _values(value: Any) -> set[Any]:
    several = isinstance(value, list | tuple | set | frozenset)
    return {clean(v) for v in value} if several else {clean(value)}
