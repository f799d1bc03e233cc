"""Rounds of financing: finding them and writing them one way (Seed, Pre-seed, Series C, Series A extension)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.quantities.tokens import Found, Line, plain

_ROUND = r"(?:rounds?|funding|financing|raise|investment|extension|capital|tranche|stage)"
_SERIES = re.compile(
    r"(?<!\w)(?P<pre>pre[ -]?)?series[ -]?(?P<l>[A-L])[ -]?(?P<n>\d(?!\w)"
    r"|prime\b)?(?P<plus>\+{0,2})(?P<ext>[ -](?:extension|ext\b))?(?![\w])"
    r"|(?<!\w)(?P<pre2>pre-)(?P<l2>[A-D])(?P<plus2>\+{0,2})(?= round|[ ,.;)]|$)",
    re.I,
)
_LETTER = re.compile(
    r"(?<![\w-])(?P<l>(?-i:[A-L]))(?P<n>\d?)(?P<plus>\+{0,2})(?: round\b"
    r"|(?<!\bA) series\b(?! of (?!financ|fund))|(?=[-‑]round\b))",
    re.I,
)
_AFTER_MONEY = re.compile(r"(?<=[\dmkbnMKBN]) (?P<l>[B-H])(?P<plus>\+?)(?= (?:led|from|with|at|for|to)\b|[,.;)]|$)")
_NAMED = re.compile(
    rf"(?<![\w-])(?P<pre>pre[ -]?)?seed(?P<plus>\+?)(?P<ext>[ -]extension)?(?:(?= {_ROUND}\b)"
    rf"|(?=[ ,]*(?:led by|from|and series|, pre-series)))"
    rf"|(?<![\w-])(?P<name>angel\+?|growth(?:[ -]equity)?|venture|bridge|founding|mezzanine|strategic"
    rf"|crossover|late[ -]stage)"
    rf"(?= (?:round|financing|funding round|investment round|extension|raise)\b)",
    re.I,
)
_SEED = re.compile(
    r"(?<![\w-])(?:(?P<pre>pre[ -]?)seed"
    r"|seed)(?P<plus>\+?)(?P<ext>[ -]extension)?(?![\w-])(?! (?:data|prompts?|set|value|tasks?|oil"
    r"|examples?))",
    re.I,
)
_SEED_BEFORE = re.compile(
    r"(?:\d ?[kmb]?n?|million|billion|crore)(?: (?:in|of|for|an?|the|its|oversubscribed|new|initial"
    r"|total|joint|and))* ?$"
    r"|\b(?:rais\w+|clos\w+|led|leads|complet\w+|bag\w*|bagged|secur\w+|record|largest|biggest|in"
    r"|its|all|our|across) ?(?:an?|the|its|oversubscribed|massive|huge)? ?$|[(|*:-] ?$",
    re.I,
)
_IPO = re.compile(r"(?<![\w-])(?:IPO|initial public offering)(?!\w)(?!-)")
_CONVERTIBLE = re.compile(
    r"(?<![\w-])(?P<name>convertible notes?|SAFEs?(?=[ ,.;)]|$)|tender offer|private placement"
    r"|rights issue|(?:venture )?debt(?= (?:round|financing|facility)\b))"
)


_TRIGGERS = frozenset(
    [
        "round",
        "rounds",
        "series",
        "seed",
        "pre",
        "ipo",
        "safe",
        "safes",
        "convertible",
        "tender",
        "placement",
        "venture",
        "debt",
        "rights",
        "led",
        "lead",
        "raises",
        "raised",
        "raise",
    ]
)


def parse_round(text: str) -> str | None:
    """Return the round that a phrase names, in its usual spelling, None if it names none."""
    text = plain(text)
    if match := _SERIES.search(text):
        letter = (match["l"] or match["l2"]).upper()
        number = (
            "-" + match["n"]
            if match["n"] and match["n"].isdigit() and re.search(r"-\d", match.group())
            else match["n"] or ""
        )
        name = f"Series {letter}{number}{match['plus'] or match['plus2'] or ''}{' extension' if match['ext'] else ''}"
        return f"Pre-{name}" if match["pre"] or match["pre2"] else name
    if match := _SEED.search(text):
        return f"{'Pre-seed' if match['pre'] else 'Seed'}{match['plus']}{' extension' if match['ext'] else ''}"
    if _IPO.search(text):
        return "IPO"
    if match := _LETTER.search(text) or re.fullmatch(r"(?P<l>[A-L])(?P<n>)(?P<plus>\+{0,2})", text):
        return f"Series {match['l'].upper()}{match['n']}{match['plus']}"
    if match := re.search(
        r"\b(angel\+?|growth|venture(?! debt)|bridge|founding|mezzanine|strategic|crossover"
        r"|late[ -]stage)",
        text,
        re.I,
    ):
        return match.group(1).replace("-", " ").capitalize()
    if match := _CONVERTIBLE.search(text):
        name = match["name"].rstrip("s") if match["name"] not in ("tender offer",) else match["name"]
        return name if name.isupper() else name.capitalize()
    return None


def find_rounds(line: Line) -> Iterator[Found]:
    """Yield the rounds of financing that a line names."""
    text = line.text
    if _TRIGGERS.isdisjoint(line.words) and not re.search(r"series|seed|IPO", text, re.I):
        return
    for pattern in (_SERIES, _NAMED, _SEED, _LETTER, _AFTER_MONEY, _IPO, _CONVERTIBLE):
        for match in pattern.finditer(text):
            start, end = match.span()
            start += len(match.group()) - len(match.group().lstrip())
            if pattern is _SEED and not _SEED_BEFORE.search(text[max(0, start - 30) : start]):
                continue
            if line.free(start, end):
                yield Found(start, end)
