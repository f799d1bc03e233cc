"""Sentences: where the sentences of a block begin and end, by small rules on what a person sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from kg.markup import hidden
from kg.names import INVISIBLE

Span = tuple[int, int]
_GONE = "\x02"  # stands for each hidden character


class Stretch(Protocol):
    """A block, as far as sentences care."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def markup(self) -> bool: ...


_STOP = re.compile(
    r"(?P<stop>[.!?…]+|[。！？]+)(?P<close>[\x02\"'”’»)\]\uFE0F]*)(?:(?P<gap>[\s\x02]+)(?P<open>[\"'“‘«(\[\x02]*)(?=(?P<next>\S))|(?=(?P<glued>\S)))"
)
_WORD_BEFORE = re.compile(r"[^\s\x02(\[\"“‘/—–]+$")
_WORD = re.compile(r"[\w$€£¥@#&.'’+-]+")
_COUNTER = re.compile(r"(?:(?<=[\s\x02:])|^)\(?(\d{1,2})[.)](?=[\s\x02])")

# Words whose full stop never ends a sentence, and those whose stop may.
_NEVER = frozenset(
    "mr mrs ms dr prof sen rep gov gen st mt vs v e.g i.e cf approx ca est fig figs sec vol pp viz esp incl excl aka resp "
    "max min avg sq ft oz lt col sgt capt rev hon dept univ assn".split()
)
_NUMBERED = frozenset("no nos p pp ch art eq ver jan feb mar apr jun jul aug sep sept oct nov dec".split())
_SOMETIMES = frozenset("inc corp ltd co llc plc bros jr sr etc al a.m p.m ph.d u.s u.k e.u u.n d.c u.s.a bn mn".split())
_FIRM = frozenset("inc corp ltd co llc plc bros jr sr".split())
_TITLE = frozenset(
    "CEO CFO CTO COO CIO Chief President Chair Chairman Chairwoman Founder Co-founder Director Senior Executive Group Class "
    "Holdings".split()
)
_STARTERS = frozenset(
    "A According After All Also Although An And Another As At Based Because Before Both But By Check Combined Despite During "
    "Each Earlier Even Every Finally First For From Get He Her Here Here’s Here's His How However I I'm I’m If In Instead Is It "
    "It's It’s Its Last Later Like Many Meanwhile More Most My New No Not Nothing Now On Once One Or Our Over Read Researchers "
    "See Several She Since So Some Still That That's That’s The Their Then There There's These They This Those Three Though "
    "Thus To Today Two Under Unlike Until Users We We're What When Where While Who Why With Yesterday Yet You Your".split()
)
_LETTERED = frozenset("series class plan grade round type appendix vitamin part tier option category group phase".split())


def sentences(text: str, block: Stretch) -> list[Span]:
    """Return the spans of the block's sentences, in order, without blanks and hidden marks at their ends."""
    start, end = block.start, block.end
    shown = _shown(text, start, end, html=not block.markup)
    out: list[Span] = []
    at = 0
    for cut in _cuts(shown):
        out += _trimmed(shown, at, cut, start)
        at = cut
    return out + _trimmed(shown, at, len(shown), start)


def _shown(text: str, start: int, end: int, *, html: bool) -> str:
    """Return the slice with each hidden character replaced by a filler, so that offsets hold."""
    from bisect import bisect_right

    ranges = hidden(text, html=html)
    out, at = [], start
    n = max(bisect_right(ranges, (start, start)) - 1, 0)
    for left, right in ranges[n:]:
        if left >= end:
            break
        left, right = max(left, start), min(right, end)
        if left < right:
            out += (text[at:left], _GONE * (right - left))
            at = right
    out.append(text[at:end])
    return INVISIBLE.sub(_GONE, "".join(out))


def _trimmed(shown: str, start: int, end: int, offset: int) -> list[Span]:
    while start < end and (shown[start].isspace() or shown[start] == _GONE):
        start += 1
    while end > start and (shown[end - 1].isspace() or shown[end - 1] == _GONE):
        end -= 1
    return [(start + offset, end + offset)] if start < end else []


