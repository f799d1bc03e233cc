"""Deal figures: the amounts that claims state for one deal, side by side, and which of them is shown and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kg.deal_claims import Claim, Money, agree
from kg.deal_stages import ENDED, UNSURE

ONLY = "the only figure"
AGREED = "all figures agree; the latest, an exact one before “about”"
LATEST = "the latest certain report of what is agreed or done"
TALKS = "the latest report; nothing is agreed yet"
UNSURELY = "the latest report; all are less certain"
CHOSEN = "chosen by a person"


def shown(claims: Iterable[Claim], chosen: str | None = None) -> Money | None:
    """Return the amount that a deal is shown with, None where no claim states one."""
    figures = ordered(claims, chosen)
    return figures[0][0].amount if figures else None


def figures(claims: Iterable[Claim], chosen: str | None = None) -> tuple[list[dict[str, Any]], str]:
    """Return all amounts as the JSON form of `kg.model.Figure`, the shown one first, and the rule that chose it.

    `chosen` is the id of the claim whose amount a person chose.
    """
    found = ordered(claims, chosen)
    return [_figure(some) for some in found], _why(found, chosen) if found else ""


def ordered(claims: Iterable[Claim], chosen: str | None = None) -> list[list[Claim]]:
    """Return the claims that state amounts by amount: the shown one first, the others from the latest on.

    A person's choice goes before all. Certain claims go before others, what is agreed or done before talks, dated ones
    before undated ones, later ones before earlier ones. Of two amounts that agree an exact one goes before "about".
    """
    by_amount: list[list[Claim]] = []
    for c in sorted((c for c in claims if c.amount), key=lambda c: c.order):
        same = next((some for some in by_amount if some[0].amount == c.amount), None)
        same.append(c) if same else by_amount.append([c])
    by_amount.sort(key=lambda some: max(_rank(c, chosen) for c in some), reverse=True)
    if by_amount and not any(c.id == chosen for c in by_amount[0]) and _about(by_amount[0][0].amount):
        exact = next((some for some in by_amount if _finer(some, by_amount[0])), None)
        if exact:
            by_amount.remove(exact)
            by_amount.insert(0, exact)
    return by_amount


def resized(claims: Iterable[Claim]) -> list[Claim]:
    """Return the certain claims, in order of date, that tell an agreed amount which none before them agrees with.

    The first amount is no change, and what is told of one day is a contradiction rather than a change.
    """
    sure = [c for c in claims if c.amount and c.certain and c.by and c.attrs.get("status") not in (*UNSURE, *ENDED)]
    before: list[Claim] = []
    out = []
    for c in sorted(sure, key=lambda c: (c.by or "", c.order)):
        if (
            before
            and not any(agree(c.amount, o.amount) for o in before)
            and all((o.by or "") < (c.by or "") for o in before)
        ):
            out.append(c)
        before.append(c)
    return out


def _rank(claim: Claim, chosen: str | None) -> tuple[Any, ...]:
    talk = claim.attrs.get("status") in UNSURE
    return (claim.id == chosen, claim.certain, not talk, claim.day is not None, claim.by or "", claim.order)


def _about(money: Money | None) -> bool:
    return bool(money) and (money or {}).get("qualifier") == "about"


def _finer(some: Sequence[Claim], first: Sequence[Claim]) -> bool:
    """Say whether an amount is the first one, told exactly and as surely."""
    sure = max(c.certain for c in some) >= max(c.certain for c in first)
    talk = all(c.attrs.get("status") in UNSURE for c in some)
    return sure and not talk and not _about(some[0].amount) and agree(some[0].amount, first[0].amount)


def _figure(claims: Sequence[Claim]) -> dict[str, Any]:
    return {
        "amount": {"low": None, "high": None, "currency": "USD", "qualifier": "exact", **(claims[0].amount or {})},
        "statement_ids": [c.id for c in claims],
        "told": sorted({c.by for c in claims if c.by}),
        "certain": any(c.certain for c in claims),
        "agreed": any(c.attrs.get("status") not in UNSURE for c in claims),
    }


def _why(found: Sequence[Sequence[Claim]], chosen: str | None) -> str:
    first = found[0]
    if chosen is not None and any(c.id == chosen for c in first):
        return CHOSEN
    if len(found) == 1:
        return ONLY
    if all(agree(first[0].amount, other[0].amount) for other in found):
        return AGREED
    if not any(c.certain for c in first):
        return UNSURELY
    return TALKS if all(c.attrs.get("status") in UNSURE for c in first) else LATEST
