"""What clicks on the network page do: each ends in the address bar, from which the page is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from app.web import state
from app.web.address import LONGEST, MANY
from app.web.network import parts
from app.web.network.wish import MOST, NUMBERS, Wish
from kg.deal_stages import STAGES
from kg.errors import KGError
from kg.graph import Graph
from kg.network import Network

NETWORK = "views/network.py"
FEW = 5  # statements that the panel shows at first
TYPED = ("kind", "stage", "min", "max", "currency", "since", "until", "sure", "number")


def wish() -> Wish:
    """Return what the address asks for."""
    return Wish.of_query({name: st.query_params.get_all(name) for name in st.query_params})


def go(wanted: Wish) -> None:
    """Put a wish into the address; the run that follows draws it."""
    st.query_params.from_dict(wanted.to_query())


def seed(wanted: Wish) -> None:
    """Let the filters show what the address asks for, where they do not yet."""
    gone = any(f"network-{name}" not in st.session_state for name in TYPED)  # by a visit to another page
    if gone or st.session_state.get("network-seeded") != wanted:
        for name in TYPED:
            value = getattr(wanted, name)
            st.session_state[f"network-{name}"] = list(value) if isinstance(value, tuple) else value
        if wanted.number not in NUMBERS:
            st.session_state["network-number"] = MOST
        st.session_state["network-stage"] = [s for s in wanted.stage if s in STAGES]
        before = st.session_state.get("network-seeded")
        if before is None or before.chosen != wanted.chosen:
            st.session_state["network-statements"] = FEW
            st.session_state.pop("aside", None)
            if gone and before is not None and wanted.chosen:
                _move(wanted.chosen)
        st.session_state["network-seeded"] = wanted


def changed() -> None:
    """Take the filters over into the address."""
    typed: dict[str, Any] = {}
    for name in TYPED:
        value = st.session_state[f"network-{name}"]
        typed[name] = tuple(value) if isinstance(value, list) else value
    go(replace(wish(), **typed))


def reset() -> None:
    """Go back to the plain view."""
    _move(())
    go(Wish())


def look_at(ids: Iterable[str] = (), **fields: Any) -> None:
    """Change the wish, choose these ids and let the drawing move to them; without ids it shows all."""
    if some := tuple(ids):
        fields["chosen"] = some
    _move(some)
    go(replace(wish(), **fields))


def focus(chosen: Sequence[str]) -> dict[str, Any]:
    """Return what the drawing moves to: it does so once for each number; at first to what the address has chosen."""
    told: dict[str, Any] = st.session_state.setdefault("network-focus", {"number": 0, "ids": list(chosen)})
    return told


def _move(ids: Iterable[str]) -> None:
    number = st.session_state.get("network-focus", {"number": 0})["number"] + 1
    st.session_state["network-focus"] = {"number": number, "ids": list(ids)}


def network_link(deals: Sequence[str], words: str = "Show in the deal network", *, key: str = "to-network") -> None:
    """Show the link to the network page with these deals drawn and chosen.

    A link, for a button that switches pages leaves an address in the browser's history that no page has.
    """
    some = tuple(dict.fromkeys(deals))[:MANY]
    with st.container(key=f"network-link-{key}", width="content"):
        st.page_link(NETWORK, label=words, icon=":material/hub:",
                     query_params=Wish(only=some, chosen=some).to_query())  # fmt: skip


def heard_graph() -> None:
    """Do what a click in the drawing asks for."""
    _heard(parts.event("graph"))


def heard_table() -> None:
    """Do what a click in the table asks for."""
    _heard(parts.event("table"))


def heard_parties() -> None:
    """Add a party to the filter, or take it away."""
    now = wish()
    go(replace(now, party=with_told("parties", now.party)))


def with_told(part: str, chosen: tuple[str, ...]) -> tuple[str, ...]:
    """Return the chosen parties with the one that a party filter has just added, or without the one it took away."""
    told = parts.event(part)
    id = _id(told.get("id")) or _named(told.get("text"))
    if told.get("do") == "party" and id and id not in chosen:
        return (*chosen, id)[:MANY]
    return tuple(p for p in chosen if p != id) if told.get("do") == "unparty" else chosen


def found_nothing() -> str:
    """Return, once, what was looked for in vain."""
    return str(st.session_state.pop("network-nothing", ""))


def network(graph: Graph) -> Network:
    """Return the network of a graph's store, one for all visitors."""
    return _network(graph)


@st.cache_resource(show_spinner=False, max_entries=4, hash_funcs={Graph: id})
def _network(graph: Graph) -> Network:
    return Network(graph.store, graph.schema)


def _heard(told: dict[str, Any]) -> None:
    now = wish()
    what = told.get("do")
    if what == "choose" and isinstance(told.get("ids"), list):
        go(replace(now, chosen=tuple(id for id in map(_id, told["ids"]) if id)[:MANY]))
    elif what == "expand" and (id := _id(told.get("id"))):
        shut = tuple(o for o in now.open if o != id)
        go(replace(now, open=shut if id in now.open else (*now.open, id)[-MANY:], chosen=(id,)))
    elif what == "find" and (id := _named(told.get("text"))):
        look_at([id], open=(*(o for o in now.open if o != id), id)[-MANY:])


def _id(value: Any) -> str:
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST else ""


def _named(text: Any) -> str:
    """Return the id of the party whose name fits best; where there is none, the page will say so."""
    if not isinstance(text, str) or not text.strip():
        return ""
    try:
        own = state.graph()
        known = dict(network(own).parties())
        found = next((id for _, id in own.store.names(text[:LONGEST], limit=50) if id in known), "")
    except KGError as error:
        st.session_state["trouble"] = str(error)
        return ""
    if not found:
        st.session_state["network-nothing"] = f"No company or person with deals is called {text.strip()[:80]!r}."
    return found
