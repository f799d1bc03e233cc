"""Deals on a page in a line each, with the way to their story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from app.web.network.deal_rows import status
from app.web.tags import Html, show, tag
from kg.deal_kinds import look
from kg.deal_list import when
from kg.deal_words import title
from kg.deals import worth
from kg.graph import Graph
from kg.model import Deal
from kg.money import show as money

STORY = "views/deal.py"
FEW = 10  # deals of a list that are shown


def pair(deal: Deal, names: Mapping[str, str], graph: Graph) -> str:
    """Return who deals with whom: "Amazon → Anthropic", "AMD – PayPal" where all are partners."""
    return title(deal, graph.schema, names)


def line(deal: Deal, names: Mapping[str, str], graph: Graph) -> Html:
    """Return a deal in a line: who, amount, stage and date, with the colour of its kind."""
    amount = worth(deal)
    parts = [money(amount) if amount else "", status(deal), when(deal) or ""]
    return tag("div", swatch(look(deal.kind).colour), pair(deal, names, graph),
               tag("span", " · ".join(p for p in parts if p)))  # fmt: skip


def swatch(colour: str) -> Html:
    """Return a small square of a colour."""
    return tag("i", css="kg-swatch", style=f"background: {colour}")


def story_link(deal: str, words: str = "The deal's story") -> None:
    """Show the link to a deal's story."""
    st.page_link(STORY, label=words, query_params={"deal": deal})


def listed(
    deals: Sequence[Deal], names: Mapping[str, str], graph: Graph, most: int = FEW, *, here: bool = False
) -> None:
    """List deals, each with the way to its story; of many the first ones, and how many there are.

    `here`: on the page of stories itself.
    """
    for deal in deals[:most]:
        beside(tag("div", line(deal, names, graph), css="kg-kinds"), deal.id, here=here)
    if len(deals) > most:
        show(tag("p", f"and {len(deals) - most:,} more", css="kg-small"))


def beside(words: Html, deal: str, *, here: bool = False, key: str = "story-of") -> None:
    """Show a line with the way to a deal's story at its end; `key` tells several lists of one page apart."""
    left, right = st.columns([8, 1], vertical_alignment="center")
    with left:
        show(words)
    with right:
        if here:  # a link to the page that is shown already would not change the address
            st.button("Story", key=f"{key}-{deal}", type="tertiary", on_click=_open, args=(deal,))
        else:
            story_link(deal, "Story")


def _open(deal: str) -> None:
    st.query_params.from_dict({"deal": deal})
