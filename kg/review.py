"""Review: what a person should look at, the most consequential first; a function of the rows of a store."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kg.answer import corrected, statement_json
from kg.errors import QuestionError
from kg.reference import Reference
from kg.review_conflicts import contradictions
from kg.review_deals import same_deals
from kg.review_duplicates import duplicates
from kg.review_items import CONTRADICTIONS, DEALS, DUPLICATES, KINDS, LESS_CERTAIN, Item
from kg.review_unsure import less_certain
from kg.review_world import World
from kg.schema import Schema
from kg.store.base import Row, Store

RULES: Mapping[str, Callable[[World], list[Item]]] = {
    DUPLICATES: duplicates, DEALS: same_deals, CONTRADICTIONS: contradictions, LESS_CERTAIN: less_certain,
}  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """The items of a review list, most consequential first, and how many there are of each kind in the whole store."""

    items: tuple[Item, ...]
    counts: Mapping[str, int]


class Review:
    """The review list of a store."""

    def __init__(
        self, store: Store, schema: Schema, reference: Reference, *, trust: Mapping[str, float] | None = None
    ) -> None:
        """Read from a store; `trust`: relation → the confidence from which its statements are certain."""
        self.store, self.schema, self.reference = store, schema, reference
        self.trust = dict(trust or {})

    def items(self, kinds: Iterable[str] = ()) -> Listed:
        """Return what is to be reviewed, of some kinds or of all; raise QuestionError for a kind that there is not."""
        wanted = tuple(dict.fromkeys(kinds)) or KINDS
        for kind in wanted:
            if kind not in KINDS:
                raise QuestionError(f"{kind!r} is no kind of review; there is {', '.join(KINDS)}")
        every = self.store.read(self._every)
        found = sorted((item for item in every if item.kind in wanted), key=lambda item: item.order)
        counts = Counter(item.kind for item in every)
        return Listed(tuple(found), {kind: counts[kind] for kind in KINDS})

    def _every(self) -> list[Item]:
        world = World(self.store, self.schema, self.reference, self.trust)
        return [item for rule in RULES.values() for item in rule(world)]

    def statements(self, items: Iterable[Item]) -> dict[str, dict[str, Any]]:
        """Return id → statement in JSON form, of those that some items set side by side."""
        ids = list(dict.fromkeys(id for item in items for id in item.statement_ids))
        rows = self.store.get("statement", ids) if ids else []
        judged = {
            row.data["target"]: row.data for row in self.store.get("judgement", [f"statement/{row.id}" for row in rows])
        }
        right = {id: json.loads(j["value"]) for id, j in judged.items() if j["verdict"] == "correct"}
        sure = {id for id, j in judged.items() if j["verdict"] in ("accept", "correct")}
        return {row.id: corrected(statement_json(row, row.id in sure or self._trusted(row)), right) for row in rows}

    def as_json(self, listed: Listed, limit: int | None = None) -> dict[str, Any]:
        """Return the first items as `kg review --json` prints them, with the statements behind each."""
        shown = listed.items[:limit]
        said = self.statements(shown)
        return {
            "items": [item.as_json(said[id] for id in item.statement_ids if id in said) for item in shown],
            "shown": len(shown),
            "of": len(listed.items),
            "counts": dict(listed.counts),
        }

    def _trusted(self, row: Row) -> bool:
        return float(row.data["confidence"]) >= self.trust.get(row.data["relation"], 0.0)
