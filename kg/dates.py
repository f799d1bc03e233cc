"""Dates: the words of a text ("late May", "on Tuesday", "Q2 2026") as ISO, as precise as they allow."""

from __future__ import annotations

import re
from datetime import date, timedelta

MONTHS = {
    "january": 1, "february": 2, "febuary": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8,
    "september": 9, "october": 10, "november": 11, "december": 12,
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sept": 9, "sep": 9,
    "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
WEEKDAYS = {
    name: i for i, name in enumerate(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
}
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
COUNTS = {
    "a": 1, "an": 1, "a couple of": 2, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
}  # fmt: skip
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4, "last": 4}

MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})"
YEAR = r"(?:19[5-9]\d|20\d\d)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_COUNT = rf"(?:\d{{1,3}}|{'|'.join(sorted(COUNTS, key=len, reverse=True))})"

_ISO = re.compile(rf"(?<!\d)({YEAR})-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?(?!\d)")
_MONTH_DAY = re.compile(rf"\b({MONTH})\.? (?:the )?({_DAY})(?:st|nd|rd|th)?\b(?!\.\d)(?:,? ({YEAR}))?", re.I)
_DAY_MONTH = re.compile(rf"\b({_DAY})(?:st|nd|rd|th)?(?: of)? ({MONTH})\b\.?(?:,? ({YEAR}))?", re.I)
_MONTH_YEAR = re.compile(rf"\b({MONTH})\b\.?(?:,? (?:of )?({YEAR})| '(\d\d)|,? (?:of )?(last|this|next) year)", re.I)
_MONTH_ONLY = re.compile(rf"\b(?:(last|this|next|past) )?({MONTH})\b", re.I)
_YEAR = re.compile(rf"(?<![\w.])(?:mid-?|late-?|early-?)?({YEAR})(?!\w|\.\d)", re.I)
_YEARS = re.compile(rf"\b{YEAR}\b.*(?:-| to | and ).*\b{YEAR}\b")
_FISCAL = re.compile(
    rf"\b(?:fiscal|financial)(?: year)?(?: ended| ending)?(?: in)? ?({YEAR})\b|\bFY ?'?({YEAR}"
    rf"|\d\d)\b",
    re.I,
)
_QUARTER = re.compile(
    rf"\bQ([1-4])\b|\b([1-4])Q\b|\b(first|second|third|fourth|final)[ -](?:fiscal[ -])?quarter"
    rf"|\bfiscal (first|second|third|fourth)[ -]quarter"
    rf"|\b({MONTH})[ -]quarter\b|\b([1-4])Q(?=\d\d\b)|\bQ([1-4])(?=FY)",
    re.I,
)
_HALF = re.compile(r"\bH([12])\b|\b([12])H(?=\b|\d\d\b)|\b(first|second|latter|other)[ -]half", re.I)
_SHORT_YEAR = re.compile(r"(?:Q[1-4]|H[12]|[12]H|[1-4]Q) ?'?(\d\d)\b", re.I)
_NEAR = re.compile(
    r"\b(last|this|next|past|current|the coming) (?:fiscal |financial )?(year|month|week|quarter"
    r"|weekend)\b(?! (?:to|ago))",
    re.I,
)
_AGO = re.compile(rf"\b({_COUNT})(?: full)? (day|week|month|quarter|year)s? (ago|from now)\b", re.I)
_IN = re.compile(rf"\bin (?:about )?({_COUNT}) (day|week|month|year)s?(?:' time)?\b", re.I)
_SEASON = re.compile(
    rf"\b(?:(last|this|next|past) )?(spring|summer|autumn|fall"
    rf"|winter)\b(?:,? (?:of )?({YEAR}))?(?:,? (?:of )?(last|this|next) year)?",
    re.I,
)
_WEEKDAY = re.compile(rf"\b(?:(last|next|this|past) )?({'|'.join(WEEKDAYS)})\b", re.I)
_DAY_ONLY = re.compile(rf"\bthe ({_DAY})(?:st|nd|rd|th)\b", re.I)
_YEAR_END = re.compile(r"\b(?:year[ -]?end|year's end|end of (?:the|this) (?:calendar )?year|the year's end)\b", re.I)
_FUTURE = re.compile(
    r"\b(?:next|will|expected|by|until|due|coming|later|upcoming|plans?|through|starting|targeting"
    r"|slated|scheduled|tomorrow)\b",
    re.I,
)
_PAST = re.compile(r"\b(?:last|since|past|earlier|ago|previous|back in|was|were|ended)\b", re.I)
_PLAIN = str.maketrans(dict.fromkeys("‐‑‒–—", "-") | {"’": "'", "‘": "'"})


