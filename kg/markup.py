"""Markup: which stretches of a text a person does not see, and what is seen of a slice."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from html.entities import html5

from kg.lines import BREAK, INLINE, Line, lines, mask
from kg.names import visible

Mark = tuple[int, int, str]  # start, end, and what a person sees in its place

_BLANK = re.compile(r"\s+")
_FILLED = re.compile("[\x00\x01]+")
_URL = re.compile(r"(?:https?://|www\.(?=\w))[^\s<>\"`\]|\x00\x01]+", re.IGNORECASE)
_TRAILING = frozenset(".,;:!?'\"*_~’”“…—–\\")
_TOKEN = re.compile(
    r"""(?P<escaped>(?:\\\*){2,})
    |   (?P<escape>\\[!-/:-@\[-`{-~]|\\$)
    |   (?P<code>`+)
    |   (?P<note>\[\^[^\]\[\s]{1,30}\]:?)
    |   (?P<open>!?\[)
    |   (?P<close>\])
    |   (?P<stars>\*+|_+|~~+)
    |   (?P<entity>&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)
    |   (?P<auto><(?:(?:https?|mailto):[^\s<>]{1,4000}|[\w.+-]{1,64}@[\w.-]{1,255})>)
    |   (?P<url>\bhttps?://|\bwww\.(?=\w))
    |   (?P<handle>@\w+|(?<![\w/])[ru]/\w+)
    |   (?P<pipe>\|)""",
    re.VERBOSE | re.IGNORECASE,
)
_TARGET = re.compile(
    r"""\(\s{0,3}(?:<[^<>\n]{0,4000}>|(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.|\([^\s()]{0,500}\)){0,500}\)){0,4000}+)
        (?:\s{1,3}(?:"[^"]{0,1000}"|'[^']{0,1000}'))?\s{0,3}\)""",
    re.VERBOSE,
)
_LOOSE = re.compile(r"\((?:https?:|www\.|/|mailto:)[^()\n]{0,1000}\)")
_LOOSE_IMAGE = re.compile(r"\([^()\n]{0,300}\)")
_REFERENCE = re.compile(r"\[([^\]\[\n]{0,200})\]")


def hidden(text: str, *, html: bool = False) -> list[tuple[int, int]]:
    """Return the ranges of the text that a person does not see, sorted and apart from each other.

    `html=True` says that the text was made from an HTML page: it has no marks, only bare URLs and the rules of
    tables are hidden. Invisible characters (soft hyphens, zero-width ones) are not listed.
    """
    return list(_tables(text, html)[2])


def plain(text: str, start: int, end: int, *, html: bool = False) -> str:
    """Return what a person sees of the slice: no marks, entities decoded, blanks squeezed, no invisible characters."""
    marks, ends, _ = _tables(text, html)
    out: list[str] = []
    at = start
    for n in range(bisect_right(ends, start), len(marks)):
        left, right, shown = marks[n]
        if left >= end:
            break
        out += (text[at : max(left, at)], shown if left >= start and right <= end else "")
        at = right
    out.append(text[at:end] if at < end else "")
    return _BLANK.sub(" ", visible("".join(out))).strip()


def hidden_within(text: str, start: int, end: int, *, html: bool = False) -> Iterator[tuple[int, int]]:
    """Yield the hidden ranges of a slice, cut at its ends."""
    ranges = _tables(text, html)[2]
    n = max(bisect_right(ranges, (start, start)) - 1, 0)
    while n < len(ranges) and ranges[n][0] < end:
        left, right = max(ranges[n][0], start), min(ranges[n][1], end)
        if left < right:
            yield left, right
        n += 1


@lru_cache(maxsize=8)
def _tables(text: str, html: bool) -> tuple[list[Mark], list[int], list[tuple[int, int]]]:
    marks: list[Mark] = []
    for start, end, shown in sorted(set(_marks(text, html))):
        if marks and start < marks[-1][1]:
            start = marks[-1][1]
        if start < end:
            marks.append((start, end, shown))
    ranges: list[tuple[int, int]] = []
    for start, end, shown in marks:
        if not visible(shown).strip():
            if ranges and ranges[-1][1] == start:
                ranges[-1] = (ranges[-1][0], end)
            else:
                ranges.append((start, end))
    return marks, [end for _, end, _ in marks], ranges


def _marks(text: str, html: bool) -> Iterator[Mark]:
    masked = text if html else mask(text)
    if not html:
        for filled in _FILLED.finditer(masked) if masked is not text else ():
            yield filled.start(), filled.end(), " " if BREAK in filled[0] else ""
    found = lines(text, masked, html=html)
    defined = {_name(masked[x.start : x.end]) for x in found if x.kind == "definition"}
    group: list[Line] = []
    for line in found:
        if line.body > line.start and not (html and not line.depth and line.kind != "tablerule"):
            yield line.start, line.body - len(_number(line)), ""
        if line.kind in ("rule", "underline", "fence", "definition", "tablerule"):
            yield line.start, line.end, ""
        elif line.stop < line.end and not html and masked[line.stop : line.end].strip():
            yield line.stop, line.end, ""
        starts = line.kind != "text" or line.bullet or line.level or line.tagged
        if group and (starts or line.depth != group[-1].depth or group[-1].kind == "row" or group[-1].level):
            yield from _Inline(masked, defined, html, group).marks()
            group = []
        if line.kind in ("text", "row"):
            group.append(line)
    if group:
        yield from _Inline(masked, defined, html, group).marks()


def _number(line: Line) -> str:
    """Return a list item's number: it is seen, unlike the sign of a bullet; the length is all that counts."""
    return line.bullet + " " if line.bullet[-2:-1].isdigit() else ""


def _name(definition: str) -> str:
    return _BLANK.sub(" ", definition.partition("]:")[0].strip(" \t>[")).casefold()


@dataclass
class _Delimiter:
    """A run of stars, underscores or tildes that may open or close emphasis."""

    sign: str
    start: int
    count: int
    width: int  # of one sign in the text: 2 if escaped
    opens: bool
    closes: bool


@dataclass
class _Inline:
    """The reader of one paragraph's lines."""

    masked: str
    defined: set[str]
    html: bool
    group: list[Line]
    found: list[Mark] = field(default_factory=list)
    brackets: list[tuple[int, int]] = field(default_factory=list)
    delimiters: list[_Delimiter] = field(default_factory=list)
    runs: dict[int, list[int]] | None = None

    def marks(self) -> Iterable[Mark]:
        """Return the paragraph's marks, in no order."""
        at = 0
        for line in self.group:
            at = max(at, line.body)
            token = _URL if self.html else _TOKEN
            while match := token.search(self.masked, at, line.stop):
                at = self._token(match, line)
        self._pair()
        return self.found

    def _token(self, match: re.Match[str], line: Line) -> int:
        """Note what the token hides; return where to read on."""
        kind, start, end = match.lastgroup or "url", match.start(), match.end()
        if kind == "url":
            return self._url(start, line.stop)
        if kind == "escape":
            self.found.append((start, start + 1, ""))
        elif kind == "code":
            return self._code(start, end)
        elif kind == "note":
            self.found.append((start, end, ""))
        elif kind == "auto":
            spans = [(start, start + 1), (end - 1, end)] if ":" not in match[0] else [(start, end)]
            self.found += [(a, b, "") for a, b in spans]
        elif kind == "open":
            self.brackets.append((start, end))
        elif kind == "close":
            return self._close(start)
        elif kind in ("stars", "escaped"):
            self._delimiter(match, line)
        elif kind == "entity":
            shown = unescape(match[0])
            if match[0][1] == "#" or match[0][1:] in html5:
                self.found.append((start, end, shown))
        elif kind == "pipe" and line.kind == "row":
            self.found.append((start, end, " "))
        return end

    def _url(self, start: int, limit: int) -> int:
        match = _URL.match(self.masked, start, limit)
        end = match.end() if match else start + 4
        opened, closed = (self.masked.count(sign, start, end) for sign in "()")
        while end > start + 1:
            last = self.masked[end - 1]
            if last == ")" and closed > opened:
                closed -= 1
            elif last not in _TRAILING:
                break
            end -= 1
        self.found.append((start, end, ""))
        return end

    def _code(self, start: int, end: int) -> int:
        if self.runs is None:
            self.runs = {}
            for line in self.group:
                for run in re.finditer("`+", self.masked[line.body : line.end]):
                    self.runs.setdefault(len(run[0]), []).append(line.body + run.start())
        places = self.runs.get(end - start, [])
        n = bisect_left(places, end)
        if n == len(places):
            return end
        close = places[n]
        self.found += [(start, end, ""), (close, close + end - start, "")]
        return close + end - start

    def _close(self, at: int) -> int:
        """Hide the brackets and the target if the bracket closed here is a link or an image."""
        if not self.brackets:
            return at + 1
        start, inner = self.brackets.pop()
        image, after = inner - start == 2, at + 1
        if self.masked.startswith("(", after):
            loose = _LOOSE_IMAGE if image else _LOOSE
            if target := _TARGET.match(self.masked, after) or loose.match(self.masked, after):
                self.found += [(start, inner, self._glue(start)), (at, target.end(), self._glue(target.end()))]
                return target.end()
        if self.defined and at - inner <= 200:
            reference = _REFERENCE.match(self.masked, after)
            label = (reference[1] if reference else "") or self.masked[inner:at]
            if _BLANK.sub(" ", label.strip()).casefold() in self.defined:
                end = reference.end() if reference else after
                self.found += [(start, inner, ""), (at, end, "")]
                return end
        return after

    def _delimiter(self, match: re.Match[str], line: Line) -> None:
        start, end = match.start(), match.end()
        before = self._seen(start - 1, -1, line.body)
        after = self._seen(end, 1, line.stop)
        sign = match[0][-1]
        width = 2 if match.lastgroup == "escaped" else 1
        count = (end - start) // width
        inside = before.isalnum() and after.isalnum()
        opens, closes = not after.isspace(), not before.isspace()
        if inside and (sign == "_" or (sign == "*" and count == 1) or (before.isdigit() and after.isdigit())):
            return
        if sign == "_":
            opens, closes = opens and not before.isalnum(), closes and not after.isalnum()
        if opens or closes:
            self.delimiters.append(_Delimiter(sign, start, count, width, opens, closes))

    def _seen(self, at: int, step: int, limit: int) -> str:
        """Return the first character from here on that is no filler; a blank where the line ends."""
        for _ in range(200):
            if (at < limit) if step < 0 else (at >= limit):
                break
            if self.masked[at] not in (INLINE, BREAK):
                return self.masked[at]
            at += step
        return " "

    def _glue(self, at: int) -> str:
        """Return a blank where a mark stands right between two words that a scraper has joined."""
        before, after = self.masked[at - 1 : at], self.masked[at : at + 2]
        return " " if before.isalnum() or (before in ")*`" and len(after) == 2 and after.isalpha()) else ""

    def _pair(self) -> None:
        """Hide emphasis marks that pair up, and lone double stars; other lone marks are text."""
        stack: list[_Delimiter] = []
        waiting = {"*": 0, "_": 0, "~": 0}
        lone: list[_Delimiter] = []
        for this in self.delimiters:
            while this.closes and this.count and waiting[this.sign]:
                while stack[-1].sign != this.sign:
                    waiting[stack[-1].sign] -= 1
                    lone.append(stack.pop())
                opener = stack[-1]
                n = min(opener.count, this.count)
                left = opener.start + (opener.count - n) * opener.width
                right = this.start + n * this.width
                self.found += [
                    (left, left + n * opener.width, self._glue(left) if n > 1 else ""),
                    (this.start, right, self._glue(right) if n > 1 else ""),
                ]
                opener.count -= n
                this.count -= n
                this.start = right
                if not opener.count:
                    waiting[this.sign] -= 1
                    stack.pop()
            if this.count and this.opens:
                stack.append(this)
                waiting[this.sign] += 1
            elif this.count:
                lone.append(this)
        for mark in (*stack, *lone):
            if mark.sign == "*" and mark.count == 2:
                self.found.append((mark.start, mark.start + 2 * mark.width, ""))
