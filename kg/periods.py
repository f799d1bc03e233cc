"""Periods: dates as precise as a text gives them (2026, 2026-04, 2026-Q1, 2026-H2), compared honestly."""

from __future__ import annotations

import calendar
import datetime
import re

from kg.errors import QuestionError

_FORM = re.compile(r"(\d{4})(?:-(?:Q([1-4])|H([12])|(\d{1,2})(?:-(\d{1,2}))?))?$", re.ASCII)


def span(period: str) -> tuple[str, str] | None:
    """Return the first and last day (ISO) of a period, a range `from..to`, `<2026`, `>2026`; None for others."""
    if period[:1] in ("<", ">"):
        edge = None if period[1:2] in ("<", ">") else span(period[1:])
        if edge is None:
            return None
        return ("0001-01-01", _shift(edge[0], -1)) if period[0] == "<" else (_shift(edge[1], 1), "9999-12-31")
    if ".." in period:
        start, _, end = period.partition("..")
        if ".." in end:
            return None
        first, last = span(start) if start else ("0001-01-01", ""), span(end) if end else ("", "9999-12-31")
        return (first[0], last[1]) if first and last else None
    found = _FORM.match(period.strip())
    if not found or found[1] == "0000":  # calendars begin with the year 1
        return None
    year, quarter, half, month, day = found.groups()
    if quarter:
        return _months(int(year), 3 * int(quarter) - 2, 3 * int(quarter))
    if half:
        return _months(int(year), 6 * int(half) - 5, 6 * int(half))
    if month is None:
        return _months(int(year), 1, 12)
    if not 1 <= int(month) <= 12:
        return None
    if day is None:
        return _months(int(year), int(month), int(month))
    if not 1 <= int(day) <= calendar.monthrange(int(year), int(month))[1]:
        return None
    exact = f"{year}-{int(month):02d}-{int(day):02d}"
    return exact, exact


def asked(name: str, said: str) -> tuple[str, str]:
    """Return the first and last day of a date that a person gives as `name`; raise QuestionError for what is none."""
    found = span(said) if said[:1] not in ("<", ">") and ".." not in said else None
    if not found:
        raise QuestionError(f"{name}: {said!r} is no date; write it as 2026, 2026-04, 2026-Q1 or 2026-04-21")
    return found


def inside(date: str, period: str) -> bool | None:
    """Return whether the date lies in the period; None where it is too coarse to tell."""
    have, want = span(date), span(period)
    if have is None or want is None:
        return True if date == period else None
    if want[0] <= have[0] and have[1] <= want[1]:
        return True
    return False if have[1] < want[0] or want[1] < have[0] else None


def _shift(day: str, by: int) -> str:
    try:
        return (datetime.date.fromisoformat(day) + datetime.timedelta(days=by)).isoformat()
    except (ValueError, OverflowError):  # at the calendar's ends
        return day


def _months(year: int, first: int, last: int) -> tuple[str, str]:
    return f"{year:04d}-{first:02d}-01", f"{year:04d}-{last:02d}-{calendar.monthrange(year, last)[1]:02d}"
