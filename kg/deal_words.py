"""Deals in words: who deals with whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kg.deal_list import sides
from kg.model import Deal
from kg.schema import Schema

NAMES = 3  # parties of one side that a line names


def title(deal: Deal, schema: Schema, names: Mapping[str, str]) -> str:
    """Return who deals with whom: "Amazon → Anthropic", along the money; "AMD – PayPal" where all are partners."""
    givers, takers = ([names.get(p.entity_id, p.entity_id) for p in side] for side in sides(deal, schema))
    if not givers:
        return " – ".join(takers)
    if not takers:
        return _named(givers)
    return f"{_named(givers)} → {_named(takers)}"


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMES} more" if len(names) > NAMES + 1 else ""
    return ", ".join(names[: NAMES if more else None]) + more
