"""Handed in: the two ways to hand newsletters in, and what was handed in, line by line."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import streamlit as st

from app import jobs
from app.jobs import Jobs
from app.jobtypes import Found, Handed, Job
from app.web.tags import show, tag
from kg.errors import KGError

WAYS = ("Upload files", "Paste text")
EARLIEST = datetime.date(1990, 1, 1)
OUTCOMES = {
    "added": "new in the graph", "replaced": "in place of the earlier version", "unchanged": "in the graph already",
    "duplicate": "a text that is there already: counted once", "twice": "handed in twice: read once",
    "failed": "not taken",
}  # fmt: skip


def kept(key: str, value: object) -> dict[str, Any]:
    """Return a widget's key, and what keeps its value while other pages are shown."""
    if key not in st.session_state:
        st.session_state[key] = st.session_state.get(f"kept-{key}", value)
    st.session_state[f"kept-{key}"] = st.session_state[key]
    return {"key": key, "on_change": _keep, "args": (key,)}


def _keep(key: str) -> None:
    st.session_state[f"kept-{key}"] = st.session_state[key]


def take(own: Jobs) -> None:
    """Show the two ways to hand newsletters in."""
    way = st.radio("How", WAYS, **kept("way", WAYS[0]), label_visibility="collapsed", horizontal=True)
    if way == WAYS[1]:
        st.text_area("Newsletter", **kept("text", ""), height=180, label_visibility="collapsed",
                     placeholder="Paste the text of a newsletter (or its HTML) here.")  # fmt: skip
        title, publisher, date, button = st.columns([3, 3, 2, 2], vertical_alignment="bottom")
        title.text_input("Title (if you like)", **kept("title", ""), max_chars=200)
        publisher.text_input("Publisher", **kept("publisher", ""), max_chars=200)
        date.date_input("Date", **kept("date", None), format="YYYY-MM-DD", min_value=EARLIEST)
        button.button("Read it", type="primary", on_click=_paste, args=(own,), width="stretch", key="do-paste")
        return
    number = st.session_state.setdefault("uploads", 0)
    st.file_uploader(
        "Newsletters", type=list(jobs.SUFFIXES), accept_multiple_files=True, key=f"files-{number}",
        on_change=_upload, args=(own, number), label_visibility="collapsed",
    )  # fmt: skip


def title_of(own: Jobs, job: Job) -> str:
    """Return what a job is called."""
    handed = own.book.handed(job.id)
    if job.pasted:
        return job.title or "Pasted text"
    first = handed[0].name if handed else ""
    return first if len(handed) == 1 else f"{len(handed)} files" + (f": {first} …" if first else "")


def draft(own: Jobs, job: Job) -> None:
    """Show the files handed in, and the button that begins to read them."""
    handed = own.book.handed(job.id)
    files(handed, [])
    ready = [h for h in handed if h.state == "waiting"]
    publisher, date, button, away = st.columns([3, 2, 2, 2], vertical_alignment="bottom")
    publisher.text_input("Publisher of all (if you like)", **kept("draft-publisher", ""), max_chars=200)
    date.date_input("Date of all (if one)", **kept("draft-date", None), format="YYYY-MM-DD",
                    min_value=EARLIEST)  # fmt: skip
    words = f"Read {len(ready)} file{'s' if len(ready) != 1 else ''}"
    button.button(words, type="primary", disabled=not ready, on_click=_start, args=(own, job.id), width="stretch",
                  key="do-read")  # fmt: skip
    away.button("Discard", on_click=discard, args=(own, job.id), width="stretch", key="do-discard")


def files(handed: Sequence[Handed], found: Sequence[Found], *, putting: bool = False) -> None:
    """Show what was handed in, a line each: its size or what was found in it, or why it was not read."""
    lines = []
    now = next((h.id for h in handed if h.state == "waiting" and h.tries), None)
    for h in handed:
        own = [f for f in found if f.source == h.id]
        if h.state == "failed":
            words = h.error.removeprefix(f"{h.name} ").removeprefix(f"{h.name}: ")
        elif h.state == "read" or own:
            issues = f"{len(own)} issues · " if len(own) > 1 else ""
            words = f"{issues}{sum(f.names for f in own)} names · {sum(f.statements for f in own)} statements"
            if len(own) == 1 and own[0].outcome in OUTCOMES:
                words = OUTCOMES[own[0].outcome] if putting or own[0].outcome in ("twice", "unchanged") else words
        else:
            words = "being read…" if h.id == now else f"{max(1, round(h.size / 1024)):,} KB"
        css = f"kg-file kg-{h.state}"
        lines.append(tag("div", tag("span", h.name or "Pasted text", title=h.name), tag("span", words), css=css))
    show(tag("div", *lines, css="kg-files"))


def go(job: int) -> None:
    st.query_params.clear()
    st.query_params["job"] = str(job)


def tell(error: KGError) -> None:
    st.session_state["trouble"] = str(error)


def _day(key: str) -> str | None:
    day = st.session_state.get(key)
    return day.isoformat() if isinstance(day, datetime.date) else None


def _paste(own: Jobs) -> None:
    said = st.session_state
    try:
        job = own.paste(
            said["text"], title=said["title"].strip(), publisher=said["publisher"].strip(), date=_day("date")
        )
    except KGError as error:
        tell(error)
        return
    said["text"] = said["title"] = ""
    said["date"] = None
    go(job)


def _upload(own: Jobs, number: int) -> None:
    given = st.session_state.get(f"files-{number}") or []
    st.session_state["uploads"] = number + 1  # a new, empty box: the files are in the book
    id = st.query_params.get("job", "")
    try:
        go(own.upload([(f.name, f.getvalue()) for f in given], job=int(id) if id.isdigit() else None))
    except KGError as error:
        tell(error)


def _start(own: Jobs, job: int) -> None:
    try:
        begun = own.start(job, publisher=st.session_state["draft-publisher"].strip(), date=_day("draft-date"))
    except KGError as error:
        tell(error)
        return
    if begun:
        for key, value in (("draft-publisher", ""), ("draft-date", None)):
            st.session_state[key] = value
    go(job)


def discard(own: Jobs, job: int) -> None:
    try:
        own.book.discard(job)
    except KGError as error:
        tell(error)
    st.query_params.clear()
