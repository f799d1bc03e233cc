"""What the pages share: the opened graph, the question in the address bar, and people's verdicts with their undo."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from app import bootstrap, settings
from app.settings import Settings, SQLiteURL
from kg.errors import KGError
from kg.graph import Graph
from kg.model import Judgement

LONGEST = 500  # characters of a question
_open: list[ExitStack] = []  # keeps the opened stores from being closed


def graph() -> Graph:
    """Return the graph over the store of the settings, opened once for all visitors; raise KGError."""
    chosen = settings.load()
    return _opened(str(chosen.store), _file(chosen), chosen)


def _file(chosen: Settings) -> tuple[int, int]:
    """Return what tells the store's file from a later one of the same name."""
    if not isinstance(chosen.store, SQLiteURL):
        return (0, 0)
    try:
        if not chosen.store.path.exists():
            bootstrap.open_store(chosen).close()
        found = chosen.store.path.stat()
    except OSError:
        return (0, 0)
    return (found.st_dev, found.st_ino)


@st.cache_resource(show_spinner=False, max_entries=4)
def _opened(url: str, file: tuple[int, int], _chosen: Settings) -> Graph:
    """Open the store of a URL, for as long as the program runs."""
    with ExitStack() as stack:
        opened = stack.enter_context(bootstrap.opened(_chosen))
        _open.append(stack.pop_all())
    return opened


def restore(page: str) -> None:
    """Give a page that a visitor comes back to without an address the one that it had when they left it."""
    kept = st.session_state.get("addresses", {})
    if st.session_state.get("page", page) != page and not st.query_params.to_dict() and kept.get(page):
        st.query_params.from_dict(kept[page])
    st.session_state["page"] = page


def keep(page: str) -> None:
    """Note the address that a page has now."""
    address = {name: st.query_params.get_all(name) for name in st.query_params}
    st.session_state.setdefault("addresses", {})[page] = address


def question() -> str:
    """Return the question of the address bar, which links and the browser's back button restore."""
    return " ".join(st.query_params.get("q", "").split())[:LONGEST]


def ask_for(text: str) -> None:
    """Put a question into the address bar; the next run answers it."""
    words = " ".join(text.split())[:LONGEST]
    if words:
        st.query_params["q"] = words
    else:
        st.query_params.pop("q", None)


def reject(said: str, ids: Iterable[str]) -> None:
    """Set statements aside by a judgement; what cannot be done is told on the page."""
    kept = list(ids)
    earlier: dict[str, Judgement | None] = {}
    try:
        own = graph()
        for id in kept:
            own.statement(id)
            earlier[id] = _verdict(own, id)
            own.judge(Judgement(kind="statement", target=id, verdict="reject", when=now()))
    except KGError as error:
        _trouble(error)
    if earlier:
        st.session_state["aside"] = {"said": said, "earlier": earlier}


def undo(earlier: dict[str, Judgement | None]) -> None:
    """Take rejections back: each statement gets the verdict that it had before, or none."""
    try:
        own = graph()
        for id, verdict in earlier.items():
            if verdict is None:
                own.unjudge("statement", id)
            else:
                own.judge(verdict)
    except KGError as error:
        _trouble(error)
    st.session_state.pop("aside", None)


def rejected(own: Graph, most: int = 20) -> tuple[list[Judgement], int]:
    """Return the latest rejections of statements that are in the store, and how many there are in all."""
    some = [j for j in own.judgements() if j.kind == "statement" and j.verdict == "reject"]
    here = {row.id for row in own.store.get("statement", [j.target for j in some])}
    some = sorted((j for j in some if j.target in here), key=lambda j: (j.when, j.target), reverse=True)
    return some[:most], len(some)


def trouble() -> str:
    """Return, once, what a click could not do."""
    return str(st.session_state.pop("trouble", ""))


def now() -> str:
    """Return the time in UTC, to parts of a second: of two clicks the later one counts."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _verdict(own: Graph, id: str) -> Judgement | None:
    found: list[Any] = own.store.get("judgement", [f"statement/{id}"])
    fields = Judgement.model_fields
    return Judgement(**{k: v for k, v in found[0].data.items() if k in fields}) if found else None


def _trouble(error: KGError) -> None:
    st.session_state["trouble"] = str(error)
