"""What clicks on the Money page do, each of which ends in the address bar, and what the page computes once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from app.web.money.wish import MOST, NUMBERS, SECTIONS, MoneyWish
from app.web.network.control import with_told
from kg import cycles as rules
from kg.circulation import MEASURES, Circulation, Ways
from kg.cycles import Cycle, Cycles
from kg.flows import Flows, Money
from kg.graph import Graph

TYPED = ("show", "certain", "parties", "months", "currency", "confirmed", "number", "by")
CHOSEN = ("show", "loop", "flow", "between")
STATEMENTS = "money-statements-"  # and a number: how many statements of a leg are shown
FEW = 2
Id = tuple[str, ...]


def wish() -> MoneyWish:
    """Return what the address asks for."""
    asked = MoneyWish.of_query({name: st.query_params.get_all(name) for name in st.query_params})
    return replace(
        asked,
        show=asked.show if asked.show in SECTIONS else "loops",
        number=asked.number if asked.number in NUMBERS else MOST,
        by=asked.by if asked.by in MEASURES else "partners",
    )


def go(**fields: Any) -> None:
    """Change the address; the run that follows shows it."""
    st.query_params.from_dict(replace(wish(), **fields).to_query())


def seed(wanted: MoneyWish) -> None:
    """Let the filters show what the address asks for; of what is newly chosen show the first statements."""
    for name in TYPED:
        if st.session_state.get(f"money-{name}") != getattr(wanted, name):
            st.session_state[f"money-{name}"] = getattr(wanted, name)
    chosen = [getattr(wanted, name) for name in CHOSEN]
    if st.session_state.get("money-seeded") != chosen:
        st.session_state["money-seeded"] = chosen
        st.session_state.pop("aside", None)
        for key in [key for key in st.session_state if str(key).startswith(STATEMENTS)]:
            del st.session_state[key]


def changed(name: str) -> None:
    """Take one filter over into the address."""
    value = st.session_state[f"money-{name}"]
    go(**{name: value if value is not None else getattr(MoneyWish(), name)})


def heard_through() -> None:
    """Add a firm that loops must pass, or take it away."""
    go(through=with_told("through", wish().through))


def heard_between() -> None:
    """Add an end of the path, or take it away; a third one takes the second's place."""
    ends = with_told("between", wish().between)
    go(between=ends if len(ends) < 3 else (ends[0], ends[-1]))


def choosable(
    columns: Mapping[str, Sequence[Any]], ids: Sequence[Id], name: str, chosen: Id, height: int, **options: Any
) -> None:
    """Show columns as a table in which one row can be chosen; its id goes into the address under `name`."""
    key = f"money-table-{name}"
    rows = [ids.index(chosen)] if chosen in ids else []
    now = st.session_state.get(key)
    if not now or list(now["selection"]["rows"]) != rows:
        st.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    st.dataframe(
        dict(columns), key=key, on_select=partial(_heard, key, name, tuple(ids)), selection_mode="single-row",
        hide_index=True, placeholder="–", height=min(height, 35 * len(ids) + 38), **options,
    )  # fmt: skip


def _heard(key: str, name: str, ids: Sequence[Id]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    go(**{name: ids[rows[0]] if rows and rows[0] < len(ids) else ()})


def money(graph: Graph, certain: bool) -> Money:
    """Return the legs of all deals, read once for each state of the store."""
    return _money(graph, graph.store.version(), certain)


def loops(graph: Graph, asked: MoneyWish) -> Cycles:
    """Return the loops that are asked for, found once for each state of the store."""
    return _loops(graph, graph.store.version(), asked.certain, asked.parties, asked.months, asked.through)


def ways(graph: Graph, ends: Sequence[str]) -> Ways:
    """Return the ways between two entities; raise QuestionError if they are one."""
    return _ways(graph, graph.store.version(), ends[0], ends[1])


def loop_id(own: Money, cycle: Cycle) -> Id:
    """Return the firms of a loop in their order: there is one loop of them."""
    return tuple(own.firms[leg.source] for leg in cycle.legs if not leg.background)


def statements_shown(number: int) -> str:
    """Return the session's key that says how many statements of a leg are shown."""
    key = f"{STATEMENTS}{number}"
    st.session_state.setdefault(key, FEW)
    return key


@st.cache_resource(show_spinner=False, max_entries=8, hash_funcs={Graph: id})
def _money(graph: Graph, version: str, certain: bool) -> Money:
    return Flows(graph.store, graph.schema, graph.reference).money(certain_only=certain)


@st.cache_resource(show_spinner=False, max_entries=16, hash_funcs={Graph: id})
def _loops(graph: Graph, version: str, certain: bool, parties: int, months: int, through: tuple[str, ...]) -> Cycles:
    return rules.cycles(_money(graph, version, certain), most_parties=parties, months=months, through=through)


@st.cache_resource(show_spinner=False, max_entries=16, hash_funcs={Graph: id})
def _ways(graph: Graph, version: str, start: str, end: str) -> Ways:
    return Circulation(graph.store, graph.schema, graph.reference).paths(start, end)
