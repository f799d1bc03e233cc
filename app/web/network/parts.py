"""The page's own parts: drawing, table and party filter, one script for all of them, sent to a browser once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

FOLDER = Path(__file__).resolve().parents[1] / "static" / "network"
# Waits for the script below, which a component of its own brings along: so its text is no part of every answer.
WAITS = """const shared = (globalThis.kgNetwork ??= {});
shared.ready ??= new Promise((open) => (shared.open = open));
export default async (component) => (await shared.ready).NAME(component);
"""


def script() -> None:
    """Bring the script along (an element without a height)."""
    _mounted("script")(key="network-script", height="content")


def graph(data: Mapping[str, Any], heard: Callable[[], None]) -> None:
    """Show the drawing; `heard` is called with each event of it, which `event` then has."""
    _mounted("graph")(key="network-graph", data=dict(data), on_event_change=heard)


def table(data: Mapping[str, Any], heard: Callable[[], None]) -> None:
    """Show the table of deals."""
    _mounted("table")(key="network-table", data=dict(data), on_event_change=heard)


def parties(data: Mapping[str, Any], heard: Callable[[], None], part: str = "parties") -> None:
    """Show the filter by company or person; `part` is its name for `event`."""
    _mounted("parties")(key=f"network-{part}", data=dict(data), on_event_change=heard)


def event(part: str) -> dict[str, Any]:
    """Return what a part has just told, nothing if it told nothing; it comes from a browser and is not yet checked."""
    state = st.session_state.get(f"network-{part}") or {}
    told = state.get("event") if hasattr(state, "get") else None
    return told if isinstance(told, dict) else {}


def _mounted(name: str) -> Any:
    # Registered where it is used: Streamlit's registry belongs to the running program, not to the import.
    scripts, css = _sources()
    return st.components.v2.component(f"kg_network_{name}", js=scripts[name], css=css if name != "script" else None)


@lru_cache(maxsize=1)
def _sources() -> tuple[dict[str, str], str]:
    waiting = {name: WAITS.replace("NAME", name) for name in ("graph", "table", "parties")}
    bundle = (FOLDER / "network.js").read_text(encoding="utf-8")
    return {**waiting, "script": bundle}, (FOLDER / "network.css").read_text(encoding="utf-8")
