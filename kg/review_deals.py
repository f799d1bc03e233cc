"""Review deals: pairs of deals that may be one event told twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import Any

from kg.deal_claims import agree
from kg.deal_kinds import look
from kg.deal_list import sides, when
from kg.deal_stages import ENDED, UNSURE
from kg.deals import worth
from kg.model import Deal
from kg.money import show
from kg.names import normal
from kg.periods import span
from kg.review_items import DEALS, Answer, Consequence, Item, Side, few_each
from kg.review_world import World, size, stake

FLOOR = 0.4
MOST = 3  # pairs of one deal
NEARLY = 0.15  # part by which amounts may differ and be near
GREW = 2.0  # times by which what was talked about may grow until it is agreed
SOON, LATER, LONG = 14, 60, 180  # days


def same_deals(world: World) -> list[Item]:
    """Return the pairs of deals of one cell that may be one event, most consequential first."""
    cells: dict[str, list[Deal]] = {}
    for id, deal in world.deals.items():
        cells.setdefault(world.cells[id], []).append(deal)
    pairs = (pair for some in cells.values() for pair in combinations(some, 2) if _may_be_one(*pair))
    found = [item for a, b in pairs if (item := _item(world, a, b))]
    return few_each(found, MOST)


def _may_be_one(a: Deal, b: Deal) -> bool:
    """Say quickly whether two deals are not surely two: other rounds, or one was called off."""
    return (a.stage in ENDED) == (b.stage in ENDED) and (
        not a.round or not b.round or normal(a.round) == normal(b.round)
    )


def _item(world: World, a: Deal, b: Deal) -> Item | None:
    if world.judged_apart(a.statement_ids, b.statement_ids):
        return None
    first, second = _in_order(a, b)
    parts = list(_signs(world, first, second))
    likely = round(min(0.95, sum(weight for weight, _ in parts)), 3)
    if likely < FLOOR:
        return None
    money = min((stake(d) for d in (a, b)), key=size)
    touched = min(len(world.edges_of_deal.get(d.id, ())) for d in (a, b))
    one, other = sorted(("s" + a.id[1:], "s" + b.id[1:]))
    names = {p.entity_id: world.name(p.entity_id) for d in (a, b) for p in d.parties}
    same, more = who(first, world, names), who(second, world, names)
    label = look(a.kind).label
    title = f"{label}: {same} ({described(first)}) and {more} ({described(second)}): one deal?"
    if same == more:
        title = f"{label} {same}: ({described(first)}) and ({described(second)}): one deal?"
    answers = (
        Answer("same", "Same", (world.on_deals(one, other, "same"),), (("merge", a.id, b.id),)),
        Answer("different", "Different", (world.on_deals(one, other, "different"),), (("split", a.id, b.id),)),
        Answer("unsure", "Unsure", (world.on_deals(one, other, "unsure"),), (("merge", a.id, b.id, "--unsure"),)),
    )
    told = tuple(Side(f"{who(d, world, names)}: {described(d)}", _telling(world, d)) for d in (first, second))
    why = tuple(words for _, words in parts if words)
    return Item(DEALS, f"deal:{one}|{other}", title, why, Consequence(money, touched, likely), told, answers)


def _in_order(a: Deal, b: Deal) -> tuple[Deal, Deal]:
    """Return the earlier deal first: by date, and where one has none, what was talked about before what was agreed."""
    if when(a) and when(b):
        first, second = sorted((a, b), key=lambda d: (when(d) or "", d.id))
    else:
        first, second = sorted((a, b), key=lambda d: (d.stage not in UNSURE, d.id))
    return first, second


def described(deal: Deal) -> str:
    """Return a deal in a few words: "$8 billion, Series F, completed, 2026-04"."""
    amount = worth(deal)
    parts = [show(amount) if amount else "no stated amount", deal.round, deal.stage.replace("_", " "), when(deal)]
    return ", ".join(part for part in parts if part)


def who(deal: Deal, world: World, names: Mapping[str, str]) -> str:
    """Return the parties of a deal, along the money."""
    given, got = sides(deal, world.schema)
    ends = [[names[p.entity_id] for p in some] for some in (given, got)]
    words = [", ".join(end[:2]) + (f" and {len(end) - 2} more" if len(end) > 2 else "") for end in ends if end]
    return " → ".join(words)


def _signs(world: World, a: Deal, b: Deal) -> Iterator[tuple[float, str]]:
    """Yield what speaks for one event or against it, each with its weight; nothing where they cannot be one.

    The first deal is the earlier one.
    """
    rounds = [normal(d.round) if d.round else None for d in (a, b)]
    gap = days_between(when(a), when(b))
    grows = a.stage in UNSURE and b.stage not in UNSURE
    grows = grows and (gap is None or gap <= LONG)
    money = _money(a, b, grows)
    if money is None:
        return
    yield money
    if rounds[0] and rounds[0] == rounds[1]:
        yield 0.25, f"both are the {a.round}"
    yield _time(gap, when(a) == when(b))
    if grows:
        yield (
            (0.1 if gap is None else 0.15),
            f"{a.stage.replace('_', ' ')} first, {b.stage.replace('_', ' ')} afterwards",
        )
    yield _givers(world, a, b)
    yield from _told_apart(world, a, b)


def _money(a: Deal, b: Deal, grows: bool) -> tuple[float, str] | None:
    """Return what the amounts say; None where they are those of two events."""
    ours, theirs = worth(a), worth(b)
    if ours is None or theirs is None:
        return (0.3, "one has no stated amount") if ours or theirs else (0.35, "neither has a stated amount")
    if ours.currency != theirs.currency:
        return None
    if agree(ours.model_dump(), theirs.model_dump()):
        return 0.6, f"the amounts agree: {show(ours)} and {show(theirs)}"
    least, most = sorted((_figure(ours.model_dump()), _figure(theirs.model_dump())))
    if least and most / least <= 1 + NEARLY:
        return 0.4, f"the amounts are near: {show(ours)} and {show(theirs)}"
    if grows and least and most / least <= GREW:
        return 0.2, f"the amount may have changed from {show(ours)} to {show(theirs)}"
    return None


def _figure(amount: Mapping[str, Any]) -> float:
    return float(amount["high"] if amount["high"] is not None else amount["low"] or 0)


def _time(gap: int | None, equal: bool) -> tuple[float, str]:
    """Return what the days between two deals say; dates that overlap (2026, 2026-04) say less than equal ones."""
    if gap is None:
        return -0.05, "one has no date"
    if gap == 0:
        return (0.2, "dated the same") if equal else (0.1, "the dates overlap")
    if gap <= SOON:
        return 0.2, f"{gap} {'day' if gap == 1 else 'days'} apart"
    if gap <= LATER:
        return 0.1, f"{gap} days apart"
    return (-0.1 if gap <= LONG else -0.35), f"but {gap} days apart"


def days_between(a: str | None, b: str | None) -> int | None:
    """Return the fewest days between two dates as precise as given (2026, 2026-04); None where one is missing."""
    first, second = (span(d) if d else None for d in (a, b))
    if first is None or second is None:
        return None
    if first[0] <= second[1] and second[0] <= first[1]:
        return 0
    end, start = sorted((first, second))[0][1], sorted((first, second))[1][0]
    return (date.fromisoformat(start) - date.fromisoformat(end)).days


def _givers(world: World, a: Deal, b: Deal) -> tuple[float, str]:
    """Return what the giving parties say of two rounds; of other kinds the parties are the same anyway."""
    ours, theirs = ({p.entity_id for p in sides(d, world.schema)[0]} for d in (a, b))
    shared = ours & theirs
    if not ours or not theirs:
        return 0.0, "one names no investor" if ours or theirs else ""
    if not shared:
        return -0.35, "but no investor is in both"
    return (0.1, f"{world.names(sorted(shared))} in both") if len(ours | theirs) > 1 else (0.05, "")


def _told_apart(world: World, a: Deal, b: Deal) -> Iterator[tuple[float, str]]:
    """Yield what speaks for two events: one issue, or even one sentence, tells of both."""
    ours, theirs = ([s for s in d.statement_ids if s in world.statements] for d in (a, b))
    if {x for s in ours for x in world.sentences(s)} & {x for s in theirs for x in world.sentences(s)}:
        yield -0.25, "but one sentence tells of both"
    elif world.issues(ours) & world.issues(theirs):
        yield -0.1, "but one issue tells of both"


def _telling(world: World, deal: Deal) -> tuple[str, ...]:
    """Return some statements of a deal: certain ones that state an amount first."""

    def place(id: str) -> tuple[bool, bool, str]:
        data = world.statements[id].data
        return (not world.certain(id), not data["attrs"].get("amount"), id)

    return _first(sorted((s for s in deal.statement_ids if s in world.statements), key=place))


def _first(ids: Iterable[str], most: int = 3) -> tuple[str, ...]:
    return tuple(ids)[:most]
