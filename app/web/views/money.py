"""The Money page: loops of money, where it flows, who is central to it, and how two firms are connected."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.web import state
from app.web.money import control
from app.web.money.flows import flows
from app.web.money.loops import loops
from app.web.money.places import central, paths
from app.web.money.wish import SECTIONS
from app.web.network import parts
from app.web.network.control import found_nothing
from app.web.statements import empty, just_set_aside, set_aside
from app.web.tags import notice, show, tag
from kg.errors import KGError
from kg.graph import Graph

STYLE = Path(__file__).resolve().parents[1] / "static" / "money.css"


def page() -> None:
    """Draw the page; what the store refuses is told in a box, with what to do."""
    st.html(f"<style>{STYLE.read_text(encoding='utf-8')}</style>")
    show(tag("div", tag("h1", "Where the money goes"), css="kg-head"))
    try:
        graph = state.graph()
        control.seed(control.wish())
        parts.script()
        with st.container(key="money-notes", gap=None):
            if problem := state.trouble():
                notice("error", "That did not work", problem)
            if text := found_nothing():
                notice("info", "Not found", text)
            just_set_aside()
        content(graph)
        set_aside(graph)
    except KGError as error:
        notice("error", "The store cannot be used", str(error))


def content(graph: Graph) -> None:
    """Show the chosen section, or why there is nothing to show."""
    asked = control.wish()
    if not graph.store.count("issue"):
        empty()
        return
    if not control.money(graph, certain=False).legs:
        notice("info", "No money flows yet", "What has been read so far tells of no money between two firms.")
        return
    own = control.money(graph, asked.certain)
    st.segmented_control(
        "Section", list(SECTIONS), key="money-show", format_func=SECTIONS.__getitem__, required=True,
        label_visibility="collapsed", on_change=control.changed, args=("show",),
    )  # fmt: skip
    with st.container(key=f"money-{asked.show}", gap="small"):
        if asked.show == "loops":
            loops(graph, own, asked)
        elif asked.show == "flows":
            flows(graph, own, asked)
        elif asked.show == "central":
            central(own, asked)
        else:
            paths(graph, own, asked)


page()
