"""What a visitor wants to see of the network, as it stands in the address bar: a link restores it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from app.web.address import Address
from kg.deal_list import DealFilter
from kg.errors import QuestionError

NUMBERS = (100, 300, 1000, 3000)
MOST = 300  # deals that are drawn at first
_UNITS = {
    "": 1.0, "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9,
    "t": 1e12, "tn": 1e12, "trillion": 1e12,
}  # fmt: skip
_AMOUNT = re.compile(r"[$€£¥]?\s*(\d[\d,]*(?:\.\d+)?)\s*([a-z]*)", re.IGNORECASE)


@dataclass(frozen=True)
class Wish(Address):
    """The filters as they were typed, the place looked at, and what is chosen (ids of entities and deals)."""

    BOUNDS: ClassVar[Mapping[str, tuple[int, int]]] = {"number": (1, NUMBERS[-1]), "depth": (1, 2)}

    party: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    min: str = ""
    max: str = ""
    currency: str = ""
    since: str = ""
    until: str = ""
    sure: bool = False
    number: int = MOST
    around: tuple[str, ...] = ()
    depth: int = 1
    open: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()

    def filter(self) -> DealFilter:
        """Return the filter; raise QuestionError for what is no amount (a date is read by the list of deals)."""
        return DealFilter(
            parties=self.party,
            kinds=self.kind,
            stages=self.stage,
            min_amount=amount(self.min, "at least"),
            max_amount=amount(self.max, "at most"),
            currency=self.currency or None,
            since=self.since.strip() or None,
            until=self.until.strip() or None,
            certain_only=self.sure,
        )

    @property
    def filtered(self) -> bool:
        """Return whether something limits the deals."""
        return any((self.party, self.kind, self.stage, self.min, self.max, self.currency, self.since, self.until,
                    self.sure, self.around, self.only))  # fmt: skip


def amount(words: str, what: str) -> float | None:
    """Return the figure of "500m", "$1.5 billion" or "2,000,000", None for no words; raise QuestionError."""
    said = words.strip()
    if not said:
        return None
    found = _AMOUNT.fullmatch(said)
    unit = _UNITS.get(found[2].lower()) if found else None
    if found is None or unit is None:
        raise QuestionError(f"{what}: {said!r} is no amount; write it as 500m, 1.5 billion or 2,000,000")
    return float(found[1].replace(",", "")) * unit
