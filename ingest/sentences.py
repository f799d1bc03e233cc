"""Sentences: where the sentences of a block begin and end, by small rules on what a person sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from typing import Protocol

import yaml

from kg.markup import hidden_within
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
    r"(?P<stop>(?<![.!?…])[.!?…]++|(?<![。！？])[。！？]++)(?P<close>[\x02\"'”’»)\]\uFE0F]*+)"
    r"(?:(?P<gap>[\s\x02]++)(?P<open>[\"'“‘«(\[\x02]*+)(?=(?P<next>\S))|(?=(?P<glued>\S)))"
)
_WORD_BEFORE = re.compile(r"[^\s\x02(\[\"“‘/—–]+$")
_WORD = re.compile(r"[\w$€£¥@#&.'’+-]+")
_COUNTER = re.compile(r"(?:(?<=[\s\x02:])|^)\(?(\d{1,2})[.)](?=[\s\x02])")

_WORDS = yaml.safe_load(resources.files("ingest").joinpath("stops.yaml").read_text("utf-8"))
_NEVER, _NUMBERED, _SOMETIMES, _FIRM, _TITLE, _STARTERS, _LETTERED = (
    frozenset(map(str, _WORDS[name]))
    for name in ("never", "numbered", "sometimes", "firm", "title", "starters", "lettered")
)


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
    out: list[str] = []
    at = start
    for left, right in hidden_within(text, start, end, html=html):
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
        began = found.end("close")
        yield began


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
        return True
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
    return _full_stop(
        word,
        following,
        quoted=bool(close.strip(_GONE + ")]")),
        before=shown[max(began, found.start() - 80) : found.start()],
    )


def _full_stop(word: str, following: str, *, quoted: bool, before: str) -> bool:
    """Say whether a full stop after this word, before that one, ends a sentence."""
    low = word.casefold().rstrip("'’")
    brand = following[:1].islower() and any(c.isupper() or c.isdigit() for c in following)
    lower = following[:1].islower() and not brand
    digit = following[:1].isdigit()
    if low in _NEVER:
        return False
    if low in _NUMBERED:
        return not (digit or lower or following[:1] in "#$") and (
            low != "no" or word.islower() or following in _STARTERS
        )
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
