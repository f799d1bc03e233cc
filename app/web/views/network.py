"""The Deal network page: who has deals with whom, drawn, listed, and with the sentences behind each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from app.web import state
from app.web.network import deal_rows, parts
from app.web.network.control import changed as filter_changed
from app.web.network.control import (
    focus,
    found_nothing,
    heard_graph,
    heard_parties,
    heard_table,
    network,
    reset,
    seed,
    wish,
)
from app.web.network.drawn import drawn
from app.web.network.panel import panel
from app.web.network.wish import NUMBERS, Wish
from app.web.statements import empty, just_set_aside, set_aside
from app.web.tags import notice, show, tag
from kg.deal_kinds import look, looks
from kg.deal_stages import STAGES
from kg.errors import KGError, QuestionError
from kg.graph import Graph
from kg.network import Network, View

STYLE = Path(__file__).resolve().parents[1] / "static" / "network" / "page.css"


def page() -> None:
    """Draw the page; what the store refuses is told in a box, with what to do."""
    st.html(f"<style>{STYLE.read_text(encoding='utf-8')}</style>")
    top = st.container(key="network-top", gap=None)
    try:
        graph = state.graph()
        own = network(graph)
        asked = wish()
        seed(asked)
        parts.script()
        filters(own, asked)
        slot = st.container(key="network-notes", gap=None)  # always there: what varies stands in it
        try:
            view = own.view(
                asked.filter(), most=asked.number, around=asked.around, depth=asked.depth, opened=asked.open,
                only=asked.only, keep=[id for id in asked.chosen if "/" not in id],
            )  # fmt: skip
        except QuestionError as error:
            view = None
            with slot:
                notice("error", "The filter cannot be read", str(error))
        with top:
            head(view, asked)
        if view is not None:
            notes(slot, graph, view, asked)
            content(graph, view, asked)
        set_aside(graph)
    except KGError as error:
        with top:
            head(None, Wish())
        notice("error", "The store cannot be used", str(error))


def head(view: View | None, asked: Wish) -> None:
    """Show the title, how much is drawn, and what the view is limited to."""
    parts = [view.said] if view is not None and view.found else []
    if view is not None and asked.only:
        parts.append("only these deals, and those of companies opened by a double click")
    if view is not None and asked.around:
        names = ", ".join(view.names.get(id, id) for id in asked.around)
        parts.append(f"only the neighbourhood of {names}{' (two steps)' if asked.depth > 1 else ''}")
    if view is not None and view.left_out:
        parts.append(f"left out: {'; '.join(view.left_out)}")
    show(tag("div", tag("h1", "Deal network"), *(tag("span", part) for part in parts), css="kg-head kg-wide"))


def filters(own: Network, asked: Wish) -> None:
    """Show the filters; each change goes into the address."""
    everything = own.view(most=1)
    with st.container(key="network-filters", gap="small"):
        names = own.parties()
        known = dict(names)
        chosen = [(id, known.get(id, id)) for id in asked.party]
        with st.container(horizontal=True, gap="small", vertical_alignment="top", key="network-row-1"):
            with st.container(key="network-party", width=290):
                parts.parties({"names": names[:3000], "chosen": chosen}, heard_parties)
            kinds = [*looks(), *(k for k in asked.kind if k not in looks())]
            _multiselect("Kind", "kind", kinds, lambda kind: look(kind).label, 220)
            _multiselect("Status", "stage", list(STAGES), lambda stage: stage.replace("_", " "), 220)
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="network-row-2"):
            _text("At least", "min", "500m", 100)
            _text("At most", "max", "10 billion", 105)
            money = deal_rows.currencies(everything.found)
            options = dict.fromkeys(("", *money, *([asked.currency] if asked.currency else [])))
            st.selectbox("Currency", [c for c in options if c != "USD"], key="network-currency", width=100,
                         on_change=filter_changed, format_func=lambda c: c or "USD")  # fmt: skip
            _text("Since", "since", "2026-01", 105)
            _text("Until", "until", "2026-Q2", 105)
            st.selectbox("Draw at most", NUMBERS, key="network-number", on_change=filter_changed, width=115)
            st.checkbox("Only certain", key="network-sure", on_change=filter_changed)
            st.button("Clear all", key="network-reset", on_click=reset, disabled=asked == Wish())


def _multiselect(label: str, name: str, options: list[str], words: Any, width: int) -> None:
    st.multiselect(label, options, key=f"network-{name}", on_change=filter_changed, format_func=words, width=width,
                   placeholder="any")  # fmt: skip


def _text(label: str, name: str, example: str, width: int) -> None:
    st.text_input(
        label, key=f"network-{name}", on_change=filter_changed, max_chars=40, placeholder=example, width=width
    )


def notes(slot: Any, graph: Graph, view: View, asked: Wish) -> None:
    """Say what a reader must know of the view: what failed, what is left out, what it is limited to."""
    with slot:
        if problem := state.trouble():
            notice("error", "That did not work", problem)
        if text := found_nothing():
            notice("info", "Not found", text)
        if not view.found and not graph.store.count("issue"):
            empty()
        elif not view.found and not asked.filtered:
            notice("info", "No deals yet", "What has been read so far tells of no deal.")
        elif not view.found:
            notice("info", "No deal fits", "Widen the filters, or clear them all.")


def content(graph: Graph, view: View, asked: Wish) -> None:
    """Show drawing, panel and table."""
    made = drawn(view, graph.schema)
    title = f"Deal network: {view.said}"
    with st.container(key="network-main"):
        left, right = st.columns([8, 5], gap="small")
        with left:
            parts.graph({**made, "chosen": asked.chosen, "focus": focus(asked.chosen), "title": title}, heard_graph)
        with right, st.container(key="network-panel", height=622):
            just_set_aside()
            panel(graph, view, asked)
    listed = deal_rows.rows(view.deals, view.names, graph.schema)
    headings = [{"words": words, "style": style} for words, style in deal_rows.HEADINGS.items()]
    with st.container(horizontal=True, vertical_alignment="center", key="network-under"):
        show(tag("div", f"Deals drawn ({len(listed):,})", css="kg-section"))
        every = list({d.id: d for d in (*view.found, *view.deals)}.values())
        st.download_button(
            f"CSV of all {len(every):,}", lambda: deal_rows.as_csv(every, view.names, graph.schema),
            file_name="deals.csv", mime="text/csv", key="network-csv", on_click="ignore", disabled=not every,
        )  # fmt: skip
    parts.table({"rows": listed, "headings": headings, "chosen": asked.chosen}, heard_table)


page()
