"""Statements on a page: their sentences and sources, "Not this" with its undo, and what to do about an empty store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from app.web import state
from app.web.rows import details, said
from app.web.sentences import evidence, source
from app.web.tags import Html, joined, notice, show, tag
from kg.graph import Graph

SENTENCES = 10  # shown at first, and with each "Show more"
Fact = Mapping[str, Any]


def empty() -> None:
    """Say how to fill an empty store."""
    link = tag("a", "Upload or paste newsletters", href="./imports", target="_self")
    notice("info", "Nothing has been read yet", joined(link, ", or use one of these commands:"))
    st.code(
        "kg import PATH…        # files (.txt, .md, .html) or folders\nkg import --samples    # the sample newsletters"
    )


def statements(graph: Graph, found: Sequence[Fact], kind: str, *, widths: Sequence[int] = (9, 1)) -> None:
    """Show statements with their sentences and where they stand, each with its button.

    The session's `kind` says how many are shown; `widths` are those of sentences and button.
    """
    shown = found[: st.session_state[kind]]
    material = Material(graph, shown)
    for statement in shown:
        left, right = st.columns(list(widths), vertical_alignment="top")
        with left:
            show(material.article(statement))
        with right:
            not_this(f"{kind}-{statement['id']}", said(statement, graph.schema), [statement["id"]])
    more(kind, len(found), SENTENCES)


class Material:
    """The issues that statements stand in, and where these name their ends: read once for all of them."""

    def __init__(self, graph: Graph, found: Sequence[Fact]) -> None:
        """Read what the statements need."""
        self.schema = graph.schema
        keys = list(dict.fromkeys(span["issue"] for s in found for span in s["evidence"]))
        self.issues = {row.id: row.data for row in graph.store.get("issue", keys)}
        self.listed = {row.id: row.data for row in graph.store.get("listing", keys)}
        self.mentions: dict[str, list[Fact]] = {key: [] for key in keys}
        for row in graph.store.rows("mention", issue=keys) if keys else ():
            self.mentions[row.data["issue"]].append(row.data)

    def article(self, statement: Fact) -> Html:
        """Return a statement: what it says, its sentences, and where they stand."""
        mark = (" ", tag("span", "corrected by a person", css="kg-mark")) if "corrected" in statement else ()
        title = tag("h3", said(statement, self.schema), *mark)
        about = tag("p", details(statement["attrs"]), css="kg-small")
        parts = []
        for key in dict.fromkeys(span["issue"] for span in statement["evidence"]):
            spans = [span for span in statement["evidence"] if span["issue"] == key]
            parts.append(_sentences(statement, spans, self.issues.get(key), self.mentions[key]))
            parts.append(source(self.listed.get(key), key))
        return tag("article", title, about, *parts, css="kg-statement")


def _sentences(statement: Fact, spans: Sequence[Fact], issue: Fact | None, mentions: Iterable[Fact]) -> Html:
    names = (statement["subject"], statement["object"])
    own = [mention for mention in mentions if mention["name"] in names]
    marks = [(start, end) for mention in own for start, end in mention["mentions"]]
    forms = [form for mention in own for form in (mention["name"], *mention["aliases"])]
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
