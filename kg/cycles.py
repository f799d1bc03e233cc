"""Cycles: money that comes back to where it started, over two to five firms, and what of it holds under stress."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import networkx as nx

from kg.deal_claims import agree
from kg.deal_stages import UNSURE
from kg.flows import Leg, Money, is_firm
from kg.periods import span

MOST_PARTIES = 5
MOST_FOUND = 20_000  # cycles that are looked at; shorter ones come first
WINDOW = 24  # months
_SURE = {"completed": 3, "announced": 2}


@dataclass(frozen=True)
class Cycle:
    """A loop of money: its legs in order, background legs included, and which tests it passes.

    `window` is None where a leg has no date. `others` are the further deals that run along the same pairs.
    """

    legs: tuple[Leg, ...]
    completed_only: bool
    low_amounts: bool
    window: bool | None
    weakest: Leg
    others: tuple[Leg, ...] = ()

    @property
    def parties(self) -> tuple[str, ...]:
        """Return the entities in the order in which the money passes them."""
        return tuple(leg.source for leg in self.legs)

    @property
    def low(self) -> float:
        """Return the sure money of its least leg."""
        return min(leg.low for leg in self.legs if not leg.background)

    @property
    def high(self) -> float:
        """Return the money, with promises, of its least leg."""
        return min(leg.high for leg in self.legs if not leg.background)

    def as_json(self) -> dict[str, Any]:
        """Return the cycle as `kg cycles --json` prints it."""
        return {
            "parties": list(self.parties),
            "legs": [leg.as_json() for leg in self.legs],
            "survives": {
                "completed_only": self.completed_only,
                "low_amounts": self.low_amounts,
                "window": self.window,
            },
            "weakest": self.weakest.as_json(),
            "others": [leg.as_json() for leg in self.others],
        }


@dataclass(frozen=True)
class Cycles:
    """Cycles, those with the most money in their least leg first; `cut`: there are more than were looked at."""

    cycles: tuple[Cycle, ...]
    cut: bool = False


def cycles(
    money: Money, *, most_parties: int = MOST_PARTIES, months: int = WINDOW, through: Iterable[str] = ()
) -> Cycles:
    """Return the loops of two to `most_parties` firms; with `through`, those in which one of these takes part.

    A firm's part counts as the firm: where money enters at one and leaves at the other, a background leg says so.
    """
    between = _pairs(money)
    wanted = {money.firms.get(id, id) for id in through}
    seen = 0
    out = []
    for firms in _simple(between, most_parties):
        seen += 1
        if seen > MOST_FOUND:
            break
        if (not wanted or wanted & set(firms)) and (steps := _steps(between, firms)):
            out.append(_cycle(steps, months))
    out.sort(key=lambda c: (-c.low, -c.high, len(c.legs), c.parties))
    return Cycles(tuple(out), cut=seen > MOST_FOUND)


def closed(after: Money, before: Money) -> Cycles:
    """Return the loops of the money `after` whose firms make none in the money `before`."""
    then, now = _pairs(before), _pairs(after)
    if all(pair in then and then[pair].legs == step.legs for pair, step in now.items()):
        return Cycles(())
    found = cycles(after)
    firms = [tuple(after.firms[leg.source] for leg in c.legs if not leg.background) for c in found.cycles]
    new = (c for c, some in zip(found.cycles, firms, strict=True) if not _steps(then, some))
    return Cycles(tuple(new), found.cut)


def _pairs(money: Money) -> dict[tuple[str, str], _Pair]:
    """Return what goes from firm to firm."""
    return {pair: _Pair.of(legs) for pair, legs in money.between().items() if all(is_firm(id) for id in pair)}


def _steps(between: Mapping[tuple[str, str], _Pair], firms: Sequence[str]) -> list[_Pair]:
    """Return what goes from each of the firms to the next, and back to the first; nothing where that is no loop."""
    steps = [between[pair] for pair in pairwise([*firms, firms[0]]) if pair in between]
    return [] if len(steps) < len(firms) or _mirrored(steps) else steps


def _simple(between: Iterable[tuple[str, str]], most: int) -> Iterator[list[str]]:
    """Yield the simple cycles, those of two and three firms first, each from its first firm on, in one order."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edges_from(sorted(between))
    cores = [graph.subgraph(c).copy() for c in nx.strongly_connected_components(graph) if len(c) > 1]
    done = 0
    for length in sorted({min(3, most), most}):
        kept = []
        for core in cores:
            for cycle in nx.simple_cycles(core, length_bound=length):
                if len(cycle) > done:
                    at = cycle.index(min(cycle))
                    kept.append(cycle[at:] + cycle[:at])
                if len(kept) > MOST_FOUND:
                    break
        yield from sorted(kept, key=lambda c: (len(c), c))
        done = length


