"""Dates of issues: from what is given, from the file name, from a date line; uncertain ones are none."""

from __future__ import annotations

import datetime
import re
from pathlib import PurePath

from kg.errors import ReadError
from kg.names import visible

_MONTHS = {
    name: n
    for n, names in enumerate(
        [
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ],
        1,
    )
    for name in names.split()
}
_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>20\d\d)"
_ISO = re.compile(r"(?<!\d)(?P<year>20\d\d)(?P<sep>[-/._])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?!\d)")
_WORDS = (
    re.compile(rf"\b{_MONTH}[\s_-]+{_DAY}(?:,\s*|[\s_-]+){_YEAR}(?!\d)", re.I),
    re.compile(rf"(?<!\d){_DAY}(?:\.|\s+of)?[\s_-]+{_MONTH},?[\s_-]+{_YEAR}(?!\d)", re.I),
)
_NUMBERS = re.compile(r"(?<![\d/.])(\d{1,2})([/.])(\d{1,2})\2(20\d\d)(?![\d/])")
_COMPACT = re.compile(r"(?<![0-9A-Za-z])(20\d\d)(\d\d)(\d\d)(?![0-9A-Za-z])")
_SHORT = re.compile(r"(\d\d)-(\d\d)-(\d\d)(?![\d])")  # year first, as file names that sort
_REPEATED = re.compile(r"(?<!\d)(20\d\d)[-/_](\d\d)[-/_]\2(\d\d)(?!\d)")  # 2025-11-1108
_ALONE = re.compile(  # what may stand in a line beside its date
    r"\b(?:mon|tues?|wed(?:nes)?|thurs?|fri|sat(?:ur)?|sun)(?:day)?\b\.?|\b(?:published|updated|posted|sent|date|dated|on|issue|"
    r"edition|volume|vol|no|number|newsletter|daily|weekly|digest|news|ai|for|of|the|at|utc|gmt|e[sd]t|p[sd]t|am|pm|"
    r"min(?:ute)?s?|read)\b\.?|\bby\s+[A-Z][\w.]*(?:\s+[A-Z][\w.]*){0,2}|\d{1,2}:\d\d(?::\d\d)?|#?\d+",
    re.I,
)
_FIRST_LINES = 12


def given(value: str, where: str) -> str:
    """Return the ISO day of a date that a person gave; raise ReadError if it is none."""
    found = parse(value)
    if not found:
        raise ReadError(f"{where}: {value!r} is no certain date; write it as 2026-04-21")
    return found


def parse(value: str) -> str | None:
    """Return the ISO day that a text holds, None if it holds none or an ambiguous one."""
    days = _days(value)
    return days[0].isoformat() if days else None


def of_name(path: PurePath) -> str | None:
    """Return the day in a file's name (2025-04-21-title, 24-06-19-title, 20260421, 2025-11/1108), None if none is."""
    stem, folder = path.stem, path.parent.name
    names = [stem]
    if re.fullmatch(r"20\d\d-\d\d", folder):
        names.append(f"{folder}-{stem}")
    elif re.fullmatch(r"\d\d", folder) and re.fullmatch(r"20\d\d", path.parent.parent.name):
        names.append(f"{path.parent.parent.name}-{folder}-{stem}")
    for name in names:
        name = name.replace("_", "-").strip("-. ")
        for pattern in (_REPEATED, _COMPACT):
            found = pattern.search(name)
            if found and (day := _day(*found.groups())) and (found.start() == 0 or found.end() == len(name)):
                return day.isoformat()
        if text := _at_ends(name):
            return text
        if found := _SHORT.match(name):
            year, month, number = (int(part) for part in found.groups())
            if 15 <= year <= 35 and (day := _day(2000 + year, month, number)):
                return day.isoformat()
    return None


def _at_ends(name: str) -> str | None:
    """Return the day that a name begins or ends with (in its middle it may be a model's version)."""
    for pattern in (_ISO, *_WORDS, _NUMBERS):
        for found in pattern.finditer(name):
            if found.start() == 0 or found.end() == len(name):
                return parse(found[0])
    return None


def of_text(text: str) -> str | None:
    """Return the day of a date line among the text's first lines, None if there is none or two that disagree."""
    lines = [line for line in (raw.strip() for raw in text[:20000].split("\n")) if line][:_FIRST_LINES]
    found = {day for line in lines if len(line) <= 200 and (day := _of_line(visible(line)))}
    return found.pop() if len(found) == 1 else None


def of_front(value: str, name: str | None) -> str | None:
    """Return the day of the front matter's date; a moment within a day of the file name's day is that day.

    Generators write the moment of publication in UTC, which lags behind the day that an issue is of.
    """
    day = parse(value)
    if day and name and re.search(r"\d[T ]\d\d:", value):
        gap = datetime.date.fromisoformat(day) - datetime.date.fromisoformat(name)
        if abs(gap.days) <= 1:
            return name
    return day


def _of_line(line: str) -> str | None:
    """Return the day of a line that holds a date and nothing else of weight."""
    plain = re.sub(r"!?\[([^\]]{0,100})\]\([^)]{0,500}\)", r"\1", re.sub(r"[*_`#>\\]", "", line))
    head = re.match(r"\W*(?:\w+\s){0,3}(?:news|newsletter|digest|edition|issue|recap) (?:for|of)\b", plain, re.I)
    for part in (plain, *re.split(r"\s*(?:[|·•–—]|\s-\s)\s*", plain)):
        days = _days(part)
        rest = _ALONE.sub("", _without_dates(part))
        if days and (head or not re.sub(r"[\W\d]", "", rest)):
            return days[-1].isoformat()
    return None


def _without_dates(text: str) -> str:
    for pattern in (_ISO, *_WORDS, _NUMBERS):
        text = pattern.sub("", text)
    return text


def _days(text: str) -> list[datetime.date]:
    """Return the certain days of a text in its order; days and months in numbers count if their order is certain."""
    out: dict[int, datetime.date] = {}
    for pattern in (_ISO, *_WORDS):
        for m in pattern.finditer(text):
            month = m["month"].lower().rstrip(".")
            day = _day(m["year"], _MONTHS.get(month, month), m["day"])
            if day:
                out.setdefault(m.start(), day)
    numbers = [(m.start(), int(m[1]), int(m[3]), int(m[4]), m[2]) for m in _NUMBERS.finditer(text)]
    month_first = any(second > 12 for _, _, second, _, _ in numbers)
    day_first = any(first > 12 or sign == "." for _, first, _, _, sign in numbers)
    if month_first != day_first:
        for start, first, second, year, _ in numbers:
            day = _day(year, first, second) if month_first else _day(year, second, first)
            if day:
                out.setdefault(start, day)
    return [out[start] for start in sorted(out)]


def _day(year: str | int, month: str | int, day: str | int) -> datetime.date | None:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None