def resolve(words: str, published: str | None, *, future: bool | None = None) -> str | None:
    """Return the date that words state, as ISO: a day, a month or a year (a quarter gives its year).

    `published` is the ISO day of the issue; without it relative words give None. `future` says whether the
    sentence looks forward (True) or back (False); without it a bare month
    is the coming one or else the last one, a weekday the last one.
    """
    text = _clean(words)
    today = _day(published)
    if future is None:
        future = True if _FUTURE.search(text) else False if _PAST.search(text) else None
    for rule in (_full_date, _coarse, _relative, _bare_month):
        if (found := rule(text, today, future)) is not None:
            return found
    return None


def period(words: str, published: str | None, *, future: bool | None = None) -> str | None:
    """Return the period that a figure is for: 2026, 2026-Q1, 2026-H1, a month or a day; None if not stated.

    "The end of 2025" and "fiscal 2026" give the year; relative words need `published`.
    """
    text, today = _clean(words), _day(published)
    if future is None:
        future = True if _FUTURE.search(text) else None
    if _YEARS.search(text):
        return None
    if match := _QUARTER.search(text):
        number = _quarter_number(match)
        year = _year_of(text, today) or _year_for(today, 3 * number - 2, future)
        return f"{year}-Q{number}" if year else None
    if match := _HALF.search(text):
        half = 1 if (match[1] or match[2] or match[3]).lower() in ("1", "first") else 2
        year = _year_of(text, today) or _year_for(today, 6 * half - 5, future)
        return f"{year}-H{half}" if year else None
    if (match := _NEAR.search(text)) and match[2].lower() == "quarter":
        return _quarter_near(match[1].lower(), today)
    if match := _FISCAL.search(text):
        return match[1] or _century(match[2])
    if re.search(r"\b(?:year|months) (?:to|ended|ending|through)\b", text, re.I) and (match := _YEAR.search(text)):
        return match[1]
    return resolve(words, published, future=future)


def _clean(words: str) -> str:
    return " ".join(words.translate(_PLAIN).split())


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat(published) if published else None
    except ValueError:
        return None


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _century(short: str) -> str:
    return short if len(short) == 4 else f"20{short}"


def _full_date(text: str, today: date | None, future: bool | None) -> str | None:
    """A day or month with its year, or a day of a month whose year the date of publication gives."""
    if match := _ISO.search(text):
        return match.group() if not match[3] else _iso(int(match[1]), int(match[2]), int(match[3]))
    for pattern, m, d in ((_DAY_MONTH, 2, 1), (_MONTH_DAY, 1, 2)):
        if match := pattern.search(text):
            month, day = MONTHS[match[m].lower()], int(match[d])
            year = match[3] or _year_for(today, month, future, day)
            return _iso(int(year), month, day) if year else None
    if match := _MONTH_YEAR.search(text):
        year = match[2] or (match[3] and _century(match[3])) or _shifted_year(match[4], today)
        return f"{year}-{MONTHS[match[1].lower()]:02d}" if year else None
    return None


def _coarse(text: str, today: date | None, future: bool | None) -> str | None:
    """A year, and the parts of a year that a date does not keep: quarter, half, season, fiscal year."""
    if _YEARS.search(text):
        return None
    if match := _FISCAL.search(text):
        return match[1] or _century(match[2])
    if match := _SEASON.search(text):
        return _season(match, today, future)
    quarter, half = _QUARTER.search(text), _HALF.search(text)
    if quarter or half:
        month = 3 * _quarter_number(quarter) - 2 if quarter else 1
        return _year_of(text, today) or _year_for(today, month, future)
    match = _YEAR.search(text)
    return match[1] if match else None


def _relative(text: str, today: date | None, future: bool | None) -> str | None:
    """What only the date of publication can tell."""
    if today is None:
        return None
    if match := re.search(
        r"\b(today|tonight|this (?:morning|afternoon|evening)|yesterday|last night|tomorrow"
        r"|overnight)\b",
        text,
        re.I,
    ):
        word = match[1].lower()
        shift = -1 if word in ("yesterday", "last night") else 1 if word == "tomorrow" else 0
        return (today + timedelta(days=shift)).isoformat()
    if match := _AGO.search(text):
        sign = -1 if match[3].lower() == "ago" else 1
        return _shifted(today, sign * _number(match[1]), match[2].lower())
    if _YEAR_END.search(text):
        return str(today.year)
    if match := _WEEKDAY.search(text):
        return _weekday(match, today, future)
    if match := _NEAR.search(text):
        return _near(match[1].lower(), match[2].lower(), today)
    if re.search(r"\b(?:over|at|during) the weekend\b", text, re.I):
        return (today - timedelta(days=(today.weekday() - 5) % 7)).isoformat()[:7]
    if re.search(r"\ba year (?:earlier|before)\b|\bthe year before\b", text, re.I):
        return str(today.year - 1)
    if match := _IN.search(text):
        return _shifted(today, _number(match[1]), match[2].lower())
    if match := _DAY_ONLY.search(text):
        return _day_only(int(match[1]), today, future)
    return None


