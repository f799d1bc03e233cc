"""Blocks: an issue is a sequence of headings, paragraphs, bullets, quotes, rows, comments, sources, images, code."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from ingest import labels
from ingest.wrap import goes_on, width
from kg.lines import Line, lines, mask
from kg.markup import hidden, plain
from kg.names import INVISIBLE

Span = tuple[int, int]
Kind = Literal["heading", "paragraph", "bullet", "quote", "row", "comment", "sources", "image", "code"]

BOLD_HEADING = 7  # the level of a line that is bold and nothing else: below all headings with marks
_IMAGE = re.compile(r"\[image: ([^\]\n]{1,2000})\]", re.IGNORECASE)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DATE = re.compile(rf"^\W*(?:\w+,?\s+)?(?:{_MONTH}\s+\d{{1,2}}|\d{{1,2}}\s+{_MONTH}),?\s+\d{{4}}\W*$|^[\d\W]+$", re.I)
_TWO = re.compile(r"[.!?]\s+[A-Z“\"]")  # two sentences
_STRONG = re.compile(r"(?:\*\*|__|(?:\\\*){2})(?!\s)|<(?:strong|b)>", re.I)


@dataclass(frozen=True)
class Block:
    """A stretch of an issue's text that belongs together; marks may lie inside and around it.

    `level` is a heading's level or a bullet's depth, `heading` the nearest heading above, `label` the words in front
    of a colon or in bold, `parent` the index of the enclosing bullet, `header` the table's header row, `markup`
    whether the text has marks.
    """

    kind: Kind
    start: int
    end: int
    level: int = 0
    heading: Span | None = None
    label: Span | None = None
    parent: int | None = None
    header: Span | None = None
    markup: bool = True


@dataclass
class _Draft:
    """A block in the making."""

    start: int
    end: int
    line: Line
    last: Line
    kind: str = ""  # set where the marks say it
    blanks: int = 0  # blank lines above
    level: int = 0
    header: Span | None = None
    seen: str = ""
    raw: str = field(default="", repr=False)
    count: int = 1  # of lines


def blocks(text: str, *, html: bool = False) -> list[Block]:
    """Return the blocks of a text in order, none overlapping; `html=True`: the text was made from an HTML page."""
    return _Reader(text, html).read()


class _Reader:
    def __init__(self, text: str, html: bool) -> None:
        self.text, self.html = text, html
        self.lines = lines(text, text if html else mask(text), html=html)
        self.hidden = hidden(text, html=html)
        self.starts = [start for start, _ in self.hidden]
        self.seen = {line.body: self.visible(line.body, line.stop) for line in self.lines if line.kind == "text"}
        self.width = width(self._neighbours())

    def read(self) -> list[Block]:
        drafts = list(self._drafts())
        for draft in drafts:
            draft.seen = plain(self.text, draft.start, draft.end, html=self.html)
            draft.raw = self.text[draft.line.body : draft.last.stop]
            draft.kind = draft.kind or self._kind(draft)
        self._headings(drafts)
        return list(self._finished(drafts))

    def visible(self, start: int, end: int) -> Span:
        """Return the span without blanks and hidden ranges at its ends."""
        while start < end:
            n = bisect_right(self.starts, start) - 1
            if n >= 0 and self.hidden[n][1] > start:
                start = self.hidden[n][1]
            elif self.text[start].isspace() or INVISIBLE.match(self.text[start]):
                start += 1
            else:
                break
        while end > start:
            n = bisect_right(self.starts, end - 1) - 1
            if n >= 0 and self.hidden[n][1] >= end:
                end = self.hidden[n][0]
            elif self.text[end - 1].isspace() or INVISIBLE.match(self.text[end - 1]):
                end -= 1
            else:
                break
        return (start, end) if start < end else (start, start)

    def _neighbours(self) -> Iterator[tuple[str, str]]:
        """Yield pairs of lines that stand directly below each other and could be one paragraph."""
        for this, following in zip(self.lines, self.lines[1:], strict=False):
            if this.kind == following.kind == "text" and not (following.bullet or following.level or this.level):
                if following.tagged or this.stop - this.start > 200:
                    continue
                yield self.text[this.start : this.stop], self.text[following.body : following.stop][:200]

    def _drafts(self) -> Iterator[_Draft]:
        """Yield what stands together, lines joined where a line goes on in the next."""
        draft: _Draft | None = None
        row: _Draft | None = None
        header: Span | None = None
        blanks = 0
        for line in self.lines:
            start, end = self.seen[line.body] if line.kind == "text" else self.visible(line.body, line.stop)
            if line.kind == "definition" or (line.kind == "text" and start >= end and not line.bullet):
                continue
            celled = line.kind == "row" or (line.kind == "text" and row is not None and "|" in self.text[start:end])
            if not celled and line.kind != "tablerule":
                row, header = None, None
            if draft and self._joins(draft, line, start):
                draft.end, draft.last, draft.count = end, line, draft.count + 1
                continue
            if draft and line.kind in ("underline", "rule") and self._underlined(draft, line, blanks):
                draft.kind, draft.level = "heading", 1 if line.kind == "underline" else 2
            if draft and line.kind == "tablerule" and not row and "|" in self.text[draft.start : draft.end]:
                draft.kind, row = "row", draft
            if draft:
                yield draft
                draft = None
            if line.kind == "tablerule" and row:
                header = (row.start, row.end) if row.start < row.end else None
            blanks = blanks + 1 if line.kind == "blank" else blanks
            if start >= end or line.kind in ("blank", "rule", "underline", "fence", "tablerule"):
                continue
            kind = "row" if celled else "code" if line.kind == "code" else ""
            draft = _Draft(start, end, line, line, kind, blanks, line.level, header)
            row, blanks = (draft if celled else row), 0
            if self._image(draft):
                yield draft
                draft = None
        if draft:
            yield draft

    def _joins(self, draft: _Draft, line: Line, start: int) -> bool:
        """Say whether the line goes on with the draft."""
        if line.kind == "code":
            return draft.kind == "code"
        if line.kind != "text" or draft.kind in ("row", "code") or line.tagged or line.bullet or line.level:
            return False
        last = draft.last
        if line.depth != last.depth or draft.level or self.text.count("\n", last.end, line.start) > 1:
            return False
        if self._apart(last, line) or self.text[last.body : last.stop].endswith("\\"):
            return False
        if self.text[line.body : line.body + 2] == "![" or _IMAGE.match(self.text, start):
            return False
        before, after = self.text[last.start : last.stop], self.text[line.body : min(line.stop, line.body + 200)]
        if draft.count == 1 and self._bold(before[last.body - last.start :]) and self.text[start].isupper():
            return False
        return goes_on(before[-200:] if len(before) > 200 else before, after, self.width)

    def _apart(self, last: Line, line: Line) -> bool:
        """Say whether a blank line lies between (lines of a comment are none)."""
        return not self.text[last.end : line.start].strip() and self.text.count("\n", last.end, line.start) > 1

    def _underlined(self, draft: _Draft, line: Line, blanks: int) -> bool:
        """Say whether a line of = or - under the draft makes it a heading."""
        near = self.text.count("\n", draft.last.end, line.start) == 1 and line.start - draft.last.end <= 1
        short = draft.count == 1 and draft.end - draft.start <= 120 and not draft.line.bullet
        sign = self.text[line.start : line.end].strip()[:1]
        return near and short and sign in "=-" and self.text[draft.end - 1] not in ".,;:"

    def _image(self, draft: _Draft) -> bool:
        """Mark a draft that is an image and nothing else; say whether it is one."""
        text, start, end = self.text, draft.start, draft.end
        found = _IMAGE.fullmatch(text, start, end)
        if found:
            draft.kind, draft.start, draft.end = "image", *found.span(1)
        elif text[max(start - 2, 0) : start] == "![" and text[end : end + 2] == "](":
            draft.kind = "image"
        return draft.kind == "image"

    def _bold(self, raw: str) -> bool:
        """Say whether the line is bold and nothing else."""
        raw = raw.strip().rstrip("\\").strip()
        mark = _STRONG.match(raw)
        if not mark or len(raw) > 160:
            return False
        close = mark[0].replace("<", "</")
        return raw.endswith(close) and raw.find(close, mark.end()) == len(raw) - len(close) > mark.end()

    def _kind(self, draft: _Draft) -> str:
        """Return the kind that marks, labels and links say; a short line stays open: "short" may become a heading."""
        line, seen = draft.line, draft.seen
        if line.level or line.tag[:1] == "h":
            draft.level = line.level or int(line.tag[1:])
            return "heading"
        if labels.is_sources(seen, draft.raw):
            return "sources"
        if line.bullet or line.tag == "li":
            return "bullet"
        if line.depth:
            return "quote"
        if self._bold(draft.raw):
            draft.level = BOLD_HEADING
            return "heading"
        if self.html and draft.blanks >= 2 and len(seen) <= 200:
            draft.level = 2 if draft.blanks > 2 else 3
            return "heading"
        return "short" if self._short(seen) else "paragraph"

    def _short(self, seen: str) -> bool:
        """Say whether the line could be a heading: short, one phrase, no full stop, no date."""
        words = seen.split()
        if len(seen) > 140 or len(words) > 22 or _DATE.match(seen) or _TWO.search(seen):
            return False
        begun = words[0].isalpha() and words[0].islower()
        return not (begun or seen[0] in "{|" or seen[-1] in ".,;:…|" or (seen[-1] == "!" and len(words) > 8))

    def _headings(self, drafts: list[_Draft]) -> None:
        """Decide which short lines are headings: those above a paragraph, or above such a heading."""
        below, chain = "", 0
        for draft in reversed(drafts):
            if draft.kind == "short":
                if below in ("", "sources") or chain >= 2:
                    draft.kind, chain = "paragraph", 0
                    below = "paragraph" if below != "sources" else ""
                    continue
                capitals = draft.seen.isupper() and len(draft.seen) > 4
                draft.kind, draft.level = "heading", 2 if chain or draft.blanks > 1 or capitals else 3
                chain += 1
            elif draft.kind != "image":
                below, chain = draft.kind if draft.kind != "heading" else "", 0

    def _finished(self, drafts: list[_Draft]) -> Iterator[Block]:
        """Yield the blocks with headings, labels and parents set."""
        above: list[tuple[int, Span]] = []  # headings: level, span
        bullets: list[tuple[int, int]] = []  # open bullets: indent, index
        comment = 0  # level of the heading that announces comments
        for index, draft in enumerate(drafts):
            span, kind = (draft.start, draft.end), draft.kind
            parent, level = None, draft.level
            if kind == "heading":
                while above and above[-1][0] >= level:
                    above.pop()
                comment = 0 if comment and level <= comment else comment
                comment = level if labels.is_comment(draft.seen) else comment
            indent = draft.line.indent
            while bullets and (bullets[-1][0] >= indent or kind == "heading"):
                bullets.pop()
            parent = bullets[-1][1] if bullets else None
            if draft.line.bullet or draft.line.tag == "li":
                level = len(bullets) + 1
                bullets.append((indent, index))
            label = self._label(draft) if kind in ("paragraph", "bullet", "quote", "sources") else None
            if kind in ("paragraph", "bullet", "quote") and (comment or (label and self._comment(label))):
                kind = "comment"
            heading = above[-1][1] if above else None
            if kind == "heading":
                above.append((level, span))
            yield Block(kind, *span, level, heading, label, parent, draft.header, not self.html)  # type: ignore[arg-type]

    def _comment(self, label: Span) -> bool:
        return labels.is_comment(plain(self.text, *label, html=self.html))

    def _label(self, draft: _Draft) -> Span | None:
        """Return the span of the label, the marks inside it kept."""
        places = list(self._places(draft.start, min(draft.end, draft.start + 2000), 320))
        seen = "".join(self.text[k] for k in places)
        size = labels.label(seen, bold=self._bold_start(draft, places), bullet=bool(draft.line.bullet))
        size = len(seen[:size].rstrip())
        return (places[0], places[size - 1] + 1) if size else None

    def _places(self, start: int, end: int, limit: int) -> Iterator[int]:
        """Yield the offsets of the visible characters."""
        n = max(bisect_right(self.starts, start) - 1, 0)
        at = start
        while at < end and limit:
            while n < len(self.hidden) and self.hidden[n][1] <= at:
                n += 1
            if n < len(self.hidden) and self.hidden[n][0] <= at:
                at = self.hidden[n][1]
                continue
            yield at
            at, limit = at + 1, limit - 1

    def _bold_start(self, draft: _Draft, places: list[int]) -> int:
        """Return how many visible characters at the start are bold."""
        mark = _STRONG.match(self.text, draft.line.body)
        if self.html or not mark or mark.end() > draft.start + 40:
            return 0
        close = self.text.find(mark[0].replace("<", "</"), max(mark.end(), draft.start), draft.end)
        return sum(k < close for k in places[:120]) if close > 0 else 0
