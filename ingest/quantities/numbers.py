"""Numbers: digits, number words and scales; counts of people and users."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.quantities.tokens import Found, Line, plain

_ONES = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
         "seventeen eighteen nineteen").split()  # fmt: skip
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
WORD_VALUES = {word: i for i, word in enumerate(_ONES)} | {word: 10 * i + 20 for i, word in enumerate(_TENS)}
SCALES = {
    "k": 1e3, "thousand": 1e3, "hundred": 1e2, "lakh": 1e5, "lac": 1e5, "crore": 1e7, "cr": 1e7,
    "m": 1e6, "mn": 1e6, "mm": 1e6, "mil": 1e6, "mln": 1e6, "million": 1e6,
    "b": 1e9, "bn": 1e9, "bln": 1e9, "billion": 1e9, "billy": 1e9,
    "t": 1e12, "tn": 1e12, "trn": 1e12, "trillion": 1e12,
}  # fmt: skip

_SMALL = "|".join(sorted(_ONES, key=len, reverse=True))
_WORDS = rf"(?:(?:{'|'.join(_TENS)})(?:[ -](?:{_SMALL}))?|{_SMALL})"
DIGITS = r"\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d+(?:\.\d+)?"
WORDS = rf"{_WORDS}(?: hundred(?: and {_WORDS})?| and a half)?|an? hundred"
BIG = r"(?:thousand|[mb]illions?|trillions?|crores?|lakhs?|lacs?|mil|mln|bln|billy|bn|mn|mm|tn|trn)"
SCALE = rf"(?:[ -]?{BIG}|[kmbt]|cr)(?!\w)"
NUMBER = rf"(?:(?:{DIGITS})(?:{SCALE})?|(?:{WORDS}|half an?|half|an?)[ -]{BIG}|{WORDS})(?![\w])"

_NUMBER = re.compile(rf"(?<![\w.])(?P<n>half(?: an?)?|{DIGITS}|\.\d+|{WORDS}|an?)(?P<s>{SCALE})?(?!\w)", re.I)
_COUNTED = (
    r"(?:users?|people|persons?|employees?|staff(?:ers)?|workers?|developers?|engineers?|customers?|subscribers?|members?"
    r"|researchers?|scientists?|hires|humans|players|creators|clients|businesses|enterprises|companies|organi[sz]ations"
    r"|firms|teams|installs|downloads|accounts|sign-?ups|visitors|students|teachers|seats|patients|drivers|sellers"
    r"|merchants|readers|listeners|viewers|learners|consumers|households|paying|active|monthly|weekly|daily|full-time"
    r"|heads|roles|jobs|positions|specialists|technicians|analysts|designers|programmers|colleagues|MAUs?|DAUs?|WAUs?"
    r"|head ?count|strong)"
)
_BEFORE = re.compile(
    r"(?:(?:head ?count|workforce|staff|payroll|user base|users|audience|team|customers?|subscribers?|employees)"
    r"(?: \w+){0,2} (?:of|is|was|at|to|from|by|reach\w*|hit\w*|pass\w*|now|stands at|:)|employ(?:s|ed|ing)?"
    r"|(?:users|employees|customers|subscribers|head ?count|staff|MAUs?|DAUs?):|now|team of)"
    r"(?: (?:about|around|roughly|nearly|almost|over|more than|some|only|just|just over|just under|fewer than|the))*"
    r" ?~?>?$",
    re.I,
)
_COUNT = re.compile(rf"(?<![\w.,$€£¥₹₩/#-])(?:{NUMBER})\+?", re.I)
_AFTER = re.compile(
    rf" ?\+?-?(?:[ -](?:of (?:the|its|our)|[a-z]+(?:-[a-z]+)?)){{0,3}}?[ -]{_COUNTED}\b", re.I
)
_NOT_AFTER = re.compile(r"[ -]?(?:%|per ?cent|years?|months?|days?|hours?|weeks?|parameters?|params?|tokens?|GPUs?|of the)\b", re.I)


def value_of(number: str, scale: str | None = None) -> float:
    """Return the value of a number in digits or words with its scale ("2.5", "billion"); ValueError if none."""
    text = number.lower().strip()
    factor = SCALES[re.sub(r"s$", "", scale.lower().strip(" -"))] if scale else 1.0
    if text.startswith("half"):
        return 0.5 * factor
    if text in ("a", "an"):
        return factor
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
    """Yield the counts of a line: numbers of users, employees and the like."""
    text = line.text
    for match in _COUNT.finditer(text):
        start, end = match.span()
        if not line.free(start, end) or _NOT_AFTER.match(text, end):
            continue
        before = text[max(0, start - 60) : start]
        after = _AFTER.match(text, end)
        if after or _BEFORE.search(before):
            yield Found(start, end)
