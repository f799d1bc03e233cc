"""Numbers: digits, number words and scales; counts of people and users."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.quantities.tokens import Found, Line, plain

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
WORD_VALUES = {word: i for i, word in enumerate(_ONES)} | {word: 10 * i + 20 for i, word in enumerate(_TENS)}
SCALES = {
    "k": 1e3, "thousand": 1e3, "hundred": 1e2, "lakh": 1e5, "lac": 1e5, "crore": 1e7, "cr": 1e7,
    "m": 1e6, "mn": 1e6, "mm": 1e6, "mil": 1e6, "mln": 1e6, "million": 1e6,
    "b": 1e9, "bn": 1e9, "bln": 1e9, "billion": 1e9, "billy": 1e9,
    "t": 1e12, "tn": 1e12, "trn": 1e12, "trillion": 1e12,
}  # fmt: skip

_SMALL = "|".join(sorted(_ONES, key=len, reverse=True))
_WORDS = rf"(?:(?:{'|'.join(_TENS)})(?:[ -](?:{_SMALL}))?|{_SMALL})"
# Fifteen digits at most: longer runs are ids, not numbers.
DIGITS = r"\d{1,3}(?:,\d{2,3}){1,5}(?:\.\d{1,9})?|\d{1,15}(?:\.\d{1,9})?"
WORDS = rf"{_WORDS}(?: hundred(?: and {_WORDS})?| and a half)?|an? hundred"
BIG = r"(?:thousand|[mb]illions?|trillions?|crores?|lakhs?|lacs?|mil|mln|bln|billy|bn|mn|mm|tn|trn)"
SCALE = rf"(?:(?:(?<=\d)|[ -]){BIG}|(?<=\d)(?:[kmbt]|cr))(?!\w)"
NUMBER = rf"(?:(?:{DIGITS})(?:{SCALE})?|(?:{WORDS}|half an?|half|an?)[ -]{BIG}|{WORDS})(?![\w])"

_NUMBER = re.compile(rf"(?<![\w.])(?P<n>half(?: an?)?|{DIGITS}|\.\d+|{WORDS}|an?)(?P<s>{SCALE})?(?!\w)", re.I)
_USERS = (
    r"users?|devs|developers?|customers?|subscribers?|clients|businesses|players|creators|installs"
    r"|downloads|accounts|sign-?ups|visitors"
    r"|students|teachers|seats|patients|drivers|sellers|merchants|readers|listeners|viewers|learners"
    r"|consumers|households|farmers"
    r"|paying|active|monthly|weekly|daily|MAUs?|DAUs?|WAUs?|enterprises|members?"
)
_STAFF = (
    r"employees?|staff(?:ers)?|workers?|engineers?|researchers?|scientists?|hires|heads"
    r"|positions|specialists|technicians"
    r"|analysts|designers|programmers|colleagues|head ?count|full-time|people|persons?|humans"
)
_SUBJECT = (
    r"(?:head ?count|workforce|staff|payroll|user base|user count|users|audience|team|customers?"
    r"|subscribers?|employees|developers|people)"
)
_FILLING = (
    r"(?: (?:about|around|roughly|nearly|almost|over|more than|some|only|just|just over|just under"
    r"|fewer than|less than|the|an?|estimated))*"
)
_BEFORE = re.compile(
    rf"(?:\b{_SUBJECT}(?: [\w']+){{0,4}} (?:of|is|was|at|to|from|by|reach\w*|hit\w*|pass\w*|now"
    rf"|exceed\w*|number|tops|top)|employ(?:s|ed|ing)?"
    rf"|\b{_SUBJECT}:|\b(?:staff|head ?count|employees)|MAUs?:|DAUs?:|\bteam of){_FILLING}[ (]*~?>?$",
    re.I,
)
_LATER = re.compile(
    rf"\b(?:from|to|had|has|now|it's|with|are|were|reach|and|was|about|reached"
    rf"|\(){_FILLING} ?~?$",
    re.I,
)
_ENDS = re.compile(
    r"(?:[,.;:)!?]|$| (?:today|now|in|by|at|a year|last|this|again|through|and|are left"
    r"|of them)\b)",
    re.I,
)
_COUNT = re.compile(rf"(?<![\w.,$€£¥₹₩/#:-])(?:{NUMBER})\+?", re.I)
_AFTER = re.compile(
    rf"(?:[ -](?:of (?:the|its|our)|(?!(?:to|in|from|with|across|for|and|at|on|by"
    rf"|is)\b)[a-z]+(?:-[a-z]+)?)){{0,3}}?[ -](?:(?P<users>{_USERS})|(?P<staff>{_STAFF}))\b"
    rf"|[ -](?P<strong>strong)\b",
    re.I,
)
_NOT_AFTER = re.compile(
    r"[ -]?(?:%|per ?cent|years?|months?|days?|hours?|weeks?|(?:(?:active|total|activated"
    r"|trainable)[ -])?parameters?|active at|params?|tokens?|GPUs?"
    r"|of the)\b|:\d",
    re.I,
)


_WORD_NUMBERS = frozenset([*WORD_VALUES, "hundred", "thousand", "million", "billion", "half"])


def value_of(number: str, scale: str | None = None) -> float:
    """Return the value of a number in digits or words with its scale ("2.5", "billion"); ValueError if none."""
    text = number.lower().strip()
    factor = SCALES[re.sub(r"s$", "", scale.lower().strip(" -"))] if scale else 1.0
    if text in ("", "a", "an"):
        return factor
    if text.startswith("half"):
        return 0.5 * factor
    if text[0].isdigit() or text[0] == ".":
        return round(float(text.replace(",", "")) * factor, 6)
    return _word_value(text) * factor


def _word_value(text: str) -> float:
    total = 0.0
    text = text.replace(" and a half", " half")
    for word in re.split(r"[ -]", text):
        if word == "hundred":
            total = max(total, 1.0) * 100
        elif word == "half":
            total += 0.5
        elif word in ("a", "an", "and"):
            continue
        else:
            total += WORD_VALUES[word]
    return total


def parse_number(text: str) -> float | None:
    """Return the first number of a phrase ("over 1.2M users" is 1.2e6), None if it has none."""
    for match in _NUMBER.finditer(plain(text)):
        if match["n"].lower() in ("a", "an", "half") and not match["s"]:
            continue
        return value_of(match["n"], match["s"])
    return None


def find_numbers(line: Line) -> Iterator[Found]:
    """Yield the counts of a line, with the hint `users` or `headcount` where a noun says so."""
    text, seen = line.text, False
    if not line.digits and _WORD_NUMBERS.isdisjoint(line.words):
        return
    for match in _COUNT.finditer(text):
        start, end = match.span()
        if not line.free(start, end) or _NOT_AFTER.match(text, end):
            continue
        before = text[max(0, start - 60) : start]
        if _part_of_name(match.group(), before):
            continue
        if after := _AFTER.match(text, end):
            seen = True
            many = (parse_number(match.group()) or 0) > 5e6  # no firm has so many on its payroll
            yield Found(start, end, frozenset(["users" if after["users"] or many else "headcount"]))
        elif _BEFORE.search(before):
            seen = True
            yield Found(start, end)
        elif seen and _LATER.search(before) and _ENDS.match(text, end):
            yield Found(start, end)


def _part_of_name(number: str, before: str) -> bool:
    """Return whether the number is no count: "one user", or the version in "Gemini 3 developers"."""
    if number.lower() in ("one", "zero", "a hundred"):
        return number.lower() == "one"
    short = number.isdecimal() and (len(number) == 1 or (len(number) == 4 and 1990 <= int(number) <= 2040))
    return short and bool(re.search(r"(?<![.!?:] )(?<!^)\b[A-Z][\w.]*[ -]$", before))
