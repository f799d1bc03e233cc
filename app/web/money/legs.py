"""Legs on the page: money that goes from one firm to another, in words, with the sentences behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from app.web.deal_lines import FEW, beside, swatch
from app.web.money.control import statements_shown
from app.web.statements import statements
from app.web.tags import Html, show, tag
from kg.answer import statement_json
from kg.deal_kinds import GREY, looks
from kg.flows import Leg, Money
from kg.graph import Graph
from kg.model import Amount
from kg.money import show as words

Told = Mapping[Leg, Sequence[Mapping[str, Any]]]


def colour(flow: str) -> str:
    """Return the colour of a kind of money: that of the deals in which it flows."""
    return next((look.colour for look in looks().values() if look.flow == flow), GREY)


def in_words(leg: Leg) -> str:
    """Return kind, amount, stage and date of a leg: "equity · up to $25 billion · announced · 2026-04-20"."""
    amount = words(leg.amount) if leg.amount else "no stated amount"
    return " · ".join(part for part in (leg.flow, amount, leg.stage.replace("_", " "), leg.date or "undated") if part)


def bounds(leg: Leg) -> str:
    """Return what is confirmed and what it comes to with promises, where the two differ."""
    if leg.amount is None or leg.low == leg.high:
        return ""
    low, high = (Amount(low=v, high=v, currency=leg.amount.currency) for v in (leg.low, leg.high))
    return f"confirmed {words(low) if leg.low else 'nothing'}, with promises {words(high)}"


def counted_as(own: Money, ids: Iterable[str]) -> str:
    """Return which of the entities count as another one: "AWS counted as Amazon (background)"."""
    return "; ".join(f"{own.name(part)} counted as {own.name(firm)} (background)" for part, firm in own.parts(ids))


def told(graph: Graph, legs: Iterable[Leg]) -> Told:
    """Return the statements of each leg: those of its deal that speak of its two ends."""
    some = [leg for leg in legs if leg.deal_id]
    edges = graph.store.rows("edge", deal_id=sorted({leg.deal_id for leg in some if leg.deal_id})) if some else ()
    ids: dict[tuple[str, str, str], dict[str, bool]] = {}
    for edge in edges:
        data = edge.data
        key = (data["deal_id"], data["subject_id"], data["object_id"])
        ids.setdefault(key, {}).update(dict.fromkeys(data["statement_ids"], bool(data["certain"])))
    found = {row.id: row for row in graph.store.get("statement", sorted({s for some_ in ids.values() for s in some_}))}
    return {
        leg: [
            statement_json(found[s], sure)
            for s, sure in ids.get((leg.deal_id or "", leg.source, leg.target), {}).items()
            if s in found
        ]
        for leg in some
    }


def in_full(graph: Graph, own: Money, legs: Sequence[Leg], weakest: Leg | None = None) -> None:
    """Show legs in their order, each with its sentences and the way to its deal."""
    said = told(graph, legs)
    for number, leg in enumerate(legs):
        with st.container(key=f"money-leg-{number}", gap="small"):
            if leg.background:
                show(tag("p", tag("b", _ends(own, leg)), tag("span", counted_as(own, (leg.source, leg.target))),
                         css="kg-leg kg-background"))  # fmt: skip
                continue
            beside(_head(own, leg, weakest), leg.deal_id or "")
            statements(graph, said[leg], statements_shown(number), widths=(8, 1))


def in_short(own: Money, legs: Sequence[Leg]) -> None:
    """List legs in a line each, with the way to their deals; of many the first ones."""
    for leg in legs[:FEW]:
        about = tag("span", " · ".join((in_words(leg), *_marks(leg))))
        line = tag("div", swatch(colour(leg.flow)), _ends(own, leg), about)
        beside(tag("div", line, css="kg-kinds"), leg.deal_id or "")
    if len(legs) > FEW:
        show(tag("p", f"and {len(legs) - FEW:,} more", css="kg-small"))


def _head(own: Money, leg: Leg, weakest: Leg | None) -> Html:
    marks = [tag("span", mark, css="kg-mark") for mark in (*(["weakest"] if leg is weakest else []), *_marks(leg))]
    parts = [part for part in (in_words(leg), bounds(leg)) if part]
    return tag("p", swatch(colour(leg.flow)), tag("b", _ends(own, leg)), tag("span", " · ".join(parts)), *marks,
               css="kg-leg")  # fmt: skip


def _marks(leg: Leg) -> list[str]:
    return (["a promise"] if leg.promise else []) + ([] if leg.certain else ["less certain"])


def _ends(own: Money, leg: Leg) -> str:
    return f"{own.name(leg.source)} → {own.name(leg.target)}"
