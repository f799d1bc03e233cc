"""The store's interface: rows in, rows out, pattern matching; it decides nothing.

Layers and kinds of rows:

- record: `issue`, `mention` (an entity as one issue names it), `statement`; people's: `judgement`
- view: `listing` (an issue without its text, with the date that holds for it), `entity`, `deal`, `edge`,
  `name` (a form that finds an entity), `member` (a further id that leads to an entity)
- `meta`: what the view was made with

A row's `data` is plain JSON. The columns that patterns may filter or order by are flat keys of it (EDGE_FIELDS,
ENTITY_FIELDS); the rest may be nested. FIELDS lists, for each kind, the keys that `rows` and `count` may narrow by.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeVar

T = TypeVar("T")

ENTITY_FIELDS = ("id", "type", "name")
EDGE_FIELDS = (
    "id", "relation", "subject_id", "object_id", "deal_id", "stage", "certain", "confidence",
    "amount_low", "amount_high", "currency", "date", "percent", "value", "metric", "period", "round", "reported",
)  # fmt: skip
FIELDS: dict[str, tuple[str, ...]] = {
    "issue": ("text_sha256",),
    "listing": ("text_sha256", "counted"),
    "mention": ("issue", "member"),
    "statement": ("issue", "cell", "subject_member", "object_member"),
    "judgement": ("kind", "issue"),
    "entity": ("type", "name", "cluster"),
    "deal": ("kind", "stage", "cell"),
    "edge": (*EDGE_FIELDS[1:], "cell"),
    "name": ("entity_id", "key", "folded"),
    "member": ("entity_id",),
    "meta": (),
}
# What is looked up by other fields than the id: (kind, field or fields).
INDEXES: tuple[tuple[str, ...], ...] = (
    ("issue", "text_sha256"), ("listing", "text_sha256"), ("listing", "counted"), ("mention", "issue"),
    ("mention", "member"), ("statement", "issue"), ("statement", "cell"), ("statement", "subject_member"),
    ("statement", "object_member"), ("judgement", "kind"), ("judgement", "issue"), ("entity", "type"),
    ("entity", "cluster"), ("deal", "cell"), ("edge", "cell"), ("edge", "relation"),
    ("edge", "subject_id", "relation"), ("edge", "object_id", "relation"), ("edge", "deal_id"), ("name", "entity_id"),
    ("name", "key"), ("member", "entity_id"),
)  # fmt: skip
# Fields that hold the id of a row that must be there when a transaction ends.
LINKS: dict[str, dict[str, str]] = {
    "mention": {"issue": "issue"},
    "statement": {"issue": "issue"},
    "edge": {"subject_id": "entity", "object_id": "entity"},
}
Op = Literal["=", "!=", "<", "<=", ">", ">=", "in", "null", "not null"]


def fold(text: str) -> str:
    """Return the form that name search compares: lower case, no accents, single blanks."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def clean(value: Any) -> Any:
    """Return a flat value as every store takes it: text without NUL and half characters, whole numbers of 64 bits."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return float(value)
    return value


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
    """A condition on a flat field of a variable's row; where the field is null only `null` holds."""

    var: str
    field: str
    op: Op
    value: Any = None


@dataclass(frozen=True)
class Pattern:
    """One to four hops with conditions; `absent` hops must not exist; order is (var, field, descending), nulls last.

    Filters on the variable of an absent hop belong to what must not exist.
    """

    hops: tuple[Hop, ...]
    nodes: tuple[Node, ...] = ()
    filters: tuple[Filter, ...] = ()
    absent: tuple[Hop, ...] = ()
    order: tuple[tuple[str, str, bool], ...] = ()
    limit: int | None = None


class Rows(Protocol):
    """Rows in, rows out; every method raises StoreError. Reads see what was committed; `read` joins several."""

    def read(self, work: Callable[[], T]) -> T:
        """Return what the work returns, all its reads seeing one state of the store; no lock that others wait for.

        The work may be run again, so it only reads. Inside `write` or `read` it is simply run.
        """

    def put(self, rows: Iterable[Row]) -> None:
        """Insert or replace rows by kind and id (inside `write`)."""

    def delete(self, kind: str, ids: Iterable[str]) -> None:
        """Delete rows by id (inside `write`); unknown ids are ignored."""

    def get(self, kind: str, ids: Iterable[str]) -> list[Row]:
        """Return the rows that exist, in the order of the ids."""

    def rows(self, kind: str, /, **equal: Any) -> Iterator[Row]:
        """Yield rows of a kind sorted by id; `equal` narrows by one of FIELDS: a value, None, or a list of values."""

    def count(self, kind: str, /, **equal: Any) -> int:
        """Return how many rows `rows` would yield, without reading them."""


class Store(Rows, Protocol):
    """What a store can do besides keeping rows."""

    def write(self, work: Callable[[], T]) -> T:
        """Take the write lock, run the work in one transaction, and return what it returns. Not nested.

        An error rolls everything back. Where a server breaks the transaction off, the work is run again: it changes
        nothing but the store, and reads what it decides by inside.
        """

    def version(self) -> str:
        """Return a word that changes with every committed write, for what is made of many rows and kept."""

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
