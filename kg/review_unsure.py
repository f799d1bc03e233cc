"""Review unsure: statements of which the reader was not certain, and what would count if they were right."""

from __future__ import annotations

from collections.abc import Mapping

from kg.answer_text import detail
from kg.deals import total
from kg.model import Amount
from kg.review_items import LESS_CERTAIN, Answer, Consequence, Item, Side
from kg.review_world import World, stake
from kg.store.base import Row


def less_certain(world: World) -> list[Item]:
    """Return one statement of each link that is not certain, most consequential first."""
    out = []
    first = _first_of_deals(world)
    for edge in world.edges:
        said = [s for s in edge.data["statement_ids"] if s in world.statements]
        open_ones = [s for s in said if s not in world.judged_statements]
        if not edge.data["certain"] and open_ones:
            best = min(open_ones, key=lambda s: (-float(world.statements[s].data["confidence"]), s))
            out.append(_item(world, edge, best, _money(world, edge, first)))
    return sorted(out, key=lambda item: item.order)


def _item(world: World, edge: Row, statement: str, money: dict[str, float]) -> Item:
    data = world.statements[statement].data
    head, told = _head(world, edge), detail(edge)
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
    sides = (Side("", (statement,)),)
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
            best = min(edges, key=lambda e: (not e.data["attrs"].get("amount"), -e.data["confidence"], e.id))
            out[id] = best.id
    return out


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
