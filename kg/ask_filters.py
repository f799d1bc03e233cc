"""Limits in a question: amounts, rounds, periods, statuses, order and number of answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from kg.conditions import Op, Where, amount_words
from kg.model import Amount

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
          "december")  # fmt: skip
_MONTH = "|".join(m if m == "may" else f"{m}|{m[:3]}\\.?|{'sept' if m == 'september' else m[:3]}" for m in MONTHS)
Found = Iterator[tuple[int, int, str]]
Taken = Callable[[int, int], bool]
_SCALE = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mm": 1e6, "mln": 1e6, "million": 1e6, "b": 1e9, "bn": 1e9,
          "bln": 1e9, "billion": 1e9, "t": 1e12, "tn": 1e12, "trillion": 1e12}  # fmt: skip
_SIGNS = {"$": "USD", "us$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "a$": "AUD", "c$": "CAD"}
_NAMED = {"dollars": "USD", "dollar": "USD", "usd": "USD", "euros": "EUR", "euro": "EUR", "eur": "EUR", "pounds": "GBP",
          "gbp": "GBP", "yen": "JPY", "jpy": "JPY", "yuan": "CNY", "cny": "CNY", "rmb": "CNY"}  # fmt: skip
_UNITS = "thousand|million|billion|trillion|mln|bln|mn|mm|bn|tn|k|m|b|t"
_MORE = "at least|more than|over|above|exceeding|upwards of|greater than|bigger than|larger than|no less than"
_LESS = "less than|under|below|at most|no more than|up to|smaller than"
AMOUNT = re.compile(
    rf"(?:\b(?:of |worth )?(?:(?P<more>{_MORE})|(?P<less>{_LESS})|worth|about|around)\s+)?"
    rf"(?:(?P<sign>us\$|a\$|c\$|[$€£¥₹])\s?(?P<n>\d[\d,]*(?:\.\d+)?)\s?-?(?P<u>{_UNITS})?\b|"
    rf"\b(?P<n2>\d[\d,]*(?:\.\d+)?)\s?(?P<u2>{_UNITS})\b(?:\s(?P<name>{'|'.join(_NAMED)}))?)"
    r"(?:\s?(?:(?P<up>or more|or above|or over|or higher|and up|and more|plus|\+)|"
    r"(?P<down>or less|or under|or below)))?",
    re.IGNORECASE,
)
ROUND = re.compile(
    r"\b(?P<round>series\s[a-k](?:[1-9])?(?:\s?extension)?|pre-?seed|seed)\b(?:\s(?:funding\s)?rounds?)?", re.IGNORECASE
)
_YEAR = r"(?:19|20)\d\d"
PERIOD = re.compile(
    r"(?P<how>\b(?:since|after|before|until|by|from|in|during|for|on|of|at|over|throughout|within)\s)?(?:the\s)?"
    r"(?:(?:end|start|beginning|close|course|whole)\sof\s)?(?:early\s|mid-?\s?|late\s)?"
    r"(?:(?P<iso>" + _YEAR + r"-\d\d(?:-\d\d)?)"
    r"|(?P<month>" + _MONTH + r")\s(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s)?(?:of\s)?(?P<my>" + _YEAR + r")"
    r"|(?P<day2>\d{1,2})(?:st|nd|rd|th)?\s(?:of\s)?(?P<month2>" + _MONTH + r")\s(?P<my2>" + _YEAR + r")"
    r"|(?:the\s)?(?:(?P<q>q[1-4])|(?P<qn>first|second|third|fourth)\squarter)\s(?:of\s)?(?P<qy>" + _YEAR + r")"
    r"|(?:the\s)?(?P<half>first|second)\shalf\s(?:of\s)?(?P<hy>" + _YEAR + r")|(?P<h>h[12])\s(?P<hy2>" + _YEAR + r")"
    r"|(?P<year>" + _YEAR + r")"
    r"|(?P<rel>this|last|the\slast|past|next)\s(?P<unit>year|month|quarter)"
    r"|(?P<bare>" + _MONTH + r"))(?![\w.])",
    re.IGNORECASE,
)  # fmt: skip
ORDER = re.compile(
    r"\b(?:the\s)?(?:top\s(?P<top>\d{1,3}|three|five|ten)|(?:(?P<n>\d{1,3}|three|five|ten)\s)?"
    r"(?P<word>biggest|largest|highest|greatest|smallest|latest|newest|most recent|last|earliest|the most)"
    r"(?:\s(?P<n3>\d{1,3}|three|five|ten))?)\b",
    re.IGNORECASE,
)
_COUNTS = {"three": 3, "five": 5, "ten": 10}


@dataclass
class Limits:
    """The limits found, what they read as, and the stretches of the question that they take."""

    where: list[Where] = field(default_factory=list)
    spans: list[tuple[int, int, str]] = field(default_factory=list)  # start, end, kind
    order: tuple[str, bool] | None = None
    limit: int | None = None
    notes: list[str] = field(default_factory=list)


def limits(text: str, taken: Taken, newest: str | None) -> Limits:
    """Return the limits of a cleaned question; `taken` says which stretches are names, `newest` dates "this year"."""
    out = Limits()
    for reader in (_amounts, _rounds, _periods, _orders):
        for start, end, kind in reader(text, out, newest, lambda a, b: taken(a, b) or _overlaps(out, a, b)):
            out.spans.append((start, end, kind))
    return out


def _overlaps(out: Limits, start: int, end: int) -> bool:
    return any(a < end and start < b for a, b, _ in out.spans)


def _amounts(text: str, out: Limits, newest: str | None, taken: Taken) -> Found:
    for m in AMOUNT.finditer(text):
        if taken(*m.span()):
            continue
        unit = m["u"] or m["u2"]
        figure = float((m["n"] or m["n2"]).replace(",", "")) * (_SCALE[unit.casefold()] if unit else 1)
        currency = _SIGNS.get((m["sign"] or "").casefold()) or _NAMED.get((m["name"] or "").casefold(), "USD")
        amount = Amount(low=figure, high=figure, currency=currency)
        op: Op = ">=" if m["more"] or m["up"] else "<=" if m["less"] or m["down"] else "="
        out.where.append(Where("amount", op, amount, amount_words(op, amount)))
        yield m.start(), m.end(), "amount"


def _rounds(
    text: str, out: Limits, newest: str | None, taken: Callable[[int, int], bool]
) -> Iterator[tuple[int, int, str]]:
    for m in ROUND.finditer(text):
        if taken(*m.span()):
            continue
        name = " ".join(m["round"].split()).title()
        out.where.append(Where("round", "like", name, f"round {name}"))
        yield m.start(), m.end(), "round"


def _periods(
    text: str, out: Limits, newest: str | None, taken: Callable[[int, int], bool]
) -> Iterator[tuple[int, int, str]]:
    found: list[str] = []
    for m in PERIOD.finditer(text):
        if taken(*m.span()):
            continue
        how = (m["how"] or "").strip().casefold()
        period = _period(m, newest, out, how)
        if period is None and m["rel"] and not newest:
            out.notes.append(f"'{m['rel']} {m['unit']}' is not used: no issue is dated.")
            yield m.start(), m.end(), "period"
        if period is None:
            continue
        form = {"since": "{}..", "from": "{}..", "after": ">{}", "before": "<{}", "until": "..{}"}.get(how, "{}")
        period = form.format(period)
        if period not in found:
            found.append(period)
        yield m.start(), m.end(), "period"
    for m in re.finditer(r"\b(?:now|today|currently|at present)\b", text, re.IGNORECASE):
        if found and not taken(*m.span()):
            found.append("now")
            yield m.start(), m.end(), "period"
    if found:
        out.where.append(Where("date", "within", tuple(found), " or ".join(_said(p) for p in found)))


def _period(m: re.Match[str], newest: str | None, out: Limits, how: str) -> str | None:
    """Return the ISO form of a period found; bare months and "this year" count from the newest issue."""
    if m["iso"]:
        return m["iso"]
    for month, day, year in (("month", "day", "my"), ("month2", "day2", "my2")):
        if m[month]:
            found = f"{m[year]}-{_number(m[month]):02d}"
            return found + (f"-{int(m[day]):02d}" if m[day] else "")
    if m["qy"]:
        quarter = m["q"][1] if m["q"] else str(("first", "second", "third", "fourth").index(m["qn"].casefold()) + 1)
        return f"{m['qy']}-Q{quarter}"
    if m["hy"] or m["hy2"]:
        half = m["h"][1] if m["h"] else ("1" if m["half"].casefold() == "first" else "2")
        return f"{m['hy'] or m['hy2']}-H{half}"
    if m["year"]:
        return m["year"]
    if not newest:
        return None
    if m["bare"]:
        return _bare_month(m, newest, out, how)
    now, month_now = int(newest[:4]), int(newest[5:7] or 1)
    step = {"this": 0, "next": 1}.get(m["rel"].casefold(), -1)
    if m["unit"].casefold() == "year":
        period = str(now + step)
    elif m["unit"].casefold() == "month":
        index = now * 12 + month_now - 1 + step
        period = f"{index // 12}-{index % 12 + 1:02d}"
    else:
        index = now * 4 + (month_now - 1) // 3 + step
        period = f"{index // 4}-Q{index % 4 + 1}"
    out.notes.append(f"Read '{m['rel']} {m['unit']}' as {period}, counted from the newest issue.")
    return period


def _bare_month(m: re.Match[str], newest: str, out: Limits, how: str) -> str | None:
    if not how or (m["bare"][0].islower() and m["bare"].casefold() in ("may", "march") and how not in ("in", "since")):
        return None
    number = _number(m["bare"])
    year = int(newest[:4]) - (1 if number > int(newest[5:7] or 12) else 0)
    out.notes.append(f"Read '{m['bare']}' as {year}-{number:02d}, the last one before the newest issue.")
    return f"{year}-{number:02d}"


def _number(month: str) -> int:
    return next(n for n, name in enumerate(MONTHS, 1) if name.startswith(month.casefold().rstrip(".")[:3]))


def _said(period: str) -> str:
    if period == "now":
        return "now"
    if period[0] in "<>":
        return f"{'before' if period[0] == '<' else 'after'} {period[1:]}"
    if period.endswith(".."):
        return f"since {period[:-2]}"
    return f"until {period[2:]}" if period.startswith("..") else f"in {period}"


def _orders(
    text: str, out: Limits, newest: str | None, taken: Callable[[int, int], bool]
) -> Iterator[tuple[int, int, str]]:
    for m in ORDER.finditer(text):
        if taken(*m.span()):
            continue
        word = (m["word"] or "biggest").casefold()
        count = m["top"] or m["n"] or m["n3"]
        limit = _COUNTS.get(count.casefold(), 0) or int(count) if count else None
        by = "date" if word in ("latest", "newest", "most recent", "last", "earliest") else "amount"
        out.order, out.limit = (by, word not in ("smallest", "earliest")), limit
        yield m.start(), m.end(), "order"
