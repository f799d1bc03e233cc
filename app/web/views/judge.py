"""The Review page: one question at a time, its sentences side by side, answered by a key or a click, and taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from app import bootstrap
from app.web import judging, state
from app.web.judging import Desk
from app.web.rows import said
from app.web.statements import Material, empty
from app.web.tags import notice, show, tag
from kg.errors import KGError
from kg.graph import Graph
from kg.model import Judgement
from kg.review import Review
from kg.review_items import Answer, Item

STYLE = Path(__file__).resolve().parents[1] / "static" / "judge.css"
SHOWN = 4  # statements of a side
LABELS = {
    "": "All", "duplicates": "Duplicates", "deals": "Same deals", "contradictions": "Contradictions",
    "less-certain": "Less certain",
}  # fmt: skip
KEYS = {"same": "S", "different": "D", "unsure": "U", "accept": "A", "reject": "X", "all-right": "A", "holds": "H",
        "denied": "N"}  # fmt: skip
VERDICTS = {"same": "one", "different": "two", "unsure": "unsure", "accept": "right", "reject": "wrong",
            "chosen": "chosen"}  # fmt: skip


def page() -> None:
    """Draw the page; what the store refuses is told in a box, with what to do."""
    st.html(f"<style>{STYLE.read_text(encoding='utf-8')}</style>")
    top = st.empty()
    try:
        graph = state.graph()
        with top:
            show(tag("div", tag("h1", "Review"), css="kg-head"))
        with st.spinner("Looking for what to review…"):
            own = judging.desk(graph)
        wanted = judging.kind()
        items = own.open(wanted)
        at = judging.place(own, items)
        others = judging.earlier_ones(own, graph)
        undoable = bool(own.decisions or others)
        with top:
            head(own, items, at)
        if problem := state.trouble():
            notice("error", "That did not work", problem)
        if not graph.store.count("issue"):
            empty()
        else:
            kinds(own, wanted)
            if items:
                question(graph, own, items, at, undoable=undoable)
            else:
                nothing(own, wanted, undoable=undoable)
        decided(graph, own, others)
    except KGError as error:
        show(tag("div", tag("h1", "Review"), css="kg-head"))
        notice("error", "The store cannot be used", str(error))


def head(own: Desk, items: Sequence[Item], at: int) -> None:
    """Show the title, and how far the visitor is."""
    done = f"{len(own.decisions)} decided" if own.decisions else ""
    told = f"{at + 1} of {len(items):,}, ordered by money at stake" if items else ""
    show(tag("div", tag("h1", "Review"), *(tag("span", part) for part in (told, done) if part), css="kg-head"))


def kinds(own: Desk, wanted: str) -> None:
    """Show the filter by kind, each with the number of its open questions."""
    counts = Counter(item.kind for item in own.open())
    counts[""] = counts.total()
    with st.container(horizontal=True, gap="small", key="review-kinds"):
        for name, label in LABELS.items():
            st.button(
                f"{label} ({counts[name]:,})", key=f"review-kind-{name or 'all'}", on_click=judging.choose_kind,
                args=(name,), type="primary" if name == wanted else "secondary",
            )  # fmt: skip


def question(graph: Graph, own: Desk, items: Sequence[Item], at: int, *, undoable: bool) -> None:
    """Show one item: what is asked, why, the answers, and its sentences side by side."""
    item = items[at]
    why = [tag("li", reason) for reason in item.why]
    label = tag("span", LABELS[item.kind], css="kg-mark")
    show(tag("div", label, tag("h2", item.title), tag("p", item.consequence.words, css="kg-stake"),
             tag("ul", *why, css="kg-why"), css="kg-asked", role="status"))  # fmt: skip
    with st.container(horizontal=True, gap="small", key="review-answers"):
        for number, answer in enumerate(item.answers, start=1):
            _answer(item, answer, number)
    with st.container(horizontal=True, gap="small", key="review-moves"):
        _moves(items, at, undoable=undoable)
    review = Review(graph.store, graph.schema, graph.reference, trust=bootstrap.trust())
    statements = review.statements([item])
    material = Material(graph, list(statements.values()))
    with st.container(key="review-sides"):
        for column, side in zip(st.columns(len(item.sides)), item.sides, strict=True):
            found = [statements[id] for id in side.statement_ids if id in statements][:SHOWN]
            with column:
                title = [tag("h4", side.title)] if side.title else []
                left = len(side.statement_ids) - SHOWN
                rest = (
                    "Its sentences are gone from the store."
                    if not found
                    else f"{left} more say so."
                    if left > 0
                    else ""
                )
                notes = [tag("p", rest, css="kg-small")] if rest else []
                show(tag("section", *title, *(material.article(s) for s in found), *notes, css="kg-side"))


def _answer(item: Item, answer: Answer, number: int) -> None:
    key = KEYS.get(answer.verdict, str(number))
    st.button(
        answer.words, key=f"review-answer-{number}", shortcut=key, on_click=judging.decide, args=(item, answer),
        help=answer.command,
    )  # fmt: skip


def _moves(items: Sequence[Item], at: int, *, undoable: bool) -> None:
    """Show the buttons that leave an item open, and the one that takes the last answer back."""
    st.button("Back", key="review-back", shortcut="Left", on_click=judging.step, args=(-1,), disabled=at == 0,
              type="tertiary")  # fmt: skip
    st.button("Skip", key="review-skip", shortcut="Right", on_click=judging.step, args=(1,),
              disabled=len(items) < 2, type="tertiary")  # fmt: skip
    _undo(undoable=undoable)


def _undo(*, undoable: bool) -> None:
    st.button("Undo", key="review-undo", shortcut="Z", on_click=judging.take_back, disabled=not undoable,
              type="tertiary")  # fmt: skip


def nothing(own: Desk, wanted: str, *, undoable: bool) -> None:
    """Say that nothing is left, and keep the undo of the last answer."""
    if wanted:
        notice("info", f"{LABELS[wanted]}: nothing to review", "The other kinds may have something.")
    elif own.decisions:
        notice("info", "All is decided", "What you said holds from now on; it can be taken back below.")
    else:
        notice("info", "Nothing to review", "No likely duplicates, no contradictions, nothing uncertain.")
    with st.container(horizontal=True, gap="small", key="review-moves"):
        _undo(undoable=undoable)


def decided(graph: Graph, own: Desk, others: Sequence[Judgement]) -> None:
    """List the last decisions, each with its undo: those of this visit, then earlier ones."""
    if not own.decisions and not others:
        return
    with st.expander(f"Decided ({len(own.decisions) + len(others)})"):
        for number, decision in reversed(list(enumerate(own.decisions))[-10:]):
            words = (tag("b", decision.answer.words), ": ", decision.item.title)
            _line(words, f"back-mine-{number}", judging.take_back, number)
        for judgement in others:
            words = (tag("b", VERDICTS.get(judgement.verdict, judgement.verdict)), ": ", spoken(judgement, graph))
            spot = (judgement.kind, judgement.target)
            _line(words, f"back-other-{'/'.join(spot)}", judging.drop, spot)


def _line(words: Sequence[str], key: str, undo: Any, argument: Any) -> None:
    left, right = st.columns([9, 1], vertical_alignment="center")
    with left:
        show(tag("p", *words, css="kg-small"))
    with right:
        st.button("Undo", key=key, type="tertiary", on_click=undo, args=(argument,))


def spoken(judgement: Judgement, graph: Graph) -> str:
    """Return what a judgement is about, in words, as it keeps it."""
    about = judgement.about
    if judgement.kind == "entity":
        return " / ".join(str(name) for name in about.get("names") or judgement.target.split("|"))
    ends = [about.get("a"), about.get("b")] if judgement.kind == "deal" else [about]
    known = [said(one, graph.schema) for one in ends if isinstance(one, dict) and {"subject", "relation"} <= one.keys()]
    return " / ".join(known) or judgement.target


page()
