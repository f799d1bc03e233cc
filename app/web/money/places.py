"""Places in the circulation: the central firms by a named measure, and the ways between two of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from app.web.deal_lines import listed
from app.web.money import control, legs
from app.web.money.wish import MoneyWish
from app.web.network import parts
from app.web.network.control import network, network_link
from app.web.tags import literal, notice, show, tag
from kg.circulation import MEASURES, Place, Step, Ways
from kg.circulation import central as ranked
from kg.flows import Money
from kg.graph import Graph

ROWS = 100  # firms that are listed
FEW = 3  # deals of a step that are listed
# How the measures are called, and what each counts; another one goes by its own name.
MEASURED = {
    "partners": ("Partners", "firms on the other side of its money, either way"),
    "betweenness": ("Betweenness", "how often it stands on the shortest way between two others, 0 to 1"),
    "paid": ("Pays", "dollars that it pays, with promises; nothing is converted"),
    "received": ("Gets", "dollars that it gets, with promises; nothing is converted"),
}


def central(own: Money, asked: MoneyWish) -> None:
    """Show the firms by the chosen measure, the greatest first."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="money-filters"):
        st.segmented_control("By", list(MEASURES), key="money-by", format_func=_called, required=True,
                             on_change=control.changed, args=("by",))  # fmt: skip
        with st.container(key="money-sure", width="content"):
            st.checkbox("Only certain", key="money-certain", on_change=control.changed, args=("certain",))
    found = ranked(own, asked.by)
    of = f" · {ROWS} of {len(found):,} firms shown" if len(found) > ROWS else ""
    show(tag("p", MEASURED.get(asked.by, ("", ""))[1], of, css="kg-small"))
    st.dataframe(
        columns(found[:ROWS], _called(asked.by)), hide_index=True, key="money-central",
        height=min(560, 35 * len(found) + 38), width=620,
        column_config={_called(asked.by): st.column_config.NumberColumn(format=_format(asked.by))},
        alt="Firms by the chosen measure, the greatest first",
    )  # fmt: skip
    if words := legs.counted_as(own, {id for leg in own.legs for id in (leg.source, leg.target)}):
        show(tag("p", words, css="kg-small"))


def columns(found: Sequence[Place], measure: str) -> dict[str, list[Any]]:
    """Return the table's columns."""
    return {"Firm": [literal(place.name) for place in found], measure: [place.value for place in found]}


def paths(graph: Graph, own: Money, asked: MoneyWish) -> None:
    """Show the choice of two ends, and the shortest ways between them over deals of any kind."""
    names = network(graph).parties()
    known = dict(names)
    ends = asked.between[:2]
    show(tag("p", "The shortest ways between two, over deals of any kind.", css="kg-small"))
    with st.container(key="money-between", width=420):
        chosen = [(id, known.get(id, own.name(id))) for id in ends]
        asked_for = {"label": "Two companies or people", "placeholder": "name", "names": names[:3000]}
        parts.parties({**asked_for, "chosen": chosen}, control.heard_between, "between")
    if len(ends) < 2:
        return
    found = control.ways(graph, ends)
    if not found.paths:
        notice("info", "No way", "No deals connect the two.")
        return
    for number, way in enumerate(found.paths, start=1):
        _way(graph, found, way, number)


def _way(graph: Graph, found: Ways, way: Sequence[Step], number: int) -> None:
    names = found.names
    title = " – ".join(names[id] for id in (way[0].source, *(step.target for step in way)))
    with st.container(key=f"money-way-{number}", gap="small"):
        show(tag("h2", f"{number}. {title}", css="kg-chosen"))
        for step in way:
            if step.deals:
                listed(step.deals, names, graph, FEW)
            else:
                show(tag("p", _part(graph, found, step), css="kg-small"))
        network_link([deal.id for step in way for deal in step.deals], key=f"way-{number}")


def _part(graph: Graph, found: Ways, step: Step) -> str:
    """Say which of the two ends counts as part of the other."""
    ends = (step.source, step.target)
    part, firm = ends if graph.reference.root(ends[0]) == ends[1] else ends[::-1]
    return f"{found.names[part]} counted as {found.names[firm]} (background)"


def _called(measure: str) -> str:
    return MEASURED.get(measure, (measure.capitalize(), ""))[0]


def _format(measure: str) -> str:
    return "%.3f" if measure == "betweenness" else "compact" if measure in ("paid", "received") else "%d"
