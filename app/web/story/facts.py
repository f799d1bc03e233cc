"""What is stated of a deal, in words: its terms, its parties, and why its statements are one deal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.web.tags import Html, tag
from kg.deal_kinds import look
from kg.model import Amount
from kg.money import number, show

Pairs = list[tuple[str, str]]
# What a reason for a join may be called by, and what else of an entry is worth a line.
REASON = ("why", "reason", "rule", "text")


def terms(deal: Mapping[str, Any]) -> Pairs:
    """Return what is stated of the deal as pairs of heading and words, without what is not stated."""
    amount = deal["amount"] and Amount.model_validate(deal["amount"])
    pairs = (
        ("Kind", look(deal["kind"]).label),
        ("Stage", str(deal["stage"]).replace("_", " ") + ("" if deal["certain"] else " (less certain)")),
        ("Amount", _amount(amount) if amount else "not stated for the deal as a whole"),
        ("Valuation", show(Amount.model_validate(deal["valuation"])) if deal["valuation"] else ""),
        ("Round", deal["round"] or ""),
        ("Share", f"{number(deal['percent'])}%" if deal["percent"] is not None else ""),
        ("Capacity", f"{number(deal['capacity_gw'])} GW" if deal["capacity_gw"] is not None else ""),
        ("Term", deal["term"] or ""),
        ("Until", deal["until"] or ""),
        ("Date stated", deal["announced"] or ""),
        ("First reported", deal["reported"] or "only in issues without a date"),
    )
    return [(heading, str(words)) for heading, words in pairs if words]


def parties(found: Iterable[Mapping[str, Any]]) -> Pairs:
    """Return role and name of each party, with the amount stated for it alone."""
    out = []
    for party in found:
        own = party["amount"] and f" · {show(Amount.model_validate(party['amount']))} of its own"
        out.append((str(party["role"]).replace("_", " ").capitalize(), f"{party['name']}{own or ''}"))
    return out


def listing(pairs: Pairs) -> Html:
    """Return pairs as a list of headings, each with its words."""
    return tag("dl", *(tag(name, words) for pair in pairs for name, words in zip(("dt", "dd"), pair, strict=True)),
               css="kg-facts")  # fmt: skip


def joins(entries: Any) -> list[str]:
    """Return in words why statements were joined, from whatever the story gives: texts, or entries with a reason."""
    out = []
    for entry in entries if isinstance(entries, list | tuple) else ():
        if isinstance(entry, str):
            out.append(entry)
        elif isinstance(entry, Mapping):
            reason = next((str(entry[name]) for name in REASON if entry.get(name)), "")
            rest = [_plain(value) for name, value in entry.items() if name not in REASON]
            out.append(" · ".join(part for part in (reason, *rest) if part))
    return [text for text in out if text]


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value if isinstance(part, str | int | float))
    return str(value) if isinstance(value, str | int | float) else ""


def _amount(amount: Amount) -> str:
    """Return the amount in words, and what its lower and upper ends are where they are not one."""
    if amount.low == amount.high:
        return show(amount)
    ends = [
        f"{what} {show(Amount(low=value, high=value, currency=amount.currency)) if value is not None else 'open'}"
        for what, value in (("low", amount.low), ("high", amount.high))
    ]
    return f"{show(amount)} ({', '.join(ends)})"
