"""Money as a reader sees it: one way to write an amount."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg.model import Amount

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "AUD": "A$", "CAD": "C$"}
UNITS = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
WORDS = {"about": "about ", "up_to": "up to ", "at_least": "more than ", "exact": "", "range": ""}


def show(amount: Amount) -> str:
    """Return the amount in words: "up to $25 billion", "about $9 billion", "$115-135 billion", "CNY 2 billion"."""
    low, high = amount.low, amount.high
    if low is None and high is None:
        return "an undisclosed amount"
    sign = SYMBOLS.get(amount.currency, f"{amount.currency} ")
    if low is None or high is None:
        word = WORDS["at_least"] if high is None else WORDS["up_to"]
        return word + _single(sign, low if high is None else high)
    if low == high:
        word = WORDS["about"] if amount.qualifier == "about" else ""
        return word + _single(sign, low)
    unit, name = _unit(high)
    if _unit(low)[0] == unit:
        return f"{sign}{number(low / unit)}-{number(high / unit)}{name}"
    return f"{_single(sign, low)} to {_single(sign, high)}"


def show_total(total: Mapping[str, tuple[float, float]]) -> str:
    """Return totals by currency: confirmed money first, then what it comes to with promises; never one sum."""
    parts = []
    for currency, (confirmed, promised) in sorted(total.items()):
        sure = show(Amount(low=confirmed, high=confirmed, currency=currency))
        most = show(Amount(high=promised, currency=currency, qualifier="up_to"))
        parts.append(sure if confirmed == promised else f"{most} with promises, of which {sure} is confirmed")
    return "; ".join(parts)


def read(data: Mapping[str, Any]) -> Amount:
    """Return the amount of a row's flat columns (amount_low, amount_high, currency)."""
    low, high = data.get("amount_low"), data.get("amount_high")
    return Amount(low=low, high=high, currency=data.get("currency") or "USD")


def number(value: float) -> str:
    """Return a plain number, at most three decimals, thousands parted: 83.2, 1,200."""
    text = f"{value:,.3f}".rstrip("0").rstrip(".")
    return text or "0"


def _unit(value: float) -> tuple[float, str]:
    for size, name in UNITS:
        if abs(value) >= size:
            return size, f" {name}"
    return 1.0, ""


def _single(sign: str, value: float | None) -> str:
    assert value is not None
    unit, name = _unit(value)
    return f"{sign}{number(value / unit)}{name}"
