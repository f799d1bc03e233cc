"""Dates and periods: finding their phrases in a line (kg.dates gives their values)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.quantities.tokens import Found, Line, plain
from kg.dates import COUNTS, MONTH, MONTHS, WEEKDAYS, YEAR, resolve

_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_COUNT = rf"(?:\d{{1,3}}|{'|'.join(sorted(COUNTS, key=len, reverse=True))})"
_PART = (
    r"(?:(?:early|mid|late|the end of|end of|end-|the start of|start of|beginning of|middle of"
    r"|the middle of|by|earlier in|later in)[ -]?)?"
)
_OF = rf"(?:,? (?:of |in )?(?:the )?(?:fiscal )?(?:{YEAR}|(?:last|this|next) year))"
_QUARTER = (
    r"(?:Q[1-4]|[1-4]Q|(?:first|second|third|fourth|final)[ -](?:fiscal[ -])?quarter|fiscal (?:first"
    r"|second|third|fourth)[ -]quarter)"
)

_NAMES = "|".join(sorted({w.capitalize() for w in MONTHS} | {w.upper() for w in MONTHS}, key=len, reverse=True))
_PERIOD = re.compile(
    rf"(?<![\w.-])(?:(?:the )?(?:end of )?{_QUARTER}(?: ?FY ?'?\d\d| ?'\d\d| ?{YEAR}|{_OF})?"
    rf"|[12]H ?'?[23]\d|[1-4]Q ?'?[23]\d|Q[1-4]FY\d\d|(?:the )?(?:{MONTH})[ -]quarter"
    rf"|(?-i:H[12]) ?'?(?:{YEAR}|[23]\d)|(?:the )?(?:first|second|latter)[ -]half{_OF}"
    rf"|(?:the )?first half\b(?!-)|(?<=in )H[12]"
    rf"|(?:(?:the )?(?:fiscal|financial)(?: year)? ?(?:{YEAR})|(?:this|last|next|current) (?:fiscal"
    rf"|financial) year|FY ?'?(?:{YEAR}|\d\d))"
    rf"|(?:last|this|next) quarter|(?:same )?quarter last year|(?:full|half)[ -]year(?: {YEAR})?"
    rf"|(?:(?:fiscal )?year|(?:three|six|nine|twelve|12) months|quarter) (?:to|ended"
    rf"|ending)(?: in)? (?:{_DAY} )?{MONTH}(?: {_DAY})?(?:,? {YEAR})?|first nine months{_OF}?)(?![\w])",
    re.I,
)
_DATED = re.compile(
    rf"(?<![\w.-]){YEAR}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?(?![\w-])"
    rf"|(?<![\w.$-])(?:(?:{'|'.join(WEEKDAYS)}),? )?(?-i:{_NAMES})\.? (?:the )?{_DAY}"
    rf"(?![\w%:]|\.\d|-\w)(?:,? {YEAR}(?!\w))?"
    rf"|(?<![\w.$,-])(?:{'|'.join(WEEKDAYS)},? )?{_DAY}(?: of)? {MONTH}\b(?:\.(?= \d))?(?:,? {YEAR}(?!\w))?",
    re.I,
)
_MONTHS = "|".join(
    sorted({w.capitalize() for w in MONTHS} | {w.upper() for w in MONTHS if len(w) > 3}, key=len, reverse=True)
)
_MONTH_YEAR = re.compile(
    rf"(?<![\w]){_PART}(?-i:{_MONTHS})\b\.?(?:,? (?:of )?{YEAR}(?![\w])|,? (?:of )?(?:last|this"
    rf"|next) year| '\d\d\b)",
    re.I,
)
_MONTH = re.compile(
    rf"(?<![\w-])(?P<part>(?:(?:early|mid|late|end of|the end of|start of|beginning of|middle of"
    rf"|end-)[ -]?)?(?:(?:last|this|next|past) )?)(?P<m>(?-i:{_MONTHS}))(?![\w])(?!-\w)",
    re.I,
)
_YEARLY = re.compile(
    rf"(?<![\w.,$€£¥#/+-])(?P<part>(?:(?:early|mid|late|the end of|end of|start of|beginning of"
    rf"|year-end|since|through|until|by)[ -])?)(?P<y>{YEAR})(?!\w|%|[.,]\d|-\w|/\d"
    rf"| ?[×x*] ?\d)(?P<to>(?:-| to )20\d\d\b)?",
    re.I,
)
_RELATIVE = re.compile(
    rf"(?<![\w-])(?:(?:earlier|later|late|early|the end of|end of|sometime) )?(?:(?:last|this|next"
    rf"|past|current|the past|the coming) (?:year|month|week|weekend|spring|summer|autumn|fall|winter"
    rf"|{'|'.join(WEEKDAYS)}|christmas)|(?:the )?(?:second|first|latter) half of (?:last|this"
    rf"|next) year)(?!\w)(?!-(?!end))"
    rf"|(?<![\w-])(?:{_COUNT}) (?:full )?(?:day|week|month|quarter|year)s? ago\b|(?<![\w-])(?:a|two"
    rf"|three|four|five|six|\d) years? (?:earlier|before|later)\b"
    rf"|(?<![\w-])(?:today(?!'s|s)|tonight|this (?:morning|afternoon|evening)|yesterday(?: (?:morning"
    rf"|afternoon|evening))?|last night|tomorrow|overnight|over the weekend|year[ -]end|year's end|the year before"
    rf"|(?:the )?end of (?:the|this) year)(?!\w)|(?<![\w-])(?:(?:late|early|on|since|by|until|last"
    rf"|next|this) )?(?-i:{'|'.join(w.capitalize() for w in WEEKDAYS)})(?!\w)(?!'s (?:child|law))"
    rf"|(?<![\w-])(?:(?:the|in|this|that|last|next|by|late|early|since|of|until|before|to"
    rf"|back to) )(?:spring|summer|autumn|fall|winter)(?:,? (?:of )?{YEAR}| (?:of )?(?:last|this|next) year)?(?!\w)"
    rf"|(?<![\w-])(?:spring|summer|autumn|fall|winter),? (?:of )?{YEAR}(?!\w)|\b(?:on|by|until|since"
    rf"|before|after) the \d{{1,2}}(?:st|nd|rd|th)(?![\w-])(?! (?:place|spot|most|largest|floor"
    rf"|century|anniversary))",
    re.I,
)
_NAMED_DAY = re.compile(r"\b(?:Black|Good|Cyber|Super|Ash|Easter|Palm) (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day$")
_NO_QUARTER = re.compile(r"q[1-4]|Q[1-4](?:_| ?-?quant|K\b| GGUF| and Q\d| (?:model|weights|version))")
_PREP = re.compile(
    r"\b(?:in|by|until|till|since|through|throughout|of|during|for|from|before|after|to|on|and"
    r"|between|starting|or|around|is|early|late|mid|due|back in|this|last|next|least|as of|beginning"
    r"|at|→|\() ?[(\"]?$",
    re.I,
)
_COUNTED = re.compile(
    r"[- ](?:\w+ )?(?:employees|people|users|staff|jobs|GPUs?|tokens?|developers|engineers|customers"
    r"|companies|papers|samples|questions|problems|tasks|words|members|points|ELO|Elo|chips|startups"
    r"|hours|parameters|steps|images|others|more|x \d+|times|units|students)\b"
)
_EVENT = re.compile(
    r"(?<![\w-])(?!(?:IN|BY|OF|FY|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC|AND|TO|FROM|ARR"
    r"|IPO|CAPEX|CEO|AI|AGI|US|EU|UK)\b)(?:[A-Z][A-Z0-9&-]+|NeurIPS|Windows|Office|Server|Davos"
    r"|Bench|MATH|Build|Summit|Connect|re:Invent|Expo|Olympiad|Prize|Agenda|Project|Vision) $"
)
_BOUND = re.compile(
    r"\b(?:(?:less|more|fewer|longer) than|(?<!taken )(?<!took )(?<!handed )(?<!turned )over|under|within|nearly|almost"
    r"|barely) $",
    re.I,
)
_UNTIL = re.compile(r"\b(?:through|until|till|thru)(?: (?:at least|the end of|late|early|mid))? ?-?$", re.I)
_AHEAD = re.compile(
    r"\b(?:by|until|will|expected|expects?|plans?|planned|due|later|slated|scheduled|target\w*"
    r"|aim\w*|upcoming|coming|starting|through|could|would|forecast\w*|project(?:s|ed))\b",
    re.I,
)


_RELATIVE_WORDS = frozenset(
    [
        *WEEKDAYS,
        *[
            "last",
            "this",
            "next",
            "past",
            "current",
            "coming",
            "latter",
            "half",
            "ago",
            "earlier",
            "later",
            "before",
            "today",
            "tonight",
            "yesterday",
            "tomorrow",
            "overnight",
            "weekend",
            "year",
            "spring",
            "summer",
            "autumn",
            "fall",
            "winter",
            "the",
        ],
    ]
) - {"the"}


def parse_date(words: str, published: str | None) -> str | None:
    """Return the ISO date that words state, as precise as they allow; see kg.dates.resolve."""
    return resolve(words, published)


def find_periods(line: Line) -> Iterator[Found]:
    """Yield quarters, halves and fiscal years."""
    if not re.search(r"quarter|half|fiscal|fy|year|months|[qh][1-4]|[1-4][qh]", line.text, re.I):
        return
    for match in _PERIOD.finditer(line.text):
        if line.free(*match.span()) and not _NO_QUARTER.match(line.text, match.start()):
            yield _found(line.text, *match.span())


def find_dates(line: Line) -> Iterator[Found]:
    """Yield days, months, years and relative dates; not "may" and "march" the verbs, versions, counts of 2,000."""
    text = line.text
    named = any(word.isalpha() and word in MONTHS for word in line.words)
    relative = not _RELATIVE_WORDS.isdisjoint(line.words) or "year-end" in text
    for pattern, due in ((_DATED, line.digits), (_MONTH_YEAR, named), (_RELATIVE, relative)):
        for match in pattern.finditer(text) if due else ():
            if _NAMED_DAY.search(text, max(0, match.start() - 6), match.end()) or _bound(text, match):
                continue
            if line.free(*match.span()) and not (pattern is _DATED and _verb(match.group())):
                yield _found(text, *match.span())
    for match in _MONTH.finditer(text) if named else ():
        if line.free(*match.span()) and _is_month(text, match):
            yield _found(text, *match.span())
    for match in _YEARLY.finditer(text) if "20" in text or "19" in text else ():
        if line.free(*match.span()) and _is_year(text, match):
            yield _found(text, *match.span())


def _bound(text: str, match: re.Match[str]) -> bool:
    """Return whether a time is only bounded and so no date: "less than a year ago"."""
    return match.group().lower().endswith("ago") and bool(_BOUND.search(text[: match.start()]))


def _verb(phrase: str) -> bool:
    """Return whether "3 may" or "10 march" is no date: a month that is also a word must be capitalised."""
    return bool(re.search(r"\b(?:may|march|mar|jan|dec|sep)\b", phrase)) and not re.search(YEAR, phrase)


def _is_month(text: str, match: re.Match[str]) -> bool:
    """Return whether a bare month is one: after a word of time, or one that is no ordinary word or first name."""
    before, after = text[max(0, match.start() - 16) : match.start()], text[match.end() : match.end() + 24]
    if match["part"].strip() or _PREP.search(before):
        return not (
            match["m"].lower() == "may"
            and re.match(r" (?:be|have|not|also|still|well|I|we|you|it|soon)\b", after)
            and not match["part"].strip()
            and not re.search(r"\b(?:in|by|until|since|through) $", before)
        )
    if match["m"].lower() in ("may", "march") or (
        len(match["m"]) <= 4 and match["m"].lower() not in ("june", "july", "sept")
    ):
        return (
            bool(re.match(r"[:)]| ?\(| [$€£]|$", after))
            and match["m"][0].isupper()
            and match["m"].lower() not in ("may", "march")
        )
    return not re.match(
        r" (?:[A-Z][a-z]+)(?! (?:said|will|has|plans|raised"
        r"|launched))",
        after,
    ) or match["m"].lower() not in ("april", "june", "august")


def _is_year(text: str, match: re.Match[str]) -> bool:
    """Return whether a number is a year: not a count, and not the year of an event's or benchmark's name."""
    before = text[max(0, match.start() - 24) : match.start()]
    if match["part"].strip() or _PREP.search(before):
        return not _COUNTED.match(text, match.end()) or bool(re.search(r"\b(?:in|by|since|of) $", before))
    return not _COUNTED.match(text, match.end()) and not _EVENT.search(before) and int(match["y"]) <= 2050


def _found(text: str, start: int, end: int) -> Found:
    before = re.split(r"[.;!?] ", text[max(0, start - 60) : start])[-1]
    phrase = plain(text[start:end])
    hints = set()
    if _UNTIL.search(before) or re.match(r"(?:through|until|till)\b", phrase, re.I):
        hints.add("until")
    if _AHEAD.search(before) or re.match(r"(?:by|until|later|next)\b", phrase, re.I):
        hints.add("future")
    if re.search(r"\b(?:since|last|ago|earlier|back)\b", phrase + before[-10:], re.I):
        hints.add("past")
    return Found(start, end, frozenset(hints))
