"""Gigawatts and terms: the capacity and the years of an agreement."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.quantities.numbers import DIGITS, WORDS, value_of
from ingest.quantities.tokens import Found, Line, plain

_NUM = rf"(?:{DIGITS}|{WORDS}|half an?|an?)"
_GIGA = {"kilo": 1e-6, "k": 1e-6, "mega": 1e-3, "m": 1e-3, "giga": 1.0, "g": 1.0, "tera": 1e3, "t": 1e3}
_POWER = re.compile(
    rf"(?<![\w.,])(?P<n>{_NUM})(?: ?(?:-|to|and) ?(?P<n2>{DIGITS}))?[ -]?(?P<u>(?:kilo|mega|giga"
    rf"|tera)(?=watts?\b)|[kmgt](?=Ws?\b))(?:watts?|Ws?)\b",
    re.I,
)
_YEARS = re.compile(
    rf"(?<![\w.,$])(?P<n>{DIGITS}|{WORDS}|an?|half a)(?P<half> and a half)?[ -](?P<u>years?|yrs?"
    rf"|months?|decades?)\b|\b(?:the|next|this) (?P<d>decade)\b",
    re.I,
)
_NO_TERM_AFTER = re.compile(
    r"[ -](?:ago|old|olds|later|earlier|before|after|lows?|highs?|average|lifespan|of (?:service"
    r"|hard|experience)|history|anniversary|behind"
    r"|ahead"
    r"|career|veteran|run)\b|'",
    re.I,
)
_NO_TERM_BEFORE = re.compile(
    r"\b(?:past|last|previous|first|for the first time in|every|per|once|twice|times|after|less than"
    r"|under|recent|\$\S+|million|billion|ages?|in (?:about |just |under )?)(?: the)?(?: past| last)? ?$",
    re.I,
)


def parse_gw(text: str) -> float | None:
    """Return the power in gigawatts that a phrase states (the larger one of a range), None if it states none."""
    for match in _POWER.finditer(plain(text)):
        value = value_of(match["n2"] or match["n"]) * _GIGA[match["u"].lower()]
        return round(value, 9)
    return None


def parse_term(text: str) -> str | None:
    """Return a term in years ("10 years", "1.5 years"), None if the phrase states none."""
    for match in _YEARS.finditer(plain(text)):
        if match["d"]:
            return "10 years"
        years = value_of(match["n"]) + (0.5 if match["half"] else 0)
        unit = match["u"].lower()
        years = years * 10 if unit.startswith("decade") else years / 12 if unit.startswith("month") else years
        return f"{round(years, 2):g} year{'' if years == 1 else 's'}"
    return None


def find_powers(line: Line) -> Iterator[Found]:
    """Yield the capacities of a line that are stated in watts (no watt-hours)."""
    if not re.search(r"watt|[KMGT]W", line.text, re.I):
        return
    for match in _POWER.finditer(line.text):
        yield Found(*match.span())


def find_terms(line: Line) -> Iterator[Found]:
    """Yield spans of years and months that an agreement may run; not ages, not "three years ago"."""
    text = line.text
    if not re.search(r"year|yr|month|decade", text, re.I):
        return
    for match in _YEARS.finditer(text):
        start, end = match.span()
        before = text[max(0, start - 30) : start]
        if (
            not line.free(start, end)
            or _NO_TERM_AFTER.match(text, end)
            or (match["n"] and text[match.start("u") - 1] == " " and _NO_TERM_BEFORE.search(before))
        ):
            continue
        if (
            match["d"]
            and not re.search(
                r"\b(?:over|for|through|across|during|within) (?:the )?(?:next "
                r"|coming )?$",
                before,
                re.I,
            )
            and "next" not in match.group().lower()
        ):
            continue
        if (match["n"] or "").lower() in ("a", "an") and not (match["u"] or "").lower().startswith("decade"):
            continue
        if (match["u"] or "").lower().startswith("month") and not match["n"][0].isalnum():
            continue
        yield Found(start, end)
