"""The Ask page: a question, its answer, and the sentences that make it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.web import state
from app.web.deal_lines import listed, story_link
from app.web.network.control import network_link
from app.web.rows import said, table
from app.web.statements import SENTENCES, empty, just_set_aside, more, not_this, set_aside, statements
from app.web.tags import notice, show, tag
from kg.ask import ask
from kg.deal_list import deal_of
from kg.errors import KGError
from kg.graph import Graph
from kg.network import deals_of

EXAMPLES = (
    "Who invested in Anthropic?",
    "What share of OpenAI does Microsoft hold?",
    "Whose cloud is Anthropic tied to?",
    "What are the biggest deals?",
    "Who works at Meta?",
)
LINES = 8  # of an answer's text
ROWS = 15  # shown at first, and with each "Show more"
Fact = Mapping[str, Any]


def page() -> None:
    """Draw the page; what the store refuses is told in a box, with what to do."""
    question = state.question()
    if st.session_state.get("answered") != question:
        st.session_state.update(answered=question, box=question, rows=ROWS, sentences=SENTENCES, unsure=SENTENCES)
        st.session_state.pop("aside", None)
    try:
        graph = state.graph()
        issues = graph.issues()
        head(issues)
        form()
        if problem := state.trouble():
            notice("error", "That did not work", problem)
        if not issues:
            empty()
        elif question:
            answer(graph, question)
        else:
            show(tag("p", "Ask in plain English; every answer comes with the sentences behind it.", css="kg-small"))
        set_aside(graph)
    except KGError as error:
        notice("error", "The store cannot be used", str(error))


def head(issues: Sequence[Fact]) -> None:
    """Show the title and what has been read."""
    days = sorted(issue["date"] for issue in issues if issue["date"])
    span = f", {days[0]} to {days[-1]}" if days and days[0] != days[-1] else f", {days[0]}" if days else ""
    count = f"{len(issues):,} newsletter issue{'s' if len(issues) != 1 else ''} read{span}"
    show(tag("div", tag("h1", "Ask the newsletters"), tag("span", count), css="kg-head"))


def form() -> None:
    """Show the question box and the examples."""
    with st.form("question", border=False):
        box, button = st.columns([8, 1], vertical_alignment="bottom")
        box.text_input(
            "Question",
            key="box",
            max_chars=state.LONGEST,
            placeholder="Who invested in Anthropic?",
            label_visibility="collapsed",
        )
        button.form_submit_button("Ask", type="primary", on_click=_submit, use_container_width=True)
    with st.container(horizontal=True, gap="small"):
        for number, example in enumerate(EXAMPLES):
            st.button(example, key=f"example-{number}", on_click=state.ask_for, args=(example,))


def _submit() -> None:
    state.ask_for(st.session_state["box"])


def answer(graph: Graph, question: str) -> None:
    """Show the answer: its text, table, sentences, and what was left out."""
    result = ask(question, graph.store, graph.schema, graph.reference).to_json()
    css = "kg-answer" if result["answered"] else "kg-answer kg-unanswered"
    show(tag("div", *answer_text(result["text"]), css=css, role="status"))
    if result["understood"]:
        show(tag("p", "Understood as: ", result["understood"], css="kg-small"))
    just_set_aside()
    known = {statement["id"]: statement for statement in result["statements"]}
    if result["rows"]:
        rows(graph, result["rows"])
        in_the_network(graph, result["rows"])
    certain = [s for s in known.values() if s["certain"]]
    unsure = [s for s in known.values() if not s["certain"]]
    if certain:
        show(tag("div", f"Sentences ({len(certain)})", css="kg-section"))
        statements(graph, certain, "sentences")
    if unsure:
        with st.expander(f"Less certain ({len(unsure)})", expanded=not certain):
            statements(graph, unsure, "unsure")
    if result["left_out"]:
        show(tag("p", "Left out: ", "; ".join(result["left_out"]), css="kg-small"))


def answer_text(text: str) -> list[str]:
    """Return the answer's lines; of a long list the first ones, and the others folded away."""
    lines = text.split("\n")
    if len(lines) <= LINES + 2:
        return [text]
    rest = tag("div", "\n".join(lines[LINES:]))
    return ["\n".join(lines[:LINES]), tag("details", tag("summary", f"{len(lines) - LINES} more"), rest)]


def rows(graph: Graph, found: Sequence[Fact]) -> None:
    """Show the rows as a table, each with its button."""
    shown = found[: st.session_state["rows"]]
    made = table(found, graph.schema)
    grid = f"grid-template-columns: {made.grid}"
    labels = [heading if all(made.headings) or n > made.headings.index("") + 1 else ""  # a row reads as a sentence
              for n, heading in enumerate(made.headings)]  # fmt: skip
    with st.container(key="rows", gap=None):
        left, _ = st.columns([9, 1])
        with left:
            titles = (tag("div", heading) for heading in made.headings)
            show(tag("div", *titles, css="kg-row kg-titles", style=grid))
        for number, (row, cells) in enumerate(zip(shown, made.cells, strict=False)):
            left, right = st.columns([9, 1], vertical_alignment="center")
            with left:
                css = "kg-row" if row["certain"] else "kg-row kg-unsure"
                labelled = (tag("div", cell, data_label=label) for cell, label in zip(cells, labels, strict=True))
                show(tag("div", *labelled, css=css, style=grid))
            with right:
                not_this(f"row-{number}", said(row, graph.schema), row["statement_ids"])
    more("rows", len(found), ROWS)


def in_the_network(graph: Graph, found: Sequence[Fact]) -> None:
    """Show the link that draws the deals of an answer, where it has some, and the way to their stories."""
    deals = deals_of(graph.store, found)
    if deals:
        network_link(deals, "Show in the network")
    stories(graph, deals)


def stories(graph: Graph, ids: Sequence[str]) -> None:
    """Show the way to the story of each deal of an answer; of many the first ones."""
    if len(ids) == 1:
        story_link(ids[0])
    elif ids:
        deals = [deal_of(row) for row in graph.store.get("deal", list(ids))]
        parties = sorted({party.entity_id for deal in deals for party in deal.parties})
        names = {row.id: row.data["name"] for row in graph.store.get("entity", parties)}
        with st.expander(f"The story of each deal ({len(ids):,})"):
            listed(deals, names, graph)


page()
