"""What is stated of a deal, in words: its terms, its parties, and why its statements are one deal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.web.rows import said
from app.web.tags import Html, tag
from kg.deal_kinds import look
from kg.model import Amount
from kg.money import number, show
from kg.schema import Schema

Pairs = list[tuple[str, str]]


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


def joins(deal: Mapping[str, Any], statements: Iterable[Mapping[str, Any]], schema: Schema) -> list[Html]:
    """Return a line for each statement that was joined to another one: both in words, and the rule."""
    words = {s["id"]: said(s, schema) for s in statements}
    return [
        tag("div", f"{words.get(j['statement_id'], j['statement_id'])}: ", tag("b", j["why"]),
            tag("span", f"with: {words.get(j['to'], j['to'])}"))
        for j in deal["joins"]
    ]  # fmt: skip


def figures(deal: Mapping[str, Any], told: Mapping[str, Any]) -> list[Html]:
    """Return a line for each figure where there are several: the amount, since when it is told, by whom, how surely."""
    if len(deal["figures"]) < 2:
        return []
    names = {issue["key"]: issue["publisher"] or issue["title"] or issue["key"] for issue in told["issues"]}
    by = {s["id"]: names.get(span["issue"], span["issue"]) for s in told["statements"] for span in s["evidence"][:1]}
    lines = []
    for n, figure in enumerate(deal["figures"]):
        sure = "" if figure["certain"] else "less certain"
        about = [
            figure["told"][0] if figure["told"] else "undated",
            ", ".join(dict.fromkeys(by[id] for id in figure["statement_ids"] if id in by)),
            sure or ("" if figure["agreed"] else "as talks"),
            f"shown: {deal['figure_why']}" if n == 0 else "",
        ]
        amount = show(Amount.model_validate(figure["amount"]))
        lines.append(tag("div", tag("b", amount), tag("span", " · ".join(part for part in about if part))))
    return lines


def tranches(deal: Mapping[str, Any]) -> list[Html]:
    """Return a line for each part in which the amount is paid, and on what it depends."""
    lines = []
    for part in deal["tranches"]:
        about = [str(part["status"] or "now").replace("_", " "), part["condition"] or ""]
        amount = show(Amount.model_validate(part["amount"]))
        lines.append(tag("div", f"of this {amount}", tag("span", " · ".join(word for word in about if word))))
    return lines


def _amount(amount: Amount) -> str:
    """Return the amount in words, and what its lower and upper ends are where they are not one."""
    if amount.low == amount.high:
        return show(amount)
    ends = [
        f"{what} {show(Amount(low=value, high=value, currency=amount.currency)) if value is not None else 'open'}"
        for what, value in (("low", amount.low), ("high", amount.high))
    ]
    return f"{show(amount)} ({', '.join(ends)})"
