"""Metrics: figures of revenue, capex, valuation, users and headcount, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ingest.money import NO_DEAL
from ingest.view import Claim, Found, Near, gap
from kg.dates import period as resolve_period
from kg.model import Amount

METRIC_REACH = 60  # words from a name to a figure that says what it is
WEAK_REACH = 22  # to one that the words around it have to explain


_USERS = re.compile(
    r"\b(?:users?|customers?|subscribers?|MAUs?|DAUs?|WAUs?|visitors|downloads|accounts|members|sign-?ups|installs"
    r"|developers|weekly|monthly|daily|active|people (?:use|used))\b", re.I)  # fmt: skip
_STAFF = re.compile(
    r"\b(?:employ\w*|staff\w*|workers?|people|headcount|engineers?|workforce|person|strong|hires|team)\b", re.I
)
_REVENUE = re.compile(r"\b(?:revenues?|ARR|run[- ]rate|sales|annuali[sz]ed|turnover)\b", re.I)
_CAPEX = re.compile(
    r"\b(?:cap-?ex|capital (?:expenditures?|spending|investments?)|spend\w*|invest(?:s|ed|ing)?|budget\w*)\b", re.I
)  # fmt: skip
_VALUE = re.compile(r"\b(?:valu\w+|worth(?! of)|market cap\w*)\b", re.I)
_SOUGHT = re.compile(
    r"\b(?:seek(?:s|ing)?|sought an?|target(?:s|ing)|eye(?:s|ing|d)?|aim(?:s|ing)? for|in talks|discuss(?:es|ing)?)\b"
    r"(?:(?!\b(?:valued|worth|now)\b)[^,;:()]){0,60}$", re.I
)  # fmt: skip
_NO_ROUND = re.compile(r"\b(?:ipo|go(?:es|ing)? public|listing|float|shares|tender|den(?:y|ies|ied)|ago|last)\b", re.I)


class Metrics:
    """Gives the figures of a view to the firms that report them; `spent` are amounts that a deal took."""

    def __init__(self, near: Near, spent: set[int]) -> None:
        self.near = near
        self.spent = spent
        self.taken: set[tuple[Any, ...]] = set()

    def of(self, claim: Claim) -> Iterator[Claim]:
        """Yield one claim for each stated figure of revenue, capex, valuation, users or headcount that is its own."""
        for found in self.near.view.quantities:
            if found.quantity.kind not in ("money", "number") or self.near.view.parts[found.part].role != "claim":
                continue
            metric, plain = self._metric(found)
            if metric is None or self._owner(found, METRIC_REACH if plain else WEAK_REACH) is not claim:
                continue
            if metric == "valuation" and self._sought(found):
                yield self._round(claim, found)
                continue
            made = claim.twin()
            made.give("metric", metric)
            self._period(made, found)
            if "old_level" in found.hints and "period" not in made.attrs:
                continue  # where it came from, and no word when that was
            value = found.quantity.value
            made.give("amount" if isinstance(value, Amount) else "value", value, found)
            key = (self.near.name(claim.subject), metric, str(value), made.attrs.get("period"))
            if key not in self.taken:
                self.taken.add(key)
                yield made

    def _sought(self, found: Found) -> bool:
        """Return whether a valuation is one that a firm wants of investors ("is seeking a $90 billion valuation")."""
        before = self.near.around(found, 8, 0)
        return bool(_SOUGHT.search(before)) and not _NO_ROUND.search(self.near.around(found, 12, 8))

    def _round(self, claim: Claim, found: Found) -> Claim:
        """Return the round of a valuation that is sought; it is in talks."""
        made = replace(claim.twin(), relation="raised")
        made.give("valuation", found.quantity.value, found)
        made.give("status", "in_talks")
        return made

    def _owner(self, found: Found, reach: int) -> Claim | None:
        """Return the metric claim whose name stands nearest to a figure, best before it and in its sentence."""
        best: tuple[float, Claim] | None = None
        for claim in self.near.claims:
            if claim.relation != "reports_metric":
                continue
            for k, (first, last, _) in enumerate(self.near.view.mentions):
                if not self.near.same(k, claim.subject):
                    continue
                gap = found.first - last if found.first > last else (first - found.last) * 1.6
                cost = gap + 6 * (self.near.view.part(k) != found.part)
                if best is None or cost < best[0]:
                    best = (cost, claim)
        return best[1] if best is not None and best[0] < reach else None

    def _metric(self, found: Found) -> tuple[str | None, bool]:
        """Return the metric that a figure is of, and whether the words next to it say so plainly."""
        q = found.quantity
        if q.kind == "number":
            around = self.near.around(found, 4, 6)
            if _USERS.search(around):
                return "users", True
            return ("headcount", True) if _STAFF.search(around) else (None, False)
        if not isinstance(q.value, Amount):
            return None, False
        for hint in ("capex", "valuation", "revenue"):
            if hint in found.hints:
                return hint, True
        if q.hints & (NO_DEAL | {"debt", "fund"}) or found.first in self.spent:
            return None, False
        around = self.near.around(found, 10, 6)
        for metric, cue in (("revenue", _REVENUE), ("capex", _CAPEX), ("valuation", _VALUE)):
            if cue.search(around):
                return metric, False
        return None, False

    def _period(self, claim: Claim, found: Found) -> None:
        times = [f for f in self.near.view.quantities if f.part == found.part and f.quantity.kind in ("date", "period")]
        figures = [
            f for f in self.near.view.quantities if f.part == found.part and f.quantity.kind in ("money", "number")
        ]
        for time in sorted(times, key=lambda f: gap(f, found)):
            nearest = min(figures, key=lambda f: gap(time, f))
            if (nearest is not found and gap(time, nearest) < gap(time, found) - 1) or gap(time, found) > 14:
                continue
            words = time.quantity.text
            value = resolve_period(words, self.near.view.published)
            if value:
                claim.give("period", value, time)
                if resolve_period(words, None) != value:
                    claim.words["period"] = words
                return
