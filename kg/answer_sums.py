"""Sums in answers: totals of the deals matched, each deal once, by the one function that sums money."""

from __future__ import annotations

from typing import Any

from kg.answer_text import detail, joined
from kg.deals import sizes, total
from kg.model import Amount, Deal, plain_numbers
from kg.money import show_total
from kg.query import Found, Query, amount_of, edges
from kg.store.base import Store


def sum_up(query: Query, found: Found, store: Store) -> tuple[dict[str, Any] | None, str, list[str]]:
    """Return the value, the text, and what could not be counted: a total of the deals, each taken once."""
    deals, skipped = _deals(query, found, store)
    totals = total([d for d in deals if d.amount is not None])
    unsized = sum(1 for d in deals if d.amount is None)
    left_out = [*skipped, *([f"{unsized} without a stated amount"] if unsized else [])]
    unique = {e.id: e for b in found.bindings for e in edges(query, b)[-1:]}
    parts = joined(dict.fromkeys(d for e in unique.values() if amount_of(e) and (d := detail(e))))
    if not totals:
        return None, "No amount is stated" + (f" ({parts})." if parts else "."), left_out
    open_end = any(a.high is None for d in deals for a in sizes(d))
    text = ("more than " if open_end else "") + show_total(totals)
    text = text[0].upper() + text[1:] + (f" ({parts})." if parts and parts != text else ".")
    if len(unique) == 1 and parts:
        text = parts[:1].upper() + parts[1:] + "."
    value = None
    if len(totals) == 1:
        currency, (confirmed, promised) = next(iter(totals.items()))
        low = confirmed if confirmed == promised else None
        value = plain_numbers(
            {
                "low": low,
                "high": None if open_end else promised,
                "currency": currency,
                "confirmed": confirmed,
                "promised": promised,
            }
        )
    return value, text, left_out


def _deals(query: Query, found: Found, store: Store) -> tuple[list[Deal], list[str]]:
    """Return the deals matched; where one investor is asked for, with the amount stated for it alone."""
    last = {e.id: e for b in found.bindings for e in edges(query, b)[-1:]}
    rows = store.get("deal", dict.fromkeys(i for e in last.values() if (i := e.data.get("deal_id"))))
    subject = query.term(query.steps[-1].subject).ids
    out, skipped = [], []
    for row in rows:
        deal = Deal.model_validate({k: v for k, v in row.data.items() if k in Deal.model_fields} | {"id": row.id})
        if subject:
            deal, reason = _share(deal, subject)
            skipped += [reason] if reason else []
        out.append(deal)
    return out, skipped


def _share(deal: Deal, ids: tuple[str, ...]) -> tuple[Deal, str]:
    """Return the deal with the amount of these parties, and the reason where it is not stated for them alone."""
    mine = [p for p in deal.parties if p.entity_id in ids]
    role = mine[0].role if mine else ""
    others = [p for p in deal.parties if p.role == role and p.entity_id not in ids]
    own = [p.amount for p in mine if p.amount is not None]
    if own:
        return deal.model_copy(update={"amount": own[0]}), ""
    if others:
        return deal.model_copy(update={"amount": None}), "one share of a round with others is not stated alone"
    return deal, ""


def money_value(amount: Amount) -> dict[str, Any]:
    confirmed = amount.low or 0
    promised = amount.high if amount.high is not None else amount.low
    shown = {"low": amount.low, "high": amount.high, "currency": amount.currency}
    return dict(plain_numbers(shown | {"confirmed": confirmed, "promised": promised}))
