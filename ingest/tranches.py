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
    if top is None:
        return None
    number = claim.parts.get("amount", view.part(claim.object))
    parts = [f for f in view.quantities if f.part == number and isinstance(f.quantity.value, Amount)]
    smaller = [f for f in parts if 0 < (_top(f.quantity.value) or 0) < top and not f.hints & _OTHER]
    now = [f for f in smaller if _NOW.search(_around(view, f)) and not _REST.search(_before(view, f))]
    if not now:
        return None
    first = now[0]
    said = [Tranche(amount=first.quantity.value, status="completed" if _PAID.search(_around(view, first)) else None)]
    said += list(_rest(view, number, whole, first, smaller))
    return tuple(said)


_OTHER = frozenset({"valuation", "revenue", "earlier", "old_level", "price", "total", "profit", "capex", "fund"})


def _rest(view: View, number: int, whole: Amount, first: Found, smaller: list[Found]) -> Iterator[Tranche]:
    """Yield the later tranche: its own amount or what is left of the whole, and on what it depends."""
    part = view.parts[number]
    after = view.text(first.last + 1, part.last - 1) if first.last + 1 < part.last else ""
    rest = _REST.search(after)
    if rest is None:
        return
    condition = _CONDITION.search(after, rest.end())
    what = condition["what"].strip() if condition else None
    own = next((f for f in smaller if f.first > first.last and _REST.search(_before(view, f) + _around(view, f))), None)
    amount = own.quantity.value if own else _less(whole, first.quantity.value)
    if amount is not None:
        yield Tranche(amount=amount, status="planned", condition=what)


def _less(whole: Amount, part: Amount) -> Amount | None:
    low, high, taken = whole.low, whole.high, _top(part)
    if taken is None:
        return None
    left = {"low": low - taken if low is not None else None, "high": high - taken if high is not None else None}
    return Amount(**left, currency=whole.currency, qualifier=whole.qualifier)


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
