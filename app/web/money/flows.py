"""Flows on the page: the largest of one currency as a Sankey diagram, beside it as a table, and the deals of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import streamlit as st

from app.web.deal_lines import FEW, swatch
from app.web.money import control, legs
from app.web.money.sankey import Cut, cut, figure
from app.web.money.wish import NUMBERS, MoneyWish
from app.web.network.control import network_link
from app.web.tags import literal, notice, show, tag
from kg.circulation import Stream, streams
from kg.flows import Money
from kg.graph import Graph

MONEY = ("Confirmed", "With promises")
TOOLS = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d"]}


def flows(graph: Graph, own: Money, asked: MoneyWish) -> None:
    """Show the filters, the diagram with its table, and what stands behind the chosen flow."""
    found = streams(own)
    _filters(found, asked)
    made = cut(found, asked.currency, asked.number, confirmed=asked.confirmed)
    show(tag("p", " · ".join(said(made, asked)), css="kg-small", role="status"))
    if not made.flows:
        notice("info", f"No flow in {asked.currency}", "No deal between two firms states an amount in it that counts.")
    else:
        _drawn(own, made, asked)
    ids = {id for stream, _ in made.flows for leg in stream.legs for id in (leg.source, leg.target)}
    if words := legs.counted_as(own, ids):
        show(tag("p", words, css="kg-small"))
    chosen = next((stream for stream in found if _id(stream) == asked.flow), None)
    if chosen is not None:
        _flow(graph, own, chosen)
    elif asked.flow:
        show(tag("p", "The chosen flow is no longer there.", css="kg-small"))
    elif made.flows:
        show(tag("p", "Choose a row of the table: its deals are shown here, with their sentences.", css="kg-small"))


def said(made: Cut, asked: MoneyWish) -> list[str]:
    """Return how much of it is drawn: "40 of 212 flows shown", and why others are not."""
    drawn, noun = len(made.flows), "flow" if made.there == 1 else "flows"
    out = [
        f"{drawn:,} of {made.there:,} {noun} shown, the largest" if drawn < made.there else f"{drawn:,} {noun} shown"
    ]
    if made.without:
        what = "confirmed amount" if asked.confirmed else "amount"
        out.append(
            f"{made.without:,} without {'a' if asked.confirmed else 'an'} {what} in {asked.currency} not drawn (none is"
            " stated, or it is in another currency or less certain)"
        )
    return out


def columns(own: Money, made: Cut, currency: str) -> dict[str, list[Any]]:
    """Return the table's columns: the flows of the diagram."""
    some = [stream for stream, _ in made.flows]
    return {
        "From": [literal(own.name(stream.source)) for stream in some],
        "To": [literal(own.name(stream.target)) for stream in some],
        "Kind": [literal(stream.flow) for stream in some],
        MONEY[0]: [stream.total[currency][0] or None for stream in some],
        MONEY[1]: [stream.total[currency][1] or None for stream in some],
        "Deals": [len(stream.legs) for stream in some],
    }


def currencies(found: Sequence[Stream], asked: str) -> list[str]:
    """Return the currencies that can be chosen: dollars, then the others by how many flows have them."""
    counts = Counter(currency for stream in found for currency, (_, most) in stream.total.items() if most)
    return list(dict.fromkeys(("USD", *sorted(counts, key=lambda c: (-counts[c], c)), asked)))


def _filters(found: Sequence[Stream], asked: MoneyWish) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="money-filters"):
        st.selectbox("Currency", currencies(found, asked.currency), key="money-currency", width=110,
                     on_change=control.changed, args=("currency",))  # fmt: skip
        st.selectbox("Draw at most", NUMBERS, key="money-number", width=120, on_change=control.changed,
                     args=("number",))  # fmt: skip
        for name, words in (("confirmed", "Only confirmed money"), ("certain", "Only certain")):
            with st.container(key=f"money-box-{name}", width="content"):
                st.checkbox(words, key=f"money-{name}", on_change=control.changed, args=(name,))


def _drawn(own: Money, made: Cut, asked: MoneyWish) -> None:
    left, right = st.columns([7, 6], gap="small")
    with left:
        st.plotly_chart(
            figure(own, made, asked.currency, dark=st.context.theme.type == "dark"), key="money-sankey", config=TOOLS,
            alt="Sankey diagram of the flows that the table lists",
        )  # fmt: skip
        kinds = dict.fromkeys(stream.flow for stream, _ in made.flows)
        legend = (tag("span", swatch(legs.colour(kind)), kind) for kind in kinds)
        show(tag("p", *legend, css="kg-small kg-legend"))
    with right:
        control.choosable(
            columns(own, made, asked.currency), [_id(stream) for stream, _ in made.flows], "flow", asked.flow, 560,
            column_config={name: st.column_config.NumberColumn(format="compact") for name in MONEY},
            alt=f"The flows of the diagram, in {asked.currency}",
        )  # fmt: skip


def _flow(graph: Graph, own: Money, stream: Stream) -> None:
    with st.container(key="money-chosen", gap="small"):
        ends = f"{own.name(stream.source)} → {own.name(stream.target)}"
        show(tag("h2", f"{ends}: {stream.flow}", css="kg-chosen"))
        network_link([leg.deal_id for leg in stream.legs if leg.deal_id])
        few = stream.legs[:FEW]
        legs.in_full(graph, own, few)
        if len(stream.legs) > len(few):
            show(tag("p", f"and {len(stream.legs) - len(few):,} more deals: the network shows all", css="kg-small"))


def _id(stream: Stream) -> control.Id:
    return (stream.source, stream.target, stream.flow)
