"""The Ask page: a question, its answer, and the sentences that make it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.web import state
from app.web.rows import details, said, table
from app.web.sentences import evidence, source
from app.web.tags import joined, notice, show, tag
from kg.ask import ask
from kg.errors import KGError
from kg.graph import Graph

EXAMPLES = (
    "Who invested in Anthropic?",
    "What share of OpenAI does Microsoft hold?",
    "Whose cloud is Anthropic tied to?",
    "What are the biggest deals?",
    "Who works at Meta?",
)
LINES = 8  # of an answer's text
ROWS, SENTENCES = 15, 10  # shown at first, and with each "Show more"
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


def empty() -> None:
    """Say how to fill an empty store."""
    notice("info", "Nothing has been read yet", "Read newsletters into the store with one of these commands:")
    st.code(
        "kg import PATH…        # files (.txt, .md, .html) or folders\nkg import --samples    # the sample newsletters"
    )


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
    grid = f"grid-template-columns: {' '.join(f'minmax(0, {width}fr)' for width in made.widths)}"
    with st.container(key="rows", gap=None):
        left, _ = st.columns([9, 1])
        with left:
            titles = (tag("div", heading) for heading in made.headings)
            show(tag("div", *titles, css="kg-row kg-titles", style=grid))
        for number, (row, cells) in enumerate(zip(shown, made.cells, strict=False)):
            left, right = st.columns([9, 1], vertical_alignment="center")
            with left:
                css = "kg-row" if row["certain"] else "kg-row kg-unsure"
                show(tag("div", *(tag("div", cell) for cell in cells), css=css, style=grid))
            with right:
                not_this(f"row-{number}", said(row, graph.schema), row["statement_ids"])
    more("rows", len(found), ROWS)


def statements(graph: Graph, found: Sequence[Fact], kind: str) -> None:
    """Show statements with their sentences and where they stand, each with its button."""
    shown = found[: st.session_state[kind]]
    keys = list(dict.fromkeys(span["issue"] for s in shown for span in s["evidence"]))
    issues = {row.id: row.data for row in graph.store.get("issue", keys)}
    listed = {row.id: row.data for row in graph.store.get("listing", keys)}
    for statement in shown:
        left, right = st.columns([9, 1], vertical_alignment="top")
        with left:
            title = tag("h3", said(statement, graph.schema))
            about = tag("p", details(statement["attrs"]), css="kg-small")
            parts = []
            for key in dict.fromkeys(span["issue"] for span in statement["evidence"]):
                spans = [span for span in statement["evidence"] if span["issue"] == key]
                parts.append(_sentences(graph, statement, spans, issues.get(key)))
                parts.append(source(listed.get(key), key))
            show(tag("article", title, about, *parts, css="kg-statement"))
        with right:
            not_this(f"{kind}-{statement['id']}", said(statement, graph.schema), [statement["id"]])
    more(kind, len(found), SENTENCES)


def _sentences(graph: Graph, statement: Fact, spans: Sequence[Fact], issue: Fact | None) -> Any:
    names = (statement["subject"], statement["object"])
    key = spans[0]["issue"]
    mentions = [row.data for row in graph.store.rows("mention", issue=key) if row.data["name"] in names]
    marks = [(start, end) for mention in mentions for start, end in mention["mentions"]]
    forms = [form for mention in mentions for form in (mention["name"], *mention["aliases"])]
    text, html = (issue["text"], not issue.get("markup", True)) if issue else (None, False)
    return evidence(spans, text, marks=marks, names=(*names, *forms), html=html)


def not_this(key: str, words: str, ids: Sequence[str]) -> None:
    """Show the button that sets statements aside."""
    st.button(
        "Not this",
        key=f"not-{key}",
        type="tertiary",
        help="The newsletters do not say this: set it aside (it can be undone).",
        on_click=state.reject,
        args=(words, list(ids)),
    )


def more(kind: str, there: int, step: int) -> None:
    """Show a button for further entries of a list, where there are any."""
    left = there - st.session_state[kind]
    if left > 0:
        st.button(f"Show {min(left, step)} more of {left}", key=f"more-{kind}", on_click=_more, args=(kind, step))


def _more(kind: str, step: int) -> None:
    st.session_state[kind] += step


def just_set_aside() -> None:
    """Say what the last click set aside, with its undo."""
    if aside := st.session_state.get("aside"):
        left, right = st.columns([9, 1], vertical_alignment="center")
        with left:
            show(tag("p", "Set aside: ", tag("b", aside["said"]), " It no longer counts.", css="kg-small"))
        with right:
            st.button("Undo", key="back-last", type="tertiary", on_click=state.undo, args=(aside["earlier"],))


def set_aside(graph: Graph) -> None:
    """List what people have set aside, each with its undo."""
    found, count = state.rejected(graph)
    if not count:
        return
    with st.expander(f"Set aside by you ({count})"):
        if count > len(found):
            show(tag("p", f"The latest {len(found)} of {count}.", css="kg-small"))
        for judgement in found:
            left, right = st.columns([9, 1], vertical_alignment="center")
            about = {"subject": "", "object": "", "relation": "", **judgement.about}
            with left:
                words = said(about, graph.schema)
                show(joined(tag("p", words, " — ", str(about.get("issue") or ""), css="kg-small")))
            with right:
                key = f"back-{judgement.target}"
                st.button("Undo", key=key, type="tertiary", on_click=state.undo, args=({judgement.target: None},))


page()
