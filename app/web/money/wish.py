"""What a visitor wants to see of the money, as it stands in the address bar: a link restores it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from app.web.address import Address
from kg.cycles import MOST_PARTIES, WINDOW

SECTIONS = {
    "loops": "Loops",
    "flows": "Where it flows",
    "central": "Central firms",
    "paths": "Between two firms",
}
NUMBERS = (20, 40, 80, 160)
MOST = 40  # flows that are drawn at first
LONGEST_WINDOW = 240  # months


@dataclass(frozen=True)
class MoneyWish(Address):
    """The section looked at, its filters, and what is chosen in it.

    `loop` are the firms of a loop in their order; `flow` the one that pays, the one that is paid, and the kind of
    money; `between` the two ends of a path.
    """

    BOUNDS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "parties": (2, MOST_PARTIES),
        "months": (0, LONGEST_WINDOW),
        "number": (1, NUMBERS[-1]),
    }

    show: str = "loops"
    certain: bool = False
    through: tuple[str, ...] = ()
    parties: int = MOST_PARTIES
    months: int = WINDOW
    loop: tuple[str, ...] = ()
    currency: str = "USD"
    confirmed: bool = False
    number: int = MOST
    flow: tuple[str, ...] = ()
    by: str = "partners"
    between: tuple[str, ...] = ()
