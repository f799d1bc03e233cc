"""Money: finding amounts in a line and parsing them into low, high, currency and qualifier."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.quantities.hints import MEASURES, money_hints
from ingest.quantities.numbers import BIG, DIGITS, SCALE, WORDS, value_of
from ingest.quantities.tokens import Found, Line, plain
from kg.model import Amount, Qualifier

_DOLLARS = {"us$": "USD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "cad$": "CAD", "s$": "SGD",
            "sg$": "SGD", "hk$": "HKD", "nt$": "TWD", "nz$": "NZD", "r$": "BRL",
            "mx$": "MXN", "usd$": "USD"}  # fmt: skip
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "₺": "TRY", "₪": "ILS", "₽": "RUB",
          "₫": "VND", "₱": "PHP", "₦": "NGN", "฿": "THB", "₴": "UAH", "₸": "KZT", "cn¥": "CNY"}  # fmt: skip
_CODES = (
    "USD", "AUD", "CAD", "SGD", "HKD", "TWD", "NZD", "BRL", "MXN", "EUR", "GBP", "JPY", "CNY", "INR", "KRW",
    "TRY", "ILS", "RUB", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "AED", "SAR", "QAR", "KWD", "ZAR",
    "IDR", "THB", "VND", "PHP", "MYR", "NGN", "KES", "EGP", "KZT", "UAH", "CLP", "COP", "PEN", "ARS", "RON",
    "ISK",
)  # fmt: skip
_LETTERS = {**{c.lower(): c for c in _CODES}, "rmb": "CNY", "rs": "INR", "nis": "ILS"}
# XXX is the code of no currency: a word that several countries share.
_WORDS = {
    "dollar": "USD", "buck": "USD", "euro": "EUR", "pound": "GBP", "quid": "GBP", "yen": "JPY", "yuan": "CNY",
    "renminbi": "CNY", "rmb": "CNY", "won": "KRW", "rupee": "INR", "franc": "CHF", "krona": "SEK", "kronor": "SEK",
    "krone": "XXX", "kroner": "XXX", "crown": "XXX", "peso": "XXX", "zloty": "PLN",
    "złoty": "PLN", "real": "BRL", "reais": "BRL",
    "lira": "TRY", "shekel": "ILS", "rouble": "RUB", "ruble": "RUB", "dirham": "AED", "riyal": "SAR", "rand": "ZAR",
    "baht": "THB", "rupiah": "IDR", "dong": "VND", "ringgit": "MYR", "tenge": "KZT", "naira": "NGN", "sole": "PEN",
    "forint": "HUF",
}  # fmt: skip
_NATIONS = {
    ("australian", "dollar"): "AUD", ("canadian", "dollar"): "CAD", ("singapore", "dollar"): "SGD",
    ("hong kong", "dollar"): "HKD", ("taiwan", "dollar"): "TWD", ("new zealand", "dollar"): "NZD",
    ("swedish", "crown"): "SEK", ("norwegian", "krone"): "NOK", ("norwegian", "kroner"): "NOK",
    ("norwegian", "crown"): "NOK",
    ("danish", "krone"): "DKK", ("danish", "kroner"): "DKK", ("danish", "crown"): "DKK", ("czech", "crown"): "CZK",
    ("mexican", "peso"): "MXN", ("chilean", "peso"): "CLP", ("philippine", "peso"): "PHP", ("colombian", "peso"): "COP",
    ("pakistani", "rupee"): "PKR",
}  # fmt: skip

_PREFIX = (rf"(?:(?:{'|'.join(map(re.escape, _DOLLARS))})"
           rf"|{'|'.join(map(re.escape, sorted(_SIGNS, key=len, reverse=True)))}"
           rf"|(?:{'|'.join(_LETTERS)})\.?(?= ?\d))")  # fmt: skip
_NATION = rf"(?:(?:US|U\.S\.|{'|'.join(sorted({n for n, _ in _NATIONS}))}|new|indian|swiss|chinese|japanese) )*"
_SUFFIX = (
    rf"(?P<nation>{_NATION})(?P<word>(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})s?"
    rf"|{'|'.join(_CODES)})\b"
)
_NUM = rf"(?:{DIGITS}|\.\d+)"
_ANY = rf"(?:half an?|half|{_NUM}|{WORDS}|an?)"
_SC = rf"(?:{SCALE}|[ ](?-i:[KMBT])(?![\w+]))"
_STEP = r" ?- ?| to | and | or "

_LEAD = re.compile(
    rf"(?P<c1>(?<![\w$€£¥₹₩]){_PREFIX}|(?<=(?-i:[a-z]{{2}}))[$€£]) ?(?P<n1>{_NUM})(?P<s1>{_SC})?(?![\w]|[.,]\d)"
    rf"(?:(?P<step>{_STEP})(?:(?P<c2>{_PREFIX}) ?)?(?P<n2>{_NUM})(?P<s2>{_SC})?(?![\w]|[.,]\d| ?%| per))?"
    rf"(?:[ -](?:U\.?S\.? )?(?P<w1>dollars?|yuan|yen|RMB|CAD|AUD|USD|SGD)\b)?",
    re.I,
)
_TAIL = re.compile(
    rf"(?<![\w.,$-])(?P<n1>{_ANY})(?P<s1>{SCALE})?(?:(?P<step>{_STEP})(?P<n2>{_NUM}"
    rf"|{WORDS})(?P<s2>{SCALE})?)?[ -]?{_SUFFIX}",
    re.I,
)
_BARE = re.compile(
    rf"(?<![\w.,$€£¥₹₩-])(?P<n1>half an?|half|{_NUM}|{WORDS}"
    rf"|an?)(?P<s1>{SCALE})(?:(?P<step>-)(?P<n2>{_NUM})(?P<s2>{SCALE}))?",
    re.I,
)
_ROUND_SUM = re.compile(r"(?<![\w-])(?P<n1>)(?P<s1>[mb]illion|trillion)-dollar\b", re.I)
_VAGUE = re.compile(
    r"(?<![\w-])(?:(?:many|several|low|high|tens|dozens|hundreds|hundred)(?: of)? )*(?:[mb]illions"
    r"|trillions)(?: of dollars| of euros)?\b"
    r"|(?<![\w-])several (?:hundred )?[mb]illion(?: dollars)?\b",
    re.I,
)
_BARE_BEFORE = re.compile(
    r"(?:\brais(?:es?|ed|ing)|\bvalued at|\bvaluation (?:of|at|to)|\brevenues?(?: \w+){0,3} (?:of|at"
    r"|to|was|is|from|hit|reached)"
    r"|\bsecur(?:es?|ed|ing)|\bclos(?:es?|ed)|\bbags?|\bbagged|\bARR (?:of|to|at)|\bspend(?:s|ing)?"
    r"|\bsales of|\bcapex of"
    r"|\bacquired? (?:\w+ ){1,3}for|\bcost|\bworth|\bpaid|\binvest(?:s|ed|ing)?|\blen[dt]|\bborrow(?:s|ed)?)"
    r"(?: (?:a|an|another|about|around|roughly|nearly|over|more than|up to|its|at|some|almost|total of))* ?~?$",
    re.I,
)
_BARE_AFTER = re.compile(
    r" ?\+?,?(?: (?:in|of|at|new|fresh|a|annual|annualized|annualised|run-rate|equity))* (?:seed"
    r"|series [a-h]\b|pre-seed|ARR\b|revenues?\b"
    r"|funding|round\b|valuation|financing|raise\b|in sales|capex|credit facility|debt|loan)",
    re.I,
)

_ABOUT = (r"about|around|roughly|nearly|almost|approximately|approx\.?|circa|c\.|some|close to|closer to"
          r"|near|just (?:over|under|shy of|above|below)"
          r"|a (?:little|touch|bit|hair) (?:over|under|above|below)|slightly (?:over|under|above|below"
          r"|more than|less than)|an? estimated|estimated"
          r"|approach(?:es|ed|ing)?|in the region of|something like|on the order of|~|=~")  # fmt: skip
_LEAST = (r"(?:well |far )?(?:more than|over|above|north of|beyond|upwards? of|in excess of|past)|at least"
          r"|no(?:t)? (?:less|fewer) than"
          r"|(?:a )?minimum(?: of)?|surpass(?:es|ed|ing)?|exceed(?:s|ed|ing)?|topp?(?:s|ed|ing)|pass(?:es"
          r"|ed|ing)|crosse[sd]|crossing|>=?|≥"
          r"|greater than|eclips(?:es|ed|ing)")  # fmt: skip
_MOST = (r"up to|as (?:much|high|many) as|(?:no|not) (?:more|higher) than|at most|(?:a )?maximum(?: of)?"
         r"|max\.?|capped at|less than|fewer than"
         r"|(?:well )?under|below|<=?|≤")  # fmt: skip
_FILL = r"(?:(?: an?| another| an additional| the| a total of| a further)? ?)"
_PLACE = r"(?!(?:over|above|past|under|below) an? $)"  # "talks over a $4 billion contract"
_LEFT: tuple[tuple[Qualifier, re.Pattern[str]], ...] = (
    ("about", re.compile(rf"(?:(?<!\w)(?:{_ABOUT})){_FILL}$", re.I)),
    ("at_least", re.compile(rf"(?:(?<!\w){_PLACE}(?:{_LEAST})){_FILL}$", re.I)),
    ("up_to", re.compile(rf"(?:(?<!\w){_PLACE}(?:{_MOST})){_FILL}$", re.I)),
)
_RIGHT: tuple[tuple[Qualifier, re.Pattern[str]], ...] = (
    (
        "at_least",
        re.compile(
            r" ?\+(?!\d)|[ -]plus\b(?! (?:\$|€|£|\d|an?\b))| or (?:more|higher|above)\b| and (?:up"
            r"|above)\b",
            re.I,
        ),
    ),
    ("about", re.compile(r" or so\b|-ish\b|ish\b", re.I)),
    ("up_to", re.compile(r" or less\b|,? at most\b| (?:max|maximum)\b", re.I)),
)
_LEVELS = frozenset(["old_level", "new_level"])
_BETWEEN = re.compile(r"\bbetween(?: about| around| roughly)? $", re.I)
_FROM = re.compile(r"\bfrom(?: about| around| roughly| nearly| just| over)?(?: an?)? ?~?$", re.I)


def qualifier(text: str, start: int, end: int) -> tuple[Qualifier, int, int]:
    """Return the qualifier around text[start:end] and the stretch widened by its words."""
    before = text[max(0, start - 32) : start]
    found = [(match.start(), name) for name, pattern in _LEFT if (match := pattern.search(before))]
    if found:  # the longest: "no more than", not "more than"
        first, left = min(found)
        return left, start - (len(before) - first), end
    for name, pattern in _RIGHT:
        if match := pattern.match(text, end):
            return name, start, match.end()
    return "exact", start, end


def parse_money(text: str) -> Amount | None:
    """Return the amount that a phrase states, None if it states none; without a currency it is US dollars."""
    text = plain(text)
    for pattern in (_LEAD, _TAIL, _BARE, _ROUND_SUM):
        for match in pattern.finditer(text):
            if (amount := _amount(text, match)) is not None:
                return amount
    return None


def _amount(text: str, match: re.Match[str]) -> Amount | None:
    part = match.groupdict()
    if _article_only(match):
        return None
    currency = _currency(part)
    first_scale = part["s1"] or (part["s2"] if part.get("n2") else None)
    low = value_of(part["n1"], first_scale)
    if part.get("n2"):
        high = value_of(part["n2"], part["s2"] or part["s1"])
        if low < high:
            return Amount(low=low, high=high, currency=currency, qualifier="range")
        low = value_of(part["n1"], part["s1"])
    how = qualifier(text, *match.span())[0]
    if how == "exact" and part["n1"].lower() in ("", "a", "an") and "-" in match.group():
        how = "about"  # "a billion-dollar round" rounds
    return Amount(
        low=None if how == "up_to" else low, high=None if how == "at_least" else low, currency=currency, qualifier=how
    )


def _article_only(match: re.Match[str]) -> bool:
    """Return whether the number is a mere article ("a dollar", "half dollars") with no scale."""
    return match["n1"].lower().partition(" ")[0] in ("a", "an", "half") and not match["s1"]


def _currency(part: dict[str, str | None]) -> str:
    sign = (part.get("c1") or "").lower().rstrip(".")
    word = re.sub(r"s$", "", (part.get("w1") or part.get("word") or "").lower())
    if sign in ("", "$", "¥") and word:
        nation = (part.get("nation") or "").lower().split()
        for (name, unit), code in _NATIONS.items():
            if unit == word and name.split()[-1] in nation:
                return code
        return _WORDS.get(word) or word.upper()
    return _DOLLARS.get(sign) or _SIGNS.get(sign) or _LETTERS.get(sign) or "USD"


def find_money(line: Line) -> Iterator[Found]:
    """Yield the amounts of money in a line, with the hints of their surroundings."""
    text = line.text
    spans = sorted(set(_spans(line)))
    hints: frozenset[str] = frozenset()
    for i, (start, end, vague) in enumerate(spans):
        previous = spans[i - 1][1] if i else 0
        following = spans[i + 1][0] if i + 1 < len(spans) else len(text)
        amount = None if vague else parse_money(text[start:end])
        own = money_hints(text, previous, (start, end), following, amount, vague=vague)
        if own & _LEVELS and not own & MEASURES:
            own |= hints & MEASURES  # "revenue of $3 billion, up from $1 billion"
        hints = own
        yield Found(start, end, own)


def _spans(line: Line) -> Iterator[tuple[int, int, bool]]:
    """Yield start, end and vagueness of each amount; an amount that is part of another is left out."""
    text, taken = line.text, bytearray(len(line.text))
    for pattern in _patterns(line):
        for match in pattern.finditer(text):
            for start, end in _pieces(text, match) if pattern is not _VAGUE else [match.span()]:
                if any(taken[start:end]) or (pattern is _BARE and not _is_money(text, start, end)):
                    continue
                if (pattern in (_TAIL, _BARE) and _article_only(match)) or _PERCENT_AFTER.match(text, end):
                    continue
                _, wide, stop = qualifier(text, start, end)
                if any(taken[wide:stop]):
                    wide, stop = start, end
                taken[wide:stop] = b"\x01" * (stop - wide)
                yield wide, stop, pattern is _VAGUE


def _patterns(line: Line) -> Iterator[re.Pattern[str]]:
    """Yield the patterns whose cheap triggers the line has."""
    text, words = line.text, line.words
    if line.digits and (not _SIGN_CHARS.isdisjoint(text) or _CODE.search(text)):
        yield _LEAD
    if not _UNIT_WORDS.isdisjoint(words):
        yield _TAIL
    if line.digits or not _BIG_WORDS.isdisjoint(words):
        yield _BARE
    if "illion" in text:
        yield _ROUND_SUM
        yield _VAGUE


_SIGN_CHARS = frozenset("$€£¥₹₩₺₪₽₫₱₦฿₴₸")
_UNIT_WORDS = frozenset([*_WORDS, *(w + "s" for w in _WORDS), *(c.lower() for c in _CODES)])
_BIG_WORDS = frozenset(["million", "billion", "trillion", "crore", "lakh"])
_CODE = re.compile(rf"(?<!\w)(?:{'|'.join(_LETTERS)})\.? ?\d", re.I)
_PERCENT_AFTER = re.compile(r" ?%")


def _is_money(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 60) : start]
    return bool(_BARE_AFTER.match(text, end) or _BARE_BEFORE.search(before)) and not _SIZE.match(text, end)


_SIZE = re.compile(
    rf"[ -](?:\w+[ -])?(?:parameters?|params?|tokens?|models?|users?|people|employees|customers"
    rf"|{BIG})\b",
    re.I,
)


def _pieces(text: str, match: re.Match[str]) -> list[tuple[int, int]]:
    """Return the match as one amount, or as two where it is a change or a list rather than a range."""
    start, end = match.span()
    part = match.groupdict()
    if not part.get("n2"):
        return [(start, end)]
    before, step = text[max(0, start - 24) : start], (part["step"] or "").strip()
    if (between := _BETWEEN.search(before)) and step in ("and", "to", "-"):
        return [(start - (len(before) - between.start()), end)]
    cut = match.start("step")
    second = match.start("c2") if part.get("c2") else match.start("n2")
    low = value_of(part["n1"], part["s1"] or part["s2"])
    high = value_of(part["n2"] or "0", part["s2"] or part["s1"])
    close = low < high <= 5 * low
    marked = bool(part["s2"] or part.get("c2"))
    if (step == "-" and low < high) or (step in ("to", "or") and close and marked and not _FROM.search(before)):
        return [(start, end)]
    return [(start, cut), (second, end)] if marked else [(start, cut)]
