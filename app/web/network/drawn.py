"""What the drawing is made of: points and lines with their sizes, colours and words, as plain JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from kg.deal_kinds import GREY, Look, look, looks
from kg.model import Amount
from kg.money import show, show_total
from kg.network import DEAL, Link, Node, View
from kg.schema import EntityKind, Schema

SMALLEST, LARGEST = 16.0, 46.0  # points, in pixels
THIN, WIDE = 1.5, 11.0  # lines
FLOOR, CEILING = 1e7, 1e11  # of amounts, for the widths


def drawn(view: View, schema: Schema) -> dict[str, Any]:
    """Return nodes, links and the legend of a view."""
    currency = main_currency(view.links)
    names = {node.id: node.name for node in view.nodes}
    kinds = {link.kind for link in view.links}
    types = {node.type for node in view.nodes}
    return {
        "nodes": [_node(node, currency, schema, view) for node in view.nodes],
        "links": [_link(link, names, currency) for link in view.links],
        "kinds": [_entry(look(kind)) for kind in (*looks(), *sorted(kinds - {*looks()})) if kind in kinds],
        "types": [_entry(about) for type, about in schema.entity_types.items() if type in types],
        "open": any(not link.closed and not link.ended for link in view.links),
        "ended": any(link.ended for link in view.links),
        "currency": currency,
    }  # fmt: skip


def kind_of(schema: Schema, type: str) -> EntityKind | None:
    """Return what the ontology says of an entity type, None for one that it does not know."""
    return next((about for name, about in schema.entity_types.items() if name == type), None)


def main_currency(links: Iterable[Link]) -> str:
    """Return the currency that most lines have: widths are told in it, nothing is converted."""
    counts: dict[str, int] = {}
    for link in links:
        if amount := link.amount or link.whole:
            counts[amount.currency] = counts.get(amount.currency, 0) + 1
    return max(sorted(counts), key=lambda c: counts[c], default="USD")


def scaled(value: float | None, low: float, high: float) -> float:
    """Return a size between two bounds, by the logarithm of an amount."""
    if not value or value <= FLOOR:
        return low
    share = math.log10(value / FLOOR) / math.log10(CEILING / FLOOR)
    return round(low + (high - low) * min(share, 1.0), 2)


def _entry(about: Look | EntityKind) -> dict[str, str]:
    return {"label": about.label, "colour": about.colour}


def _node(node: Node, currency: str, schema: Schema, view: View) -> dict[str, Any]:
    made = {"id": node.id, "name": node.name, "more": node.more}
    if node.type == DEAL:
        kind = next(link.kind for link in view.links if link.source == node.id)
        about = look(kind)
        return {**made, "size": 12, "colour": about.colour, "words": f"{about.label}: {node.name}", "deal": True,
                "dealId": node.deal_id}  # fmt: skip
    about_type = kind_of(schema, node.type)
    promised = node.total.get(currency, (0, 0))[1]
    parts = [node.name, f"{node.deals:,} deal{'s' if node.deals != 1 else ''}"]
    parts += [show_total(node.total)] if any(most for _, most in node.total.values()) else []
    parts += [f"{node.more:,} not drawn (double click shows them)"] if node.more else []
    return {
        **made,
        "size": scaled(promised, SMALLEST, LARGEST),
        "colour": about_type.colour if about_type else GREY,
        "words": " · ".join(parts),
    }


def _link(link: Link, names: dict[str, str], currency: str) -> dict[str, Any]:
    amount = link.amount or link.whole
    money = show(link.amount) if link.amount else f"{show(link.whole)} in all" if link.whole else ""
    arrow = "→" if link.directed else "–"
    pair = f"{names[link.source]} {arrow} {names[link.target]}"
    certain = "" if link.certain else "less certain"
    words = [pair, look(link.kind).label, money, link.stage.replace("_", " "), link.date or "", certain]
    return {
        "id": link.id,
        "source": link.source,
        "target": link.target,
        "dealId": link.deal_id,
        "colour": look(link.kind).colour,
        "width": scaled(_top(amount) if amount and amount.currency == currency else None, THIN, WIDE),
        "closed": link.closed,
        "ended": link.ended,
        "certain": link.certain,
        "directed": link.directed,
        "words": " · ".join(part for part in words if part),
    }


def _top(amount: Amount) -> float | None:
    return amount.high if amount.high is not None else amount.low
