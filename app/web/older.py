"""Older: how many issues an older reader read, and the button that reads them anew."""

from __future__ import annotations

import streamlit as st

from app import bootstrap
from app.rereading import Age, Rereading, age, summary
from app.web import state
from app.web.tags import notice, show, tag
from kg.errors import KGError
from kg.graph import Graph


def older(own: Rereading) -> None:
    """Show the rereading that is at work, what the last one came to, or that there is something to read anew."""
    if own.running:
        st.fragment(running, run_every=1.0)(own)
        return
    if own.trouble:
        notice("error", "Reading anew stopped", own.trouble)
    if own.done:
        _finished(own)
    try:
        graph, reader = state.graph(), bootstrap.fingerprint()
        known = _age(id(graph), graph.store.version(), reader, graph)
    except KGError:
        return  # the page tells of a store out of reach where it needs one
    if known.older:
        words, button = st.columns([7, 2], vertical_alignment="center")
        said = f"{len(known.older):,} of {known.issues:,} issues were read by an older reader."
        with words:
            show(tag("p", said, " Corrections and dates stay when they are read anew.", css="kg-small", role="status"))
        button.button("Read them anew", on_click=own.start, key="do-reread", width="stretch")


def running(own: Rereading) -> None:
    """Show the progress; drawn again every second while it runs, and not once more."""
    if not own.running:
        st.rerun()
    done, whole = len(own.done), own.whole
    bar, button = st.columns([8, 1], vertical_alignment="center")
    bar.progress(min(1.0, done / whole) if whole else 0.0)
    button.button("Stop", on_click=own.stop, key="stop-reread", width="stretch")
    words = f"{done:,} of {whole:,} issues read anew" if done else "Getting the reader ready…"
    show(tag("p", words, css="kg-small", role="status"))


def _finished(own: Rereading) -> None:
    words, button = st.columns([8, 1], vertical_alignment="center")
    failed = [
        tag("div", tag("span", one.title or one.file or one.key), tag("span", one.error), css="kg-file kg-failed")
        for one in own.done
        if one.outcome == "failed"
    ]
    with words:
        show(tag("p", summary(own.done), css="kg-small", role="status"), tag("div", *failed, css="kg-files"))
    button.button("Close", on_click=own.clear, key="close-reread", type="tertiary")


@st.cache_data(show_spinner=False, max_entries=4)
def _age(opened: int, version: str, reader: str, _graph: Graph) -> Age:
    """Return what `age` says of a state of an opened store."""
    return age(_graph, reader)
