"""Review duplicates: pairs of entities that may be one, by names, neighbours, and how issues speak of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cached_property

from kg.model import Judgement
from kg.review_items import DUPLICATES, Answer, Consequence, Item, Side, few_each
from kg.review_names import WORK, Hint, Known, Pair, hints
from kg.review_world import Span, World, size, stakes
from kg.store.base import Row

FLOOR = 0.4  # less likely pairs are not worth a person's time
MOST = 5  # pairs of one name
BESIDE = 150  # characters within which two names stand side by side
SHOWN = 3  # statements of a side
Places = Mapping[str, Mapping[str, list[Span]]]  # entity → issue → where it is named


def duplicates(world: World) -> list[Item]:
    """Return the pairs of entities that both have links and may be one, without those that are surely two."""
    return Duplicates(world).items()


class Duplicates:
    """The likely duplicates of one world."""

    def __init__(self, world: World) -> None:
        """Look into a world."""
        self.world = world

    def items(self) -> list[Item]:
        """Return the items, most consequential first; each entity is in a few at most."""
        open_ones = {pair: why for pair, why in hints(self._known()).items() if self._may_be_one(pair, why)}
        places = self.world.places({id for pair in open_ones for id in pair})
        found = [item for pair, why in open_ones.items() if (item := self._item(pair, why, places))]
        return few_each(found, MOST)

    def _known(self) -> Iterator[Known]:
        for id, data in self.world.entities.items():
            if id in self.world.edges_of:
                entry = self.world.reference.entry(id)
                own = {data["name"], *data["tally"]["names"], *(entry.forms if entry else ())}
                yield Known(id, data["type"], data["name"], frozenset(own), frozenset({*data["aliases"]} - own))

    def _may_be_one(self, pair: Pair, why: list[Hint]) -> bool:
        """Say whether a pair is open, and likely enough before it is asked what speaks against it."""
        judged = frozenset(pair) in self.world.judged_names
        return not judged and not self._surely_two(*pair) and self._for(pair, why) >= FLOOR

    def _for(self, pair: Pair, why: list[Hint]) -> float:
        """Return how likely a pair is by its names, raised by what both are linked to."""
        a, b = pair
        return self._raised(max(hint.likely for hint in why), self.neighbours[a] & self.neighbours[b])

    def _item(self, pair: Pair, why: list[Hint], places: Places) -> Item | None:
        world, (a, b) = self.world, pair
        shared = self.neighbours[a] & self.neighbours[b]
        likely, against = self._apart(a, b, self._for(pair, why), places)
        if likely < FLOOR:
            return None
        reasons = list(dict.fromkeys(hint.why for hint in sorted(why, key=lambda hint: -hint.likely)))
        if shared:
            reasons.append(f"both are linked to {world.names(sorted(shared, key=self._weight, reverse=True))}")
        ids = sorted(pair, key=lambda id: (-self._deals(id), -len(world.edges_of[id]), id))
        less = ids[1]
        money = min((stakes(world.deals[d] for d in world.deals_of.get(id, ())) for id in pair), key=size)
        touched = min(len(world.edges_of[id]) for id in pair)
        kind = world.entities[less]["type"].replace("organization", "company")
        title = f"“{world.name(ids[0])}” and “{world.name(less)}”: one {kind}?"
        sides = tuple(Side(world.name(id), self._statements(id, shared)) for id in ids)
        return Item(
            DUPLICATES, f"entity:{a}|{b}", title, (*reasons, *against), Consequence(money, touched, likely), sides,
            self._answers(a, b),
        )  # fmt: skip

    def _answers(self, a: str, b: str) -> tuple[Answer, ...]:
        names = [self.world.name(a), self.world.name(b)]

        def said(verdict: str) -> tuple[Judgement, ...]:
            return (Judgement(kind="entity", target=f"{a}|{b}", verdict=verdict, about={"names": names}),)

        return (
            Answer("same", "Same", said("same"), (("merge", a, b),)),
            Answer("different", "Different", said("different"), (("split", a, b),)),
            Answer("unsure", "Unsure", said("unsure"), (("merge", a, b, "--unsure"),)),
        )

    @cached_property
    def neighbours(self) -> dict[str, set[str]]:
        """Return entity → the entities that it has a link with."""
        out: dict[str, set[str]] = {}
        for id, edges in self.world.edges_of.items():
            out[id] = {e.data[end] for e in edges for end in ("subject_id", "object_id")} - {id}
        return out

    def _weight(self, id: str) -> float:
        """Return how telling a shared neighbour is: one with few links says more."""
        return 1 / math.log2(1 + max(1, len(self.neighbours[id])))

    def _raised(self, likely: float, shared: set[str]) -> float:
        strength = sum(self._weight(id) for id in shared)
        return likely + (1 - likely) * 0.7 * (1 - math.exp(-strength))

    def _surely_two(self, a: str, b: str) -> bool:
        """Say whether reference data have both, or a statement links the one to the other."""
        world = self.world
        if world.reference.entry(a) and world.reference.entry(b):
            return True
        return b in self.neighbours[a]

    def _apart(self, a: str, b: str, likely: float, places: Places) -> tuple[float, list[str]]:
        """Return how likely a pair is after what speaks against it, and that in words."""
        world = self.world
        if world.entities[a]["type"] in WORK:
            first, second = (self._makers(id) for id in (a, b))
            if first and second and not first & second:
                return 0.3 * likely, [f"but made by {world.names(sorted(first))} and by {world.names(sorted(second))}"]
        ours, theirs = places.get(a, {}), places.get(b, {})
        both = sorted(ours.keys() & theirs.keys())
        if any(_beside(ours[issue], theirs[issue]) for issue in both):
            return 0.4 * likely, ["but an issue names both side by side"]
        if both:
            return 0.75 * likely, ["but an issue has both names"]
        return likely, []

    def _makers(self, id: str) -> set[str]:
        """Return who is said to have made a work."""
        edges = self.world.edges_of.get(id, ())
        made = {e.data["subject_id"] for e in edges if e.data["relation"] == "developed" and e.data["object_id"] == id}
        return made

    def _deals(self, id: str) -> float:
        return size(stakes(self.world.deals[d] for d in self.world.deals_of.get(id, ())))

    def _statements(self, id: str, shared: set[str]) -> tuple[str, ...]:
        """Return some statements on an entity: those on what both are linked to, then certain ones, then of money."""

        def place(edge: Row) -> tuple[bool, bool, float, str]:
            data = edge.data
            ends = {data["subject_id"], data["object_id"]} - {id}
            return (not ends & shared, not data["certain"], -(data["amount_high"] or data["amount_low"] or 0), edge.id)

        edges = sorted(self.world.edges_of[id], key=place)
        found = [s for e in edges for s in e.data["statement_ids"][:1] if s in self.world.statements]
        return tuple(dict.fromkeys(found))[:SHOWN]


def _beside(ours: list[Span], theirs: list[Span]) -> bool:
    """Say whether a place of the one name is within a sentence's length of one of the other, and not inside it."""
    for start, end in ours:
        for first, last in theirs:
            apart = first - end if first >= end else start - last
            if 0 <= apart <= BESIDE:
                return True
    return False