@dataclass(frozen=True)
class _Pair:
    """What the deals from one firm to another come to for a loop: the strongest, and which tests any of them passes."""

    legs: tuple[Leg, ...]
    best: Leg
    completed: bool
    sure: bool
    months: tuple[float, ...]

    @classmethod
    def of(cls, legs: Sequence[Leg]) -> _Pair:
        return cls(
            tuple(legs),
            max(legs, key=_strength),
            any(leg.stage == "completed" and leg.certain for leg in legs),
            any(leg.low > 0 for leg in legs),
            tuple(sorted({_months(leg.date) for leg in legs if leg.date})),
        )


def _mirrored(steps: Sequence[_Pair]) -> bool:
    """Say whether two firms have but one contract that the issues tell in both directions: no money comes back."""
    return len(steps) == 2 and all(_one(a, b) for a in steps[0].legs for b in steps[1].legs)


def _one(a: Leg, b: Leg) -> bool:
    """Say whether two legs may be one contract: money of one kind, amounts that agree."""
    first, second = (leg.amount.model_dump() if leg.amount else None for leg in (a, b))
    return a.flow == b.flow and agree(first, second)


def _cycle(steps: Sequence[_Pair], months: int) -> Cycle:
    """Return the cycle over pairs of firms, each with its parallel deals: the strongest one is shown."""
    shown = [pair.best for pair in steps]
    return Cycle(
        legs=tuple(_joined(shown)),
        completed_only=all(pair.completed for pair in steps),
        low_amounts=all(pair.sure for pair in steps),
        window=_within([pair.months for pair in steps], months),
        weakest=min(shown, key=_strength),
        others=tuple(leg for pair in steps for leg in pair.legs if leg is not pair.best),
    )


def _joined(legs: Sequence[Leg]) -> Iterator[Leg]:
    """Yield the legs, with a background leg where the next one begins at another part of the firm."""
    for leg, after in pairwise([*legs, legs[0]]):
        yield leg
        if leg.target != after.source:
            yield Leg(leg.target, after.source)


def _strength(leg: Leg) -> tuple[Any, ...]:
    """Return how much a leg bears: how sure it is, what is confirmed, what is promised; the id makes it one order."""
    return (leg.certain, leg.stage not in UNSURE, leg.low, leg.high, _SURE.get(leg.stage, 0), leg.deal_id or "")


def _within(dated: Sequence[Sequence[float]], months: int) -> bool | None:
    """Say whether the deals can all lie within so many months; None where a pair has no dated deal.

    That is so if from some deal on each pair has one within that time.
    """
    if not all(dated):
        return None
    starts = sorted({day for days in dated for day in days})
    return any(all(any(0 <= day - start <= months for day in days) for days in dated) for start in starts)


@cache
def _months(date: str) -> float:
    """Return the middle of a date as months since the year 0."""
    found = span(date)
    if not found:
        return 0.0
    first, last = ((int(d[:4]) * 12 + int(d[5:7]) - 1 + (int(d[8:10]) - 1) / 31) for d in found)
    return (first + last) / 2


def notes(money: Money, found: Iterable[Cycle]) -> list[str]:
    """Return in words which parts count as their firms: "AWS counted as Amazon (background)"."""
    ids = {id for cycle in found for leg in cycle.legs for id in (leg.source, leg.target)}
    return [f"{money.name(part)} counted as {money.name(firm)} (background)" for part, firm in money.parts(ids)]


def as_json(money: Money, found: Cycles, limit: int | None = None) -> dict[str, Any]:
    """Return the first cycles as `kg cycles --json` prints them."""
    shown = found.cycles[:limit]
    ids = sorted({id for cycle in shown for leg in cycle.legs for id in (leg.source, leg.target)})
    names: Mapping[str, str] = {id: money.name(id) for id in ids}
    return {
        "cycles": [cycle.as_json() for cycle in shown],
        "shown": len(shown),
        "of": len(found.cycles),
        "cut": found.cut,
        "names": dict(names),
        "background": notes(money, shown),
    }
