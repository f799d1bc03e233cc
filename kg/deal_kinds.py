"""Kinds of deals: how each is called and drawn, from deal_kinds.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml

GREY = "#7b8794"


@dataclass(frozen=True)
class Look:
    """How a kind of deals or a type of entities is called and drawn."""

    label: str
    colour: str
    flow: str | None = None  # as what money flows from the giving to the receiving side: equity, compute, debt, licence


@lru_cache(maxsize=1)
def looks() -> Mapping[str, Look]:
    """Return how the kinds of deals are called and drawn, in the order of legends."""
    text = (files("kg") / "deal_kinds.yaml").read_text(encoding="utf-8")
    return {kind: Look(**about) for kind, about in yaml.safe_load(text).items()}


def look(kind: str) -> Look:
    """Return how a kind of deals is called and drawn."""
    return looks().get(kind) or Look(kind.replace("_", " ").capitalize(), GREY)
