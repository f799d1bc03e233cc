"""Tranches: the parts in which an amount is paid ("$5 billion now, the rest on milestones")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.view import Claim, Found, View
from kg.model import Amount, Tranche

_NOW = re.compile(
    r"\b(?:now|immediate(?:ly)?|up[- ]?front|initial(?:ly)?|today|at (?:the )?(?:closing|signing)|at once|straight away"
    r"|right away|first (?:tranche|instal?lment|payment|part))\b",
    re.I,
)
_PAID = re.compile(r"\b(?:already|has been|have been|was) (?:paid|invested|deployed|transferred|wired)\b", re.I)
_REST = re.compile(
    r"\b(?:the )?(?:rest|remainder|remaining|balance|other half|second (?:tranche|half|instal?lment)|further|another"
    r"|additional|more (?:later|to follow))\b",
    re.I,
)
_CONDITION = re.compile(
    r"\b(?:contingent (?:up)?on|conditional (?:up)?on|tied to|linked to|subject to|depend(?:ent|ing|s) on|upon|on|if"
    r"|once|when|as|over|after) (?P<what>[^,;.()]{3,90})",
    re.I,
)
BEFORE, AFTER = 4, 7  # words around an amount that say when it is paid


def of(view: View, claim: Claim) -> tuple[Tranche, ...] | None:
    """Return the tranches of a claim's amount, None where the sentence tells none."""
    whole = claim.attrs.get("amount")
    top = _top(whole) if isinstance(whole, Amount) else None
    if not isinstance(whole, Amount) or top is None:
        return None
    number = claim.parts.get("amount", view.part(claim.object))
    smaller = [(f, value) for f, value in _amounts(view, number) if value.currency == whole.currency]
    smaller = [(f, value) for f, value in smaller if 0 < (_top(value) or 0) < top and not f.hints & _OTHER]
    now = [x for x in smaller if _NOW.search(_around(view, x[0])) and not _REST.search(_before(view, x[0]))]
    if not now:
        return None
    first, paid = now[0]
    status = "completed" if _PAID.search(_around(view, first)) else None
    later = _rest(view, whole, first, paid, smaller)
    return (Tranche(amount=paid, status=status), *([later] if later else []))


def _amounts(view: View, number: int) -> Iterator[tuple[Found, Amount]]:
    for found in view.quantities:
        if found.part == number and isinstance(found.quantity.value, Amount):
            yield found, found.quantity.value


_OTHER = frozenset({"valuation", "revenue", "earlier", "old_level", "price", "total", "profit", "capex", "fund"})


def _rest(view: View, whole: Amount, first: Found, paid: Amount, smaller: list[tuple[Found, Amount]]) -> Tranche | None:
    """Return the later tranche: its own amount or what is left of the whole, and on what it depends."""
    part = view.parts[first.part]
    after = view.text(first.last + 1, part.last - 1) if first.last + 1 < part.last else ""
    rest = _REST.search(after)
    if rest is None:
        return None
    condition = _CONDITION.search(after, rest.end())
    said = (v for f, v in smaller if f.first > first.last and _REST.search(_before(view, f) + _around(view, f)))
    amount = next(said, None) or _less(whole, paid)
    if amount is None:
        return None
    return Tranche(amount=amount, status="planned", condition=condition["what"].strip() if condition else None)


def _less(whole: Amount, part: Amount) -> Amount | None:
    low, high, taken = whole.low, whole.high, _top(part)
    if taken is None:
        return None
    return Amount(
        low=low - taken if low is not None else None,
        high=high - taken if high is not None else None,
        currency=whole.currency,
        qualifier=whole.qualifier,
    )


def _top(amount: Amount) -> float | None:
    return amount.high if amount.high is not None else amount.low


def _before(view: View, found: Found) -> str:
    low = max(view.parts[found.part].first, found.first - BEFORE)
    return view.text(low, found.first - 1) if low < found.first else ""


def _around(view: View, found: Found) -> str:
    part = view.parts[found.part]
    stop = next((f.first - 1 for f in view.quantities if f.part == found.part and f.first > found.last), part.last - 1)
    high = min(part.last - 1, found.last + AFTER, stop)
    after = view.text(found.last + 1, high) if found.last < high else ""
    return _before(view, found).rpartition(",")[2] + " " + re.split(r"[;.]| and |, the ", after)[0]
