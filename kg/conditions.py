"""Conditions on the qualifiers of an edge: money, dates, statuses, roles."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from kg import periods
from kg.model import Amount
from kg.money import show
from kg.names import normal

Op = Literal["=", ">=", "<=", "in", "within", "like", "norm", "not in", "role"]


@dataclass(frozen=True)
class Where:
    """A condition on a qualifier: `in` takes a tuple, `within` a period (2026, 2026-04, 2026-Q1, or from..to)."""

    field: str
    op: Op
    value: Any
    words: str = ""  # as a reader would say it


def size(amount: Amount | None) -> float:
    """Return the stated figure to order by: the upper end where there is one; -1 for none."""
    if amount is None:
        return -1.0
    return amount.high if amount.high is not None else (amount.low if amount.low is not None else -1.0)


def amount_words(op: str, amount: Amount) -> str:
    """Return a condition on money in words: "amount at least $100 billion"."""
    return f"amount {'at least' if op == '>=' else 'at most' if op == '<=' else 'of'} {show(amount)}"


def _money(where: Where, value: Any) -> str | None:
    """Compare money: "up to" by its upper end, which the answer shows as such; nothing is converted."""
    bound: Amount = where.value
    if not isinstance(value, Amount):
        return "without a stated amount"
    if value.currency != bound.currency:
        return f"in another currency ({value.currency}; nothing is converted)"
    if where.op == ">=":
        return None if size(value) >= size(bound) else ""
    if where.op == "<=":
        return None if value.high is not None and value.high <= size(bound) else ""
    return None if size(bound) in (value.low, value.high) else ""


def _number(where: Where, value: Any) -> str | None:
    if isinstance(where.value, Amount):
        return _money(where, value)
    if value is None:
        return f"without a stated {where.field}"
    return None if (value >= where.value if where.op == ">=" else value <= where.value) else ""


def _equal(where: Where, value: Any) -> str | None:
    if isinstance(where.value, Amount):
        return _money(where, value)
    return None if _plain(value) == _plain(where.value) else ""


def _within(where: Where, value: Any) -> str | None:
    if not value:
        return None if where.value == "now" or "now" in where.value else "without a stated date"
    wanted = where.value if isinstance(where.value, tuple) else (where.value,)
    fits = [periods.inside(str(value), period) for period in wanted if period != "now"]
    if any(fit is True for fit in fits):
        return None
    return "whose date is too coarse to tell" if any(fit is None for fit in fits) else ""


def _among(where: Where, value: Any) -> str | None:
    return None if _plain(value) in {_plain(v) for v in where.value} else ""


def _like(where: Where, value: Any) -> str | None:
    wanted = where.value if isinstance(where.value, tuple) else (where.value,)
    text = f" {_plain(value)} "
    return None if any(f" {_plain(w)} " in text for w in wanted) else ""


def _role(where: Where, value: Any) -> str | None:
    """Find a role among several ("founder and CEO"), but not a narrower one ("CEO of Apps")."""
    words = re.sub(r"[^\w\s-]", " ", str(value or ""))
    text = f" {_plain(words)} "
    for role in map(_plain, where.value):
        if f" {role} " in text and not any(f" {role} {narrower} " in text for narrower in ("of", "for")):
            return None
    return ""


CHECKS: dict[str, Callable[[Where, Any], str | None]] = {
    "=": _equal, ">=": _number, "<=": _number, "within": _within, "in": _among, "like": _like,
    "role": _role,
    "not in": lambda where, value: "" if _among(where, value) is None else None,
    "norm": lambda where, value: None if normal(str(value or "")) in where.value else "",
}  # fmt: skip


def _plain(value: Any) -> str:
    return " ".join(str("" if value is None else value).casefold().replace("-", " ").replace("_", " ").split())
