"""The Sankey diagram: the largest flows of one currency, coloured by the kind of money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from app.web.money.legs import colour
from app.web.tags import literal
from kg.circulation import Stream
from kg.deal_kinds import GREY
from kg.flows import Money
from kg.model import Amount
from kg.money import show

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

LABEL = 30  # characters of a name beside its bar; the whole name is told when the mouse is on it
PALE = 0.55  # of a flow's colour
INK = {False: "#1f2933", True: "#eceff3"}  # of names, on a light page and a dark one


@dataclass(frozen=True)
class Cut:
    """The largest flows of a currency with their money, how many have some, and how many have none that counts."""

    flows: tuple[tuple[Stream, float], ...]
    there: int
    without: int


def cut(found: Sequence[Stream], currency: str, most: int, *, confirmed: bool = False) -> Cut:
    """Return the `most` largest flows by what is confirmed, or by what it comes to with promises."""
    sized = [(stream, stream.total.get(currency, (0.0, 0.0))[0 if confirmed else 1]) for stream in found]
    some = sorted((pair for pair in sized if pair[1] > 0), key=lambda p: -p[1])
    return Cut(tuple(some[:most]), len(some), len(sized) - len(some))


def figure(own: Money, made: Cut, currency: str, *, dark: bool = False) -> Figure:
    """Return the diagram, for a light page or a dark one; money that comes back makes its circles."""
    from plotly import graph_objects

    ids = list(dict.fromkeys(id for stream, _ in made.flows for id in (stream.source, stream.target)))
    place = {id: number for number, id in enumerate(ids)}
    paid: dict[str, float] = dict.fromkeys(ids, 0.0)
    received: dict[str, float] = dict.fromkeys(ids, 0.0)
    for stream, value in made.flows:
        paid[stream.source] += value
        received[stream.target] += value
    hover = [_sums(own.name(id), paid[id], received[id], currency) for id in ids]
    drawn = graph_objects.Sankey(
        arrangement="snap",
        textfont={"color": INK[dark]},
        node={
            "label": [plain(_short(own.name(id))) for id in ids],
            "customdata": [plain(text) for text in hover],
            "hovertemplate": "%{customdata}<extra></extra>",
            "color": GREY, "pad": 14, "thickness": 12, "line": {"width": 0},
        },
        link={
            "source": [place[stream.source] for stream, _ in made.flows],
            "target": [place[stream.target] for stream, _ in made.flows],
            "value": [value for _, value in made.flows],
            "color": [pale(colour(stream.flow)) for stream, _ in made.flows],
            "customdata": [plain(_flow(own, stream, value, currency)) for stream, value in made.flows],
            "hovertemplate": "%{customdata}<extra></extra>",
        },
    )  # fmt: skip
    height = min(max(380, 26 * len(ids)), 900)
    layout: dict[str, Any] = {"height": height, "margin": {"l": 8, "r": 8, "t": 12, "b": 12}, "font": {"size": 12}}
    return graph_objects.Figure(data=[drawn], layout=layout)


def plain(words: str) -> str:
    """Return the text for a place where plotly reads a few tags and entities: it is shown letter by letter."""
    return escape(literal(" ".join(words.split())), quote=False)


def pale(hexadecimal: str) -> str:
    """Return a colour that lets others shine through."""
    red, green, blue = (int(hexadecimal[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {PALE})"


def amount(value: float, currency: str) -> str:
    """Return a sum in words."""
    return show(Amount(low=value, high=value, currency=currency))


def _short(name: str) -> str:
    words = literal(" ".join(name.split()))
    return words if len(words) <= LABEL else f"{words[: LABEL - 1].rstrip()}…"


def _flow(own: Money, stream: Stream, value: float, currency: str) -> str:
    ends = f"{own.name(stream.source)} → {own.name(stream.target)}"
    count = len(stream.legs)
    return f"{ends}: {stream.flow}, {amount(value, currency)} ({count} deal{'s' if count != 1 else ''})"


def _sums(name: str, paid: float, received: float, currency: str) -> str:
    parts = [f"pays {amount(paid, currency)}"] if paid else []
    parts += [f"gets {amount(received, currency)}"] if received else []
    return f"{name} {', '.join(parts)}"