def _bare_month(text: str, today: date | None, future: bool | None) -> str | None:
    """A month without a year: the last or next one, else the nearest to the date of publication."""
    match = _MONTH_ONLY.search(text)
    if not match or today is None:
        return None
    month = MONTHS[match[2].lower()]
    word = (match[1] or "").lower()
    if word in ("last", "past"):
        return f"{today.year if month < today.month else today.year - 1}-{month:02d}"
    if word == "next":
        return f"{today.year if month > today.month else today.year + 1}-{month:02d}"
    if word == "this":
        return f"{today.year}-{month:02d}"
    return f"{_year_for(today, month, future)}-{month:02d}"


def _year_for(today: date | None, month: int, future: bool | None, day: int | None = None) -> str | None:
    """Return the year of a month (or its day) that fits: not before today, not after, or of the news."""
    if today is None:
        return None
    here = (today.month, today.day) if day else (today.month, 0)
    there = (month, day or 0)
    if future is True:
        return str(today.year if there >= here else today.year + 1)
    if future is False:
        return str(today.year if there <= here else today.year - 1)
    away = (month - today.month) % 12  # news speaks of what was: only the coming month is taken to lie ahead
    year = today.year + (month < today.month)
    return str(year if away <= 1 else year - 1)


def _year_of(text: str, today: date | None) -> str | None:
    if match := _YEAR.search(text) or _FISCAL.search(text):
        return _century(match[1] or match[2])
    if match := _SHORT_YEAR.search(text):
        return _century(match[1])
    if (match := _NEAR.search(text)) and match[2].lower() == "year":
        return _shifted_year(match[1].lower(), today)
    return None


def _shifted_year(word: str | None, today: date | None) -> str | None:
    if today is None:
        return None
    return str(today.year + {"last": -1, "past": -1, "next": 1, "the coming": 1}.get((word or "").lower(), 0))


def _quarter_number(match: re.Match[str]) -> int:
    digit, word = match[1] or match[2] or match[6] or match[7], match[3] or match[4]
    if digit:
        return int(digit)
    return ORDINALS[word.lower()] if word else (MONTHS[match[5].lower()] + 2) // 3


def _quarter_near(word: str, today: date | None) -> str | None:
    if today is None:
        return None
    index = today.year * 4 + (today.month - 1) // 3 + {"last": -1, "past": -1, "next": 1, "the coming": 1}.get(word, 0)
    return f"{index // 4}-Q{index % 4 + 1}"


def _near(word: str, unit: str, today: date) -> str | None:
    step = {"last": -1, "past": -1, "next": 1, "the coming": 1}.get(word, 0)
    if unit == "year":
        return str(today.year + step)
    if unit == "quarter":
        return (_quarter_near(word, today) or "")[:4]
    if unit == "weekend":
        return (today - timedelta(days=(today.weekday() - 5) % 7) + timedelta(days=7 * (step > 0))).isoformat()[:7]
    return _shifted(today, step, unit)


def _shifted(today: date, count: int, unit: str) -> str | None:
    """Return today moved by days (a day), weeks or months (a month), or years (a year); None outside the calendar."""
    if unit in ("month", "quarter"):
        index = today.year * 12 + today.month - 1 + count * (3 if unit == "quarter" else 1)
        return f"{index // 12}-{index % 12 + 1:02d}"
    if unit == "year":
        return str(today.year + count)
    try:
        moved = today + timedelta(days=count * (7 if unit == "week" else 1))
    except OverflowError:
        return None
    return moved.isoformat() if unit == "day" else moved.isoformat()[:7]


def _number(word: str) -> int:
    return int(word) if word.isdigit() else COUNTS[word.lower()]


def _weekday(match: re.Match[str], today: date, future: bool | None) -> str:
    back = (today.weekday() - WEEKDAYS[match[2].lower()]) % 7
    word = (match[1] or "").lower()
    if word == "next" or (future is True and word not in ("last", "past")):
        return (today + timedelta(days=7 - back if back or word == "next" else 0)).isoformat()
    if word in ("last", "past") and back == 0:
        back = 7
    return (today - timedelta(days=back)).isoformat()


def _season(match: re.Match[str], today: date | None, future: bool | None) -> str | None:
    word, name, year, shift = (match[1] or "").lower(), match[2].lower(), match[3], match[4]
    if year or shift:
        return year or _shifted_year(shift, today)
    if today is None:
        return None
    start = SEASONS[name]
    if word in ("last", "past") or (future is False and not word):
        return str(today.year if start + 2 < today.month else today.year - 1)
    if word == "next":
        return str(today.year if start > today.month else today.year + 1)
    return str(today.year) if word == "this" else _year_for(today, start, future)


def _day_only(day: int, today: date, future: bool | None) -> str | None:
    """Return "the 26th": of this month, or of the month before (after) where that day is still to come (gone)."""
    index = today.year * 12 + today.month - 1
    if future is True and day < today.day:
        index += 1
    elif not future and day > today.day:
        index -= 1
    return _iso(index // 12, index % 12 + 1, day)
