"""Percents: shares in figures and, where a stake is meant, in words (a quarter, two thirds)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.quantities.money import qualifier
from ingest.quantities.numbers import DIGITS, WORD_VALUES, WORDS, value_of
from ingest.quantities.tokens import Found, Line, plain

_SIGN = r" ?(?:%|percent(?!age|ile)|per cent|pct\b)"
_PERCENT = re.compile(
    rf"(?<![\w$€£])(?P<n>(?:{DIGITS})|\.\d+|(?:{WORDS})(?= per))(?:{_SIGN})?(?P<range>(?:-"
    rf"| to )(?:{DIGITS}))?{_SIGN}(?![\w])",
    re.I,
)
_PARTS = {"half": 1 / 2, "halves": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "fourth": 1 / 4,
          "fifth": 1 / 5, "sixth": 1 / 6,
          "seventh": 1 / 7,
          "eighth": 1 / 8, "ninth": 1 / 9, "tenth": 1 / 10}  # fmt: skip
_FRACTION = re.compile(
    rf"(?<![\w-])(?:(?P<n>an?|one|two|three|four|five|six|seven|eight"
    rf"|nine)[ -])?(?P<part>{'|'.join(_PARTS)})s?(?![\w-])",
    re.I,
)
_MAJORITY = re.compile(
    r"(?<![\w-])(?:a )?(?:majority|minority|controlling)(?= (?:stake|share|interest|holding|owner"
    r"|shareholder|investor)|\b)",
    re.I,
)
_STAKE = re.compile(
    r"\b(?:stakes?|owns?|owned|owner|holds?|held|holding|shares?|equity|shareholders?|ownership"
    r"|interest|bought|buys?|acquir\w+|sold|sells?|belongs?)\b",
    re.I,
)
_STAKE_NEAR = re.compile(
    r"^[ -](?:[\w'-]+ ){0,3}(?:stake|share|interest|equity|holding|ownership|owner"
    r"|shareholder)",
    re.I,
)
_CHANGE_AFTER = re.compile(
    r" (?:[\w-]+ ){0,2}(?:more|less|faster|slower|cheaper|higher|lower|better|worse|fewer"
    r"|increase"
    r"|jump|rise|drop|decline|growth|gain|improvement|reduction|premium|discount|off|smaller|larger"
    r"|year[ -]over)\b",
    re.I,
)
_CHANGE_BEFORE = re.compile(
    r"\b(?:up|down|by|grew|rose|fell|jump\w*|climb\w*|increas\w+|declin\w+|dropp?\w*|surg\w+"
    r"|soar\w*"
    r"|gain\w*|growth of)(?: [\w-]+){0,2} ?~?$",
    re.I,
)
_OLD = re.compile(r"\b(?:from|was|previous(?:ly)?)(?: about| around| roughly)? ?~?$", re.I)


def parse_percent(text: str) -> float | None:
    """Return the share in percent that a phrase states ("a quarter" is 25), the lower one of a range, None if none."""
    text = plain(text)
    if match := _PERCENT.search(text):
        return value_of(match["n"])
    for match in _FRACTION.finditer(text):
        count = (match["n"] or "a").lower()
        return round((1 if count in ("a", "an") else WORD_VALUES[count]) * 100 * _PARTS[match["part"].lower()], 1)
    if re.fullmatch(rf"\D{{0,20}}(?:{DIGITS})", text):
        return value_of(re.findall(DIGITS, text)[0])
    return None


def find_percents(line: Line) -> Iterator[Found]:
    """Yield the percents of a line; fractions in words only where a stake is spoken of."""
    text = line.text
    if "%" in text or re.search(r"per ?cent|pct", text, re.I):
        for match in _PERCENT.finditer(text):
            if (
                match["range"]
                and " to " in match["range"]
                and _OLD.search(text[max(0, match.start() - 16) : match.start()])
            ):
                yield Found(match.start(), match.start("range"), frozenset(["earlier"]))  # a change, no range
                yield Found(match.start("range") + len(" to "), match.end())
            else:
                yield _found(text, match)
    if not re.search(
        r"hal(?:f|ves)|third|quarter|fourth|fifth|sixth|tenth|ninth|eighth|majority|minority"
        r"|controlling",
        text,
        re.I,
    ):
        return
    stake: bool | None = None
    for pattern in (_FRACTION, _MAJORITY):
        for match in pattern.finditer(text):
            if pattern is _FRACTION and re.match(
                r" (?:of )?(?:an? )?(?:[mb]illion|trillion|hundred|thousand|dozen"
                r"|20\d\d"
                r"|next"
                r"|last)",
                text[match.end() :],
                re.I,
            ):
                continue
            stake = bool(_STAKE.search(text)) if stake is None else stake
            if stake and line.free(*match.span()) and _is_share(text, match):
                yield _found(text, match)


def _is_share(text: str, match: re.Match[str]) -> bool:
    """Return whether a fraction in words says how much of a firm: "a quarter stake", "owns a third", "half of it"."""
    after, before = text[match.end() : match.end() + 40], text[max(0, match.start() - 50) : match.start()]
    if re.search(r"(?:first|second|third|fourth|last|this|next|the) $", before, re.I) and match[
        "part" if "part" in match.groupdict() else 0
    ].lower().startswith(("half", "quarter", "third")):
        return False
    counted = (
        "part" not in match.groupdict() or match["n"] or match["part"].lower() == "half" or _STAKE_NEAR.match(after)
    )
    owned = re.search(
        r"\b(?:own(?:s|ed|ing)?|holds?|held|holding|bought|buys?|buying|acquir\w+|sold|sells?|takes?"
        r"|took|taking|keeps?|controls?|with|has|to)(?: [\w'-]+){0,3} ?$",
        before,
        re.I,
    )
    if counted and re.match(r" of (?:which|(?:[\w'&.-]+ ){1,4}?(?:belongs|is (?:owned|held)))\b", after):
        return True
    return bool(
        counted
        and (
            _STAKE_NEAR.match(after)
            or (owned and not re.match(r" (?:years?|hours?|days?|price|time|million|billion)", after))
        )
    )


def _found(text: str, match: re.Match[str]) -> Found:
    hints: set[str]
    how, start, end = qualifier(text, *match.span())
    before, after = text[max(0, start - 40) : start], text[end : end + 50]
    hints = {how} if how != "exact" else set()
    if "range" in match.groupdict() and match["range"]:
        hints.add("range")
    if _CHANGE_AFTER.match(after) or _CHANGE_BEFORE.search(before):
        hints.add("change")
    if _STAKE_NEAR.match(after) or re.search(
        r"\b(?:stake|own(?:s|ed|ing)?|holds?|held"
        r"|holding)\b(?: [\w'-]+){0,3} ?$",
        before,
        re.I,
    ):
        hints.add("stake")
    if _OLD.search(before) or re.match(r" ?(?:→|->|to \d|to about \d)", after):
        hints.add("earlier")
    return Found(start, end, frozenset(hints))
