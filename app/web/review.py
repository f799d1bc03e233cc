"""Review: what was read in an issue, before it counts: its names, its statements with their sentences, verdicts."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app import bootstrap, changes
from app.jobbook import JobBook
from app.jobtypes import Found
from app.web.rows import details, said
from app.web.sentences import evidence
from app.web.tags import Html, joined, show, tag
from kg.graph import Graph
from kg.model import Extract, Statement

STATEMENTS = 25  # of an issue, shown at first and with each "Show more"
VERDICTS = {"accept": "Right", "reject": "Wrong"}
TYPES = {"company": "Companies", "organization": "Organizations", "person": "People", "model": "Models",
         "product": "Products", "benchmark": "Benchmarks"}  # fmt: skip
Listing = Mapping[str, Any]


def standing(listed: Sequence[Listing], found: Found) -> tuple[str, Listing | None]:
    """Return how an issue stands to those in the graph, and the one that is meant.

    new, again (the same text), newer (its place is taken), repeats (the text under another key), or namesake (another
    text of the same file name).
    """
    for issue in listed:
        if issue["key"] == found.key:
            return ("again" if issue["text_sha256"] == found.sha else "newer"), issue
    if twin := next((i for i in listed if i["text_sha256"] == found.sha), None):
        return "repeats", twin
    namesakes = [i for i in listed if found.file and i["file"] == found.file]
    return ("namesake", namesakes[-1]) if namesakes else ("new", None)


def issue(
    book: JobBook, graph: Graph | None, listed: Sequence[Listing], found: Found, given: Mapping[str, str]
) -> None:
    """Show an issue for review; `given` are the verdicts so far, by the statements' ids without key."""
    extract = Extract.model_validate_json(book.extract(found.id) or "")
    notes(book, listed, found)
    own = {s.id(""): s for s in extract.statements}
    unsure = set(found.unsure.split())
    if not own:
        show(tag("p", "No statement was found in it: no sentence links two names in a way that this program knows. "
                 "It can be put into the graph all the same, with its names.", css="kg-small"))  # fmt: skip
    else:
        everything(book, found, own)
        ordered = sorted(own, key=lambda id: _place(own[id]))
        if st.session_state.get("kept-unsure-only"):
            ordered = [id for id in ordered if id in unsure]
        limit = st.session_state.setdefault(f"shown-{found.id}", STATEMENTS)
        for id in ordered[:limit]:
            statement(book, found, extract, own[id], given.get(id), unsure=id in unsure)
        if len(ordered) > limit:
            left = len(ordered) - limit
            st.button(
                f"Show {min(left, STATEMENTS)} more of {left}", key=f"more-{found.id}", on_click=_more, args=(found.id,)
            )
    names(graph, extract)


def notes(book: JobBook, listed: Sequence[Listing], found: Found) -> None:
    """Show how the issue stands to those in the graph, its date where it has none, and the way to leave it out."""
    how, other = standing(listed, found)
    words = {
        "again": "This text is in the graph already, with another title or publisher, or read by another reader: "
                 "it is put in its own place.",
        "newer": "An older version of this issue is in the graph: this one takes its place.",
        "repeats": "This text is in the graph already as {}: it counts once.",
        "namesake": "The graph has another text of the same file name: {}.",
    }.get(how)  # fmt: skip
    if words and other:
        before, _, after = words.partition("{}")
        title = tag("b", str(other["title"] or other["key"])) if after else ""
        show(tag("p", before, title, after, css="kg-small kg-standing"))
    columns = st.columns([4, 4, 2], vertical_alignment="bottom")
    key = f"given-{found.id}"
    if not found.date:
        st.session_state[key] = datetime.date.fromisoformat(found.given) if found.given else None
        columns[0].date_input(
            "It has no certain date: when was it published?",
            key=key, format="YYYY-MM-DD", min_value=datetime.date(1990, 1, 1), on_change=_given, args=(book, found.id),
        )  # fmt: skip
    if how == "namesake" and other:
        key = f"instead-{found.id}"
        st.session_state[key] = bool(found.instead)
        columns[1].checkbox("It takes the other one's place", key=key, on_change=_instead,
                            args=(book, found.id, other["key"]))  # fmt: skip


