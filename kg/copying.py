"""Copying: all that one store holds into another one, of either kind."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from kg.errors import KGError
from kg.store.base import FIELDS, Row, Store


@dataclass(frozen=True)
class Copied:
    """How many rows of each kind were copied."""

    counts: dict[str, int]


def copy(source: Store, target: Store, *, replace: bool = False) -> Copied:
    """Copy record, judgements and view in one transaction; raise KGError if the target holds issues or judgements.

    With `replace` what the target holds goes, in the same transaction.
    """
    rows = source.read(lambda: [row for kind in FIELDS for row in source.rows(kind)])
    target.write(lambda: _write(rows, target, replace=replace))
    return Copied(dict(sorted(Counter(row.kind for row in rows).items())))


def _write(rows: list[Row], target: Store, *, replace: bool) -> None:
    held = {kind: target.count(kind) for kind in ("issue", "judgement")}
    if any(held.values()) and not replace:
        said = " and ".join(f"{count} {kind}{'s' if count != 1 else ''}" for kind, count in held.items() if count)
        raise KGError(f"the target holds {said}; name an empty store, or --replace to put the copy in their place")
    for kind in reversed(FIELDS):
        target.delete(kind, [row.id for row in target.rows(kind)])
    target.put(rows)
