"""The story of one deal: its terms and parties, its steps in time, all sentences, and what else its parties agreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from app.web import state
from app.web.address import LONGEST
from app.web.deal_lines import beside, listed, pair, swatch
from app.web.network.control import network_link
from app.web.rows import details, said
from app.web.sentences import source
from app.web.statements import SENTENCES, empty, just_set_aside, set_aside, statements
from app.web.story import facts, timeline
from app.web.tags import notice, show, tag
from kg.deal_kinds import look
from kg.deal_list import DealFilter, Deals, Found
from kg.deal_story import story
from kg.errors import KGError, QuestionError
from kg.graph import Graph
from kg.model import Deal
from kg.money import number

STYLE = Path(__file__).resolve().parents[1] / "static" / "money.css"
Story = Mapping[str, Any]


def page() -> None:
    """Draw the page; what the store refuses is told in a box, with what to do."""
    st.html(f"<style>{STYLE.read_text(encoding='utf-8')}</style>")
    id = st.query_params.get("deal", "")[:LONGEST].strip()
    if st.session_state.get("story-seeded") != id:
        st.session_state.update({"story-seeded": id, "story-statements": SENTENCES})
        st.session_state.pop("aside", None)
    try:
        graph = state.graph()
        if problem := state.trouble():
            notice("error", "That did not work", problem)
        if not graph.store.count("issue"):
            show(tag("div", tag("h1", "The story of a deal"), css="kg-head"))
            empty()
        else:
            one(graph, id)
        set_aside(graph)
    except KGError as error:
        notice("error", "The store cannot be used", str(error))


def one(graph: Graph, id: str) -> None:
    """Show the deal of an id, or say that there is none."""
    deals = Deals(graph.store)
    try:
        told, others = graph.store.read(lambda: _told(graph, deals, id))
    except QuestionError:
        show(tag("div", tag("h1", "The story of a deal"), css="kg-head"))
        just_set_aside()
        if id:
            notice("info", "This deal is no longer there", "It was taken out, set aside, or is part of another one.")
        else:
            notice("info", "No deal is chosen", "The Deal network, Money and the answers of Ask lead to each deal.")
        return
    here = next(deal for deal in others.deals if deal.id == told["deal"]["id"])
    head(graph, told, pair(here, others.names, graph))
    just_set_aside()
    in_time(graph, told)
    figures(told)
    in_return(told)
    stakes(told)
    sentences(graph, told)
    around(graph, here, [deal for deal in others.deals if deal is not here], others.names)


def _told(graph: Graph, deals: Deals, id: str) -> tuple[Story, Found]:
    """Return the story of a deal, and the deals of its parties, of one state of the store."""
    told = story(graph.store, graph.schema, graph.reference, id)
    return told, deals.find(DealFilter(parties=tuple(party["entity_id"] for party in told["parties"])))


def head(graph: Graph, told: Story, title: str) -> None:
    """Show who with whom, the terms, and the parties."""
    kind, *rest = facts.terms(told["deal"])
    show(tag("div", tag("h1", title), tag("span", kind[1]), css="kg-head"))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        show(facts.listing(rest))
    with right:
        show(facts.listing(facts.parties(told["parties"])))
        network_link([told["deal"]["id"]])


def in_time(graph: Graph, told: Story) -> None:
    """Show the steps and the dated statements as a chart, and list the undated ones below it."""
    rows = graph.store.get("statement", [s["id"] for s in told["statements"]])
    made = timeline.told(told, {row.id: row.data.get("words") or {} for row in rows}, graph.schema)
    show(tag("div", f"In time ({len(told['steps'])} step{'s' if len(told['steps']) != 1 else ''})", css="kg-section"))
    if made.moments:
        st.altair_chart(timeline.chart(made), key="story-timeline", alt="Steps and dated statements of the deal")
        words = (tag("span", swatch(colour), word) for word, colour in timeline.legend(made).items())
        show(tag("p", *words, css="kg-small kg-legend"))
    lines = []
    for step in told["steps"]:
        if made.undated and not (step["date"] or step["reported"]):
            continue  # the statements without a date, below, tell it
        date, amount = step["date"] or step["reported"] or "undated", step["amount"]
        about = details({"amount": amount}) if amount else ""
        stage = str(step["stage"]).replace("_", " ") + (", another size" if step["event"] == "resized" else "")
        lines.append(tag("div", f"{date}: {stage}", tag("span", about)))
    if made.undated:
        lines.append(tag("div", f"Without a date ({len(made.undated)}):"))
        for statement in made.undated:
            lines.append(tag("div", said(statement, graph.schema), tag("span", details(statement["attrs"]))))
    show(tag("div", *lines, css="kg-kinds"))


def figures(told: Story) -> None:
    """Show the parts in which the amount is paid, and the figures side by side where there are several."""
    if lines := facts.tranches(told["deal"]):
        show(tag("div", "In parts", css="kg-section"), tag("div", *lines, css="kg-kinds"))
    if lines := facts.figures(told["deal"], told):
        show(tag("div", f"Figures ({len(lines)})", css="kg-section"), tag("div", *lines, css="kg-kinds"))


def in_return(told: Story) -> None:
    """Show the deals that a text tells as agreed in return for this one, with the sentence and the way to each."""
    if told["in_return"]:
        show(tag("div", "In return", css="kg-section"))
    for other in told["in_return"]:
        amount = other["amount"] and details({"amount": other["amount"]})
        about = [look(other["kind"]).label, amount or "", str(other["stage"]).replace("_", " ")]
        words = tag("div", " · ".join(part for part in about if part), tag("span", f"“{other['sentence']}”"))
        beside(tag("div", words, css="kg-kinds"), other["deal_id"], here=True, key="in-return")


def stakes(told: Story) -> None:
    """Show what the parties hold of each other, with the sentence."""
    lines = []
    for stake in told["stakes"]:
        share = f"{number(stake['percent'])}%" if stake["percent"] is not None else "a stake"
        when = stake["date"] or (f"by {stake['reported']}" if stake["reported"] else "undated")
        about = [when, "" if stake["certain"] else "less certain", f"“{stake['sentence']}”"]
        words = " · ".join(part for part in about if part)
        lines.append(tag("div", f"{stake['holder']} holds {share} of {stake['of']}", tag("span", words)))
    if lines:
        show(tag("div", "Stakes", css="kg-section"), tag("div", *lines, css="kg-kinds"))


def sentences(graph: Graph, told: Story) -> None:
    """Show all statements, why they are one deal where the story says it, and the issues that tell of it."""
    found = told["statements"]
    show(tag("div", f"Sentences ({len(found)})", css="kg-section"))
    statements(graph, found, "story-statements")
    if reasons := facts.joins(told["deal"], found, graph.schema):
        show(tag("div", "Why these are one deal", css="kg-section"), tag("div", *reasons, css="kg-kinds"))
    show(tag("div", f"Issues ({len(told['issues'])})", css="kg-section"),
         *(source(issue, issue["key"]) for issue in told["issues"]))  # fmt: skip


def around(graph: Graph, here: Deal, others: Sequence[Deal], names: Mapping[str, str]) -> None:
    """List the other deals of the same parties, those between the same ones first."""
    if not others:
        return
    own = {party.entity_id for party in here.parties}
    ordered = sorted(others, key=lambda deal: -len(own & {party.entity_id for party in deal.parties}))
    show(tag("div", f"Other deals of the same parties ({len(others):,})", css="kg-section"))
    listed(ordered, names, graph, here=True)
    network_link([here.id, *(deal.id for deal in ordered)], "Show them all in the deal network", key="others")


page()