def everything(book: JobBook, found: Found, own: Mapping[str, Statement]) -> None:
    """Show the buttons for all statements of an issue."""
    with st.container(horizontal=True, gap="small", key=f"all-{found.id}"):
        for words, verdict in (("All right", "accept"), ("All wrong", "reject"), ("No verdicts", None)):
            st.button(
                words, key=f"all-{found.id}-{verdict}", type="tertiary", on_click=book.judge,
                args=(found.id, list(own), verdict),
            )  # fmt: skip


def statement(
    book: JobBook, found: Found, extract: Extract, one: Statement, verdict: str | None, *, unsure: bool
) -> None:
    """Show a statement with its sentences and the choice of verdicts."""
    schema = bootstrap.knowledge()[0]
    row = {"subject": one.subject, "relation": one.relation, "object": one.object}
    left, right = st.columns([8, 2], vertical_alignment="top")
    with left:
        mark = tag("span", "less certain", css="kg-mark") if unsure else ""
        title = tag("h3", said(row, schema), " ", mark)
        about = tag("p", details({**one.words, **one.attrs.stated()}), css="kg-small")
        css = f"kg-statement kg-{verdict}" if verdict else "kg-statement"
        show(tag("article", title, about, sentences(extract, one), css=css))
    with right:
        key = f"verdict-{found.id}-{one.id('')}"
        st.session_state[key] = verdict
        st.segmented_control(
            "Verdict", list(VERDICTS), format_func=VERDICTS.__getitem__, key=key, label_visibility="collapsed",
            on_change=_judge, args=(book, found.id, one.id("")),
        )  # fmt: skip


def sentences(extract: Extract, one: Statement) -> Html:
    """Return the sentences of a statement, with both its names marked."""
    own = [e for e in extract.entities if e.name in (one.subject, one.object)]
    marks = [span for e in own for span in e.mentions]
    forms = [form for e in own for form in (e.name, *e.aliases)]
    spans = [span.model_dump() for span in one.evidence]
    return evidence(spans, extract.issue.text, marks=marks, names=forms, html=not extract.issue.markup)


def names(graph: Graph | None, extract: Extract) -> None:
    """Show the names of an issue by type, folded; those that the graph does not have are marked."""
    if not extract.entities:
        show(tag("p", "No names were found in it.", css="kg-small"))
        return
    new = changes.unknown(graph, extract) if graph else set()
    groups = []
    for kind, title in TYPES.items():
        some = sorted((e for e in extract.entities if e.type == kind), key=lambda e: e.name.casefold())
        if some:
            chips = [tag("span", e.name, css="kg-chip kg-new" if (e.name, e.type) in new else "kg-chip") for e in some]
            groups.append(tag("p", tag("b", f"{title} ({len(some)}) "), *chips))
    count = f"Names ({len(extract.entities)}" + (f", {len(new)} new to the graph)" if graph else ")")
    show(tag("details", tag("summary", count), joined(*groups), css="kg-names"))


def _place(one: Statement) -> tuple[int, str]:
    return (min((span.start for span in one.evidence if span.role == "claim"), default=0), one.relation)


def _more(issue: int) -> None:
    st.session_state[f"shown-{issue}"] += STATEMENTS


def _judge(book: JobBook, issue: int, id: str) -> None:
    book.judge(issue, [id], st.session_state[f"verdict-{issue}-{id}"])


def _given(book: JobBook, issue: int) -> None:
    day = st.session_state[f"given-{issue}"]
    book.say(issue, given=day.isoformat() if day else None)


def _instead(book: JobBook, issue: int, key: str) -> None:
    book.say(issue, instead=key if st.session_state[f"instead-{issue}"] else "")
