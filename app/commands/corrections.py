"""Corrections: qualifiers as people write them on the command line, amount=5bn, "about $9 billion", lead=no."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from app.commands.deals import read_amount
from app.settings import SettingsError

AMOUNTS = ("amount", "valuation")
BOOLEANS = {"yes": True, "true": True, "no": False, "false": False}
NUMBERS = ("percent", "capacity_gw", "value")
WORDS = {
    "up to": "up_to", "at most": "up_to", "at least": "at_least", "more than": "at_least", "over": "at_least",
    "about": "about", "around": "about", "roughly": "about", "~": "about",
}  # fmt: skip
BOUND = re.compile(rf"({'|'.join(WORDS)})\s*(.+)", re.IGNORECASE)
RANGE = re.compile(r"(.+?)\s*(?:-|–|\bto\b)\s*(.+)")


def parsed(pairs: Iterable[str]) -> dict[str, Any]:
    """Return attr=value words as qualifiers, None for an empty value; raise SettingsError."""
    out: dict[str, Any] = {}
    for word in pairs:
        name, equals, value = word.partition("=")
        if not equals or not name.strip():
            raise SettingsError(f"{word!r}: write what is right as attr=value: amount=5bn date=2026-04 round=")
        out[name.strip()] = read_value(name.strip(), value.strip()) if value.strip() else None
    return out


def read_value(name: str, text: str) -> Any:
    """Return a qualifier's value; raise SettingsError for one that cannot be read."""
    if name in AMOUNTS:
        return read_money(name, text)
    if name in NUMBERS:
        found = re.fullmatch(r"(\d[\d,]*(?:\.\d+)?)\s*(?:%|GW)?", text, re.IGNORECASE | re.ASCII)
        if not found:
            raise SettingsError(f"{name}: {text!r} is no number; write it as 27 or 1.5")
        return float(found[1].replace(",", ""))
    if name in ("lead", "current"):
        if text.casefold() not in BOOLEANS:
            raise SettingsError(f"{name}: {text!r} is neither yes nor no")
        return BOOLEANS[text.casefold()]
    if name == "status":
        return "_".join(text.casefold().replace("-", " ").replace("_", " ").split())
    if name == "tranches":
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise SettingsError(f"tranches: write them as JSON, or tranches= to empty them ({error})") from error
    return text


def read_money(name: str, text: str) -> dict[str, Any]:
    """Return an amount in its JSON form: 5bn, up to $25 billion, about EUR 2bn, $115-135 billion."""
    words = " ".join(text.split())
    if bound := BOUND.fullmatch(words):
        figure, unit = read_amount(name, bound[2])
        how = WORDS[bound[1].casefold()]
        low, high = None if how == "up_to" else figure, None if how == "at_least" else figure
        return {"low": low, "high": high, "currency": unit or "USD", "qualifier": how}
    if (ends := RANGE.fullmatch(words)) and any(c.isdigit() for c in ends[1]):
        high, unit = read_amount(name, ends[2])
        scale = re.search("[A-Za-z]*$", ends[2])
        low, other = read_amount(name, ends[1] + (f" {scale[0]}" if scale and ends[1][-1].isdigit() else ""))
        if unit and other and unit != other:
            raise SettingsError(f"{name}: {text!r} is in two currencies")
        return {"low": low, "high": high, "currency": unit or other or "USD", "qualifier": "range"}
    figure, unit = read_amount(name, words)
    return {"low": figure, "high": figure, "currency": unit or "USD", "qualifier": "exact"}