def _cuts(shown: str) -> Iterator[int]:
    """Yield the places where a sentence has ended and the next begins after blanks."""
    markers = _counters(shown)
    began = 0
    for found in _STOP.finditer(shown):
        if found.start() < began:
            continue
        if found.start() in markers or not _ends(shown, found, began):
            continue
        cut = found.end("close") if found["gap"] is None else found.end("close")
        yield cut
        began = cut


def _counters(shown: str) -> frozenset[int]:
    """Return where the stops of list numbers stand: a row 1. 2. 3., or one at the very start."""
    out, last = set(), 0
    for found in _COUNTER.finditer(shown):
        if int(found[1]) == last + 1 or (found.start() == 0 and int(found[1]) < 100):
            out.add(found.end() - 1)
            last = int(found[1])
    return frozenset(out)


def _ends(shown: str, found: re.Match[str], began: int) -> bool:
    """Say whether the stop found ends a sentence."""
    stop, close, gap, upcoming = found["stop"], found["close"] or "", found["gap"], found["next"]
    if stop[0] in "。！？":
        return bool(gap or not close.strip(_GONE) or True)
    word = _before(shown, found.start(), began)
    if gap is None or not (gap.strip(_GONE) or _GONE in gap):
        return _glued(word, stop, found)
    if _inside(shown, began, found.start()):
        return False
    if upcoming == "(" or "(" in (found["open"] or ""):
        opened = shown.index("(", found.end("close"))
        aside = shown.find(")", opened, opened + 80)
        if aside > 0 and shown[aside - 1] not in ".!?":
            return False
    following = _after(shown, found.end())
    lower = following[:1].islower() and following[:1].isalpha()
    if stop != ".":
        return not lower if stop[0] in "!?" else not lower and not upcoming.isdigit()
    return _full_stop(word, following, quoted=bool(close.strip(_GONE + ")]")), before=shown[began : found.start()])


def _full_stop(word: str, following: str, *, quoted: bool, before: str) -> bool:
    """Say whether a full stop after this word, before that one, ends a sentence."""
    low = word.casefold().rstrip("'’")
    brand = following[:1].islower() and any(c.isupper() or c.isdigit() for c in following)
    lower = following[:1].islower() and not brand
    digit = following[:1].isdigit()
    if low in _NEVER:
        return False
    if low in _NUMBERED:
        return not (digit or lower or following[:1] in "#$") and (low != "no" or word.islower() or following in _STARTERS)
    if low in _SOMETIMES or re.fullmatch(r"(?:[a-z]\.)+[a-z]", low):
        if lower or brand:
            return False
        if low in _FIRM:
            return following not in _TITLE and following.casefold().rstrip(".") not in _FIRM
        return following in _STARTERS or following[:1] in "@\U0001f300" or (low in ("a.m", "p.m", "etc") and not digit)
    if len(word) == 1 and word.isalpha() and word.isupper():
        earlier = before[: -len(word)].split()
        lettered = bool(earlier) and earlier[-1].casefold() in _LETTERED
        return not lower and (lettered or following in _STARTERS)
    if lower:
        return not quoted and len(word) > 1 and not following.startswith("’")
    return True


def _glued(word: str, stop: str, found: re.Match[str]) -> bool:
    """Say whether a stop without a blank after it ends a sentence: only before a mark and a capital."""
    upcoming = found["glued"] or found["next"] or ""
    marked = _GONE in (found["close"] or "") + (found["gap"] or "")
    return marked and stop != "..." and upcoming.isupper() and (stop != "." or (word.isalpha() and word[-3:].islower()))


def _inside(shown: str, began: int, at: int) -> bool:
    """Say whether the place lies in a short aside in round brackets."""
    opened = shown.rfind("(", max(began, at - 200), at)
    if opened < 0 or shown.find(")", opened, at) >= 0:
        return False
    return shown.find(")", at, at + 200) > at + 2


def _before(shown: str, at: int, began: int) -> str:
    low = max(began, at - 60)
    found = _WORD_BEFORE.search(shown[low:at].rstrip(_GONE))
    return found[0] if found else ""


def _after(shown: str, at: int) -> str:
    found = _WORD.match(shown, at)
    return found[0].rstrip(".") if found else shown[at : at + 1]
