"""Review unsure: statements of which the reader was not certain, and what would count if they were right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kg.answer_text import detail
from kg.dates import resolve
from kg.deal_stages import OF_DEALS
from kg.deals import total
from kg.model import Amount, Deal
from kg.review_items import LESS_CERTAIN, Answer, Consequence, Item, Side
from kg.review_world import World, stake
from kg.store.base import Row

FLAT = ("date", "percent", "value", "metric", "period", "round")  # qualifiers that a link's row has of its own


def less_certain(world: World) -> list[Item]:
    """Return one statement of each link that is not certain, most consequential first."""
    out = []
    first = _first_of_deals(world)
    for edge in world.edges:
        said = [s for s in edge.data["statement_ids"] if s in world.statements]
        open_ones = [s for s in said if s not in world.judged_statements]
        if not edge.data["certain"] and open_ones:
            money, best = _money(world, edge, first), _asked(world, edge, open_ones)
            out.append(_item(world, edge, best, money, _size(world, edge, best) if money else None))
    return sorted(out, key=lambda item: item.order)


def _asked(world: World, edge: Row, statements: Iterable[str]) -> str:
    """Return the statement of a link that is asked about: one with the link's amount and stage, the likeliest."""
    own, stage = edge.data["attrs"].get("amount"), edge.data["stage"]
    data = {id: world.statements[id].data for id in statements}

    def order(id: str) -> tuple[bool, bool, float, str]:
        attrs = data[id]["attrs"]
        other = _stage(edge, attrs) != stage
        return (own is not None and attrs.get("amount") != own, other, -float(data[id]["confidence"]), id)

    return min(data, key=order)


def _stage(edge: Row, attrs: Mapping[str, Any]) -> str:
    """Return the stage that a statement of a link tells; of a deal silence means announced."""
    status = str(attrs.get("status") or ("announced" if edge.data["deal_id"] else ""))
    return OF_DEALS.get(status, status) if edge.data["deal_id"] else status


def _size(world: World, edge: Row, statement: str) -> str | None:
    """Return the statement that tells what its deal comes to, where it is not the one that is asked about."""
    deal = world.deals[edge.data["deal_id"]]
    telling = deal.figures[0].statement_ids if deal.amount is not None and deal.figures else ()
    some = [id for id in telling if id in world.statements]
    if not some or statement in some:
        return None
    return min(some, key=lambda id: (-float(world.statements[id].data["confidence"]), id))


def _told(world: World, edge: Row, statement: str) -> str:
    """Return what one statement of a link says besides its ends: its own amount, stage and date."""
    data = world.statements[statement].data
    attrs = {name: value for name, value in data["attrs"].items() if value is not None}
    for name in ("date", "period"):
        words = data["words"].get(name)
        if words and not attrs.get(name) and (found := resolve(words, world.days.get(data["issue"]))):
            attrs[name] = found
    money = attrs.get("amount") or {}
    flat = {name: attrs.get(name) for name in FLAT}
    own = {"amount_low": money.get("low"), "amount_high": money.get("high"), "currency": money.get("currency")}
    return detail(Row("edge", edge.id, {**edge.data, **flat, **own, "attrs": attrs, "stage": _stage(edge, attrs)}))


def _item(world: World, edge: Row, statement: str, money: dict[str, float], size: str | None) -> Item:
    data = world.statements[statement].data
    head, told = _head(world, edge), _told(world, edge, statement)
    why = [f"read with a confidence of {float(data['confidence']):.0%}"]
    trust = world.trust.get(data["relation"])
    if trust is not None:
        why[0] += f"; {trust:.0%} is needed to count"
    others = len(edge.data["statement_ids"]) - 1
    if others:
        why.append(f"{others} more {'statement says' if others == 1 else 'statements say'} so, none certain")
    about = Consequence(money, others + 1, float(data["confidence"]))
    answers = (
        Answer("accept", "Right", (world.on_statement(statement, "accept"),), (("accept", statement),)),
        Answer("reject", "Wrong", (world.on_statement(statement, "reject"),), (("reject", statement),)),
    )
    title = f"{head}: {told}" if told else head
    sides = (Side("", (statement,)), *([Side("another statement tells the amount", (size,))] if size else []))
    return Item(LESS_CERTAIN, f"statement:{statement}", title, tuple(why), about, sides, answers, (statement,))


def _head(world: World, edge: Row) -> str:
    """Return a link in a sentence; of a figure of a firm itself the firm's name."""
    relation = world.schema.relations[edge.data["relation"]]
    ends = (world.name(edge.data["subject_id"]), world.name(edge.data["object_id"]))
    return ends[0] if relation.unary and relation.deal is None else world.sentence(relation.name, *ends)


def _first_of_deals(world: World) -> dict[str, str]:
    """Return deal → the link that makes it count first if it is right: one with the deal's amount, the likeliest."""
    out: dict[str, str] = {}
    for id, deal in world.deals.items():
        if not deal.certain and (edges := world.edges_of_deal.get(id)):
            best = min(edges, key=lambda e: (*_far(e, deal), -e.data["confidence"], e.id))
            out[id] = best.id
    return out


def _far(edge: Row, deal: Deal) -> tuple[bool, bool]:
    """Return how a link ranks among those of its deal: with the deal's amount first, then with any amount."""
    own = edge.data["attrs"].get("amount")
    return (own is None or Amount.model_validate(own) != deal.amount, own is None)


def _money(world: World, edge: Row, first: Mapping[str, str]) -> dict[str, float]:
    """Return what would count: the deal where nothing of it is certain yet, else what this link adds to it."""
    deal = world.deals.get(edge.data["deal_id"] or "")
    if deal is None:
        return {}
    if not deal.certain:
        return stake(deal) if first.get(deal.id) == edge.id else {}
    own = edge.data["attrs"].get("amount")
    if deal.amount is not None or own is None:
        return {}
    alone = deal.model_copy(update={"amount": Amount.model_validate(own), "stage": "announced"})
    return {currency: promised for currency, (_, promised) in total([alone]).items() if promised}
