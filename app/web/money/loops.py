"""Loops on the page: a table of them, and of the chosen one each leg with its sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from app.web.money import control, legs
from app.web.money.wish import LONGEST_WINDOW, MoneyWish
from app.web.network import parts
from app.web.network.control import network, network_link
from app.web.tags import literal, notice, show, tag
from kg import cycles as rules
from kg.cycles import MOST_PARTIES, Cycle, Cycles
from kg.flows import Leg, Money
from kg.graph import Graph

ROWS = 500  # of the table
YES = {True: "yes", False: "no", None: "unknown"}


def loops(graph: Graph, own: Money, asked: MoneyWish) -> None:
    """Show the filters, the loops that fit, and the chosen one."""
    _filters(graph, asked)
    found = control.loops(graph, asked)
    shown = found.cycles[:ROWS]
    show(tag("p", " · ".join(_said(found, asked)), css="kg-small", role="status"))
    if not shown:
        limited = asked.through or asked.certain or asked.parties < MOST_PARTIES
        notice("info", "No loop", "Widen the filters." if limited else "Nowhere does money come back to where it was.")
        return
    ids = [control.loop_id(own, cycle) for cycle in shown]
    control.choosable(
        columns(own, shown, asked.months), ids, "loop", asked.loop, 330,
        column_config={name: st.column_config.NumberColumn(format="compact") for name in MONEY},
        alt="Loops of money, those with the most in their least leg first",
    )  # fmt: skip
    for text in rules.notes(own, shown):
        show(tag("p", text, css="kg-small"))
    chosen = next((cycle for cycle in found.cycles if control.loop_id(own, cycle) == asked.loop), None)
    if chosen is not None:
        _loop(graph, own, chosen, asked.months)
    elif asked.loop:
        show(tag("p", "The chosen loop is not among these.", css="kg-small"))
    else:
        show(tag("p", "Choose a row: its legs are shown here, each with its sentences.", css="kg-small"))


MONEY = ("Least, confirmed", "Least, with promises")


def columns(own: Money, shown: Sequence[Cycle], months: int) -> dict[str, list[Any]]:
    """Return the table's columns; money in plain units, None for none."""
    least = [_least(cycle) for cycle in shown]
    out: dict[str, list[Any]] = {
        "Firms": [literal(around(own, cycle)) for cycle in shown],
        MONEY[0]: [cycle.low or None for cycle in shown],
        MONEY[1]: [cycle.high or None for cycle in shown],
        "Currency": [leg.amount.currency if leg.amount else "" for leg in least],
        "Completed deals only": [YES[cycle.completed_only] for cycle in shown],
        "Confirmed money only": [YES[cycle.low_amounts] for cycle in shown],
        f"Within {months} months": [YES[cycle.window] for cycle in shown],
        "Weakest leg": [
            literal(f"{own.name(c.weakest.source)} → {own.name(c.weakest.target)}: {legs.in_words(c.weakest)}")
            for c in shown
        ],
    }
    if set(out["Currency"]) <= {"", "USD"}:
        del out["Currency"]
    return out


def around(own: Money, cycle: Cycle) -> str:
    """Return a loop's firms, the first one again at its end: "Amazon → Anthropic → Amazon"."""
    firms = control.loop_id(own, cycle)
    return " → ".join(own.name(id) for id in (*firms, firms[0]))


def _least(cycle: Cycle) -> Leg:
    return min((leg for leg in cycle.legs if not leg.background), key=lambda leg: leg.low)


def _said(found: Cycles, asked: MoneyWish) -> list[str]:
    count = len(found.cycles)
    said = [f"{count:,} loop{'s' if count != 1 else ''} of two to {asked.parties} firms"]
    if count > ROWS:
        said.append(f"{ROWS} of them shown, those with the most money in their least leg")
    if found.cut:
        said.append(f"there are more than the {rules.MOST_FOUND:,} that were looked at: name a firm that they pass")
    return said


def _filters(graph: Graph, asked: MoneyWish) -> None:
    names = network(graph).parties()
    known = dict(names)
    with st.container(horizontal=True, gap="small", vertical_alignment="top", key="money-filters"):
        with st.container(key="money-through", width=290):
            chosen = [(id, known.get(id, id)) for id in asked.through]
            asked_for = {"label": "Through", "placeholder": "any firm", "names": names[:3000], "chosen": chosen}
            parts.parties(asked_for, control.heard_through, "through")
        st.number_input("Firms at most", 2, MOST_PARTIES, key="money-parties", width=130,
                        on_change=control.changed, args=("parties",))  # fmt: skip
        st.number_input("Within months", 0, LONGEST_WINDOW, key="money-months", width=130,
                        on_change=control.changed, args=("months",))  # fmt: skip
        with st.container(key="money-sure", width="content"):
            st.checkbox("Only certain", key="money-certain", on_change=control.changed, args=("certain",))


def _loop(graph: Graph, own: Money, cycle: Cycle, months: int) -> None:
    with st.container(key="money-chosen", gap="small"):
        tests = {
            "with completed deals only": cycle.completed_only,
            "with confirmed money only": cycle.low_amounts,
            f"within {months} months": cycle.window,
        }
        holds = "; ".join(f"{what}: {YES[passed]}" for what, passed in tests.items())
        show(tag("h2", around(own, cycle), css="kg-chosen"), tag("p", f"It holds {holds}", css="kg-small"))
        network_link([leg.deal_id for leg in cycle.legs if leg.deal_id])
        legs.in_full(graph, own, cycle.legs, cycle.weakest)
        if cycle.others:
            show(tag("div", f"Further deals along the same legs ({len(cycle.others)})", css="kg-section"))
            legs.in_short(own, cycle.others)
