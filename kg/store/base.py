"""The store's interface: rows in, rows out, pattern matching; it decides nothing.

Layers and kinds of rows:

- record: `issue`, `statement`; people's: `judgement`
- view: `entity`, `deal`, `edge`, and `name` (a form that finds an entity)

A row's `data` is plain JSON. The columns that patterns may filter or order by are flat keys of it (EDGE_FIELDS,
ENTITY_FIELDS); the rest may be nested.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

ENTITY_FIELDS = ("id", "type", "name")
EDGE_FIELDS = (
    "id", "relation", "subject_id", "object_id", "deal_id", "stage", "certain", "confidence",
    "amount_low", "amount_high", "currency", "date", "percent", "value", "metric", "period", "round",
)  # fmt: skip
Op = Literal["=", "!=", "<", "<=", ">", ">=", "in", "null", "not null"]


@dataclass(frozen=True)
class Row:
    """One row: its kind, its id, and its JSON data."""

    kind: str
    id: str
    data: dict[str, Any] = field(hash=False)


@dataclass(frozen=True)
class Node:
    """An entity variable of a pattern; bound to ids where given, limited to types where given."""

    var: str
    ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hop:
    """An edge variable between two entity variables; `either` lets it run in both directions."""

    var: str
    subject: str
    object: str
    relations: tuple[str, ...] = ()
    either: bool = False


@dataclass(frozen=True)
class Filter:
    """A condition on a flat field of a variable's row."""

    var: str
    field: str
    op: Op
    value: Any = None


@dataclass(frozen=True)
class Pattern:
    """One to four hops with conditions; `absent` hops must not exist; order is (var, field, descending)."""

    hops: tuple[Hop, ...]
    nodes: tuple[Node, ...] = ()
    filters: tuple[Filter, ...] = ()
    absent: tuple[Hop, ...] = ()
    order: tuple[tuple[str, str, bool], ...] = ()
    limit: int | None = None


class Store(Protocol):
    """What a store can do. Reads outside a transaction see whole issues only."""

    def transaction(self) -> AbstractContextManager[None]:
        """Take the write lock; commit at the end, roll back on an error. Not nested."""

    def put(self, rows: Iterable[Row]) -> None:
        """Insert or replace rows by kind and id (inside a transaction)."""

    def delete(self, kind: str, ids: Iterable[str]) -> None:
        """Delete rows by id (inside a transaction); unknown ids are ignored."""

    def get(self, kind: str, ids: Iterable[str]) -> list[Row]:
        """Return the rows that exist, in the order of the ids."""

    def rows(self, kind: str, **equal: Any) -> Iterator[Row]:
        """Yield rows of a kind sorted by id; `equal` narrows by an indexed field (see the store's table)."""

    def match(self, pattern: Pattern) -> list[dict[str, Row]]:
        """Return the bindings of the pattern: variable → entity or edge row."""

    def neighbourhood(self, ids: Iterable[str], *, depth: int = 1, limit: int = 1000) -> list[Row]:
        """Return the edges within `depth` steps of the entities, largest amounts first."""

    def path(self, start: str, end: str, *, longest: int = 4) -> list[Row]:
        """Return the edges of a shortest path, or an empty list."""

    def names(self, text: str | None = None, *, limit: int = 20) -> list[tuple[str, str]]:
        """Return (form, entity id) whose form contains the text's words, nearest first; all of them for None."""

    def close(self) -> None:
        """Let go of files and connections."""
