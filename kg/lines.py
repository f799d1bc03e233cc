"""Lines: where the marks at a line's start end, and what kind of line stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["blank", "text", "rule", "underline", "fence", "code", "tablerule", "row", "definition"]

INLINE, BREAK = "\x00", "\x01"  # fillers: an inline tag or a comment; a tag that ends a block

# fmt: off
BREAKING = frozenset((
    "address", "article", "aside", "blockquote", "body", "br", "center", "dd", "details", "div", "dl", "dt",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html",
    "li", "main", "nav", "ol", "option", "p", "pre", "section", "select", "summary", "table", "tbody", "tfoot",
    "thead", "title", "tr", "ul",
))
# fmt: on
# fmt: off
FLOWING = frozenset((
    "a", "abbr", "audio", "b", "big", "button", "caption", "cite", "code", "col", "colgroup", "data", "del", "dfn",
    "em", "embed", "font", "i", "iframe", "img", "input", "ins", "kbd", "label", "link", "mark", "meta", "noscript",
    "object", "picture", "q", "s", "samp", "script", "small", "source", "span", "strike", "strong", "style", "sub",
    "sup", "svg", "td", "th", "time", "tt", "u", "var", "video",
))
# fmt: on
_TAG = re.compile(
    r"<(/?)([A-Za-z][A-Za-z0-9]*)(?:\s(?:[^<>]{0,4000}?[\"'=/][^<>]{0,4000})?|\s+)?/?>|<![A-Za-z][^<>]{0,500}>"
)
_PREFIX = re.compile(r"[ \t\x00]*+(?:>(?![\d=$<€£])[ \t\x00]*+)*")
_HTML_PREFIX = re.compile(r"[ \t]*+(?:>[ \t]++)*+")
_HTML_BULLET = re.compile(r"[•◦][ \t]++")
_HEADING = re.compile(r"(#{1,6})(?:[ \t\x00]++|$|(?<=##)(?=[A-Z*]))")
_BULLET = re.compile(r"([-+*–—])(?:[ \t\x00]++|$)|([•◦▪‣●∙○■►▸➤·])[ \t\x00]*+")
_ORDERED = re.compile(r"\(?(\d{1,3})[.)][ \t\x00]++(?=\S)")
_BOX = re.compile(r"\[[ xX]\][ \t]++")
_RULE = re.compile(r"(?:-[ \t]*+){3,}+|(?:\*[ \t]*+){3,}+|(?:_[ \t]*+){3,}+")
_UNDERLINE = re.compile(r"={3,}+[ \t]*+")
_FENCE = re.compile(r"(`{3,}+|~{3,}+)[ \t]*+[\w+.#-]{0,30}[ \t]*+")
_DEFINITION = re.compile(
    r"\[([^\]\[^][^\]\[]{0,200})\]:[ \t]++(?:<[^<>]*>|(?:https?:|mailto:|www\.|[./#])\S*)(?:[ \t]++[\"'(].*)?"
)
_TAIL = re.compile(r"[ \t]+#+[ \t]*$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or a piece of one between two block tags: marks lie in [start, body), the content in [body, stop)."""

    start: int
    body: int
    stop: int  # before closing marks and blanks
    end: int
    kind: Kind = "text"
    depth: int = 0  # of quotes
    indent: int = 0
    level: int = 0  # of a heading
    bullet: str = ""  # the bullet's sign or number
    tag: str = ""  # the block tag in front, "li" or "h2"
    tagged: bool = False  # a block tag stands in front


def mask(text: str) -> str:
    """Return the text with comments, scripts and tags filled out: one filler for each character, so offsets hold."""
    if "<" not in text:
        return text
    out: list[str] = []
    at = 0
    for start, end, filler in _covered(text):
        out += (text[at:start], filler * (end - start))
        at = end
    out.append(text[at:])
    return "".join(out)


def _covered(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield what is no text: comments, scripts and styles with what is in them, tags."""
    at, lower, missing = 0, "", set()
    while (at := text.find("<", at)) >= 0:
        if text.startswith("<!--", at):
            end = text.find("-->", at + 4) + 3 if "-->" not in missing else 2
            if end == 2:  # never closed: hidden up to the end of the paragraph
                missing.add("-->")
                end = text.find("\n\n", at)
                end = len(text) if end < 0 else end
            yield at, end, INLINE
            at = end
            continue
        tag = _TAG.match(text, at)
        name = (tag[2] or "").lower() if tag else ""
        if not tag or (name and name not in BREAKING and name not in FLOWING):
            at += 1
            continue
        end = tag.end()
        if name in ("script", "style") and not tag[1] and name not in missing:
            lower = lower or text.lower()
            close = lower.find(f"</{name}", end) if len(lower) == len(text) else -1
            if close < 0:
                missing.add(name)
            else:
                end = text.find(">", close) + 1 or len(text)
        yield at, end, BREAK if name in BREAKING else INLINE
        at = end


def lines(text: str, masked: str, *, html: bool = False) -> list[Line]:
    """Return the lines of a text in order; `masked` is what `mask` made of it (for plain text: itself)."""
    spans: list[tuple[int, int]] = []
    at = 0
    for raw in masked.split("\n"):
        spans.append((at, at + len(raw)))
        at += len(raw) + 1
    fenced = {} if html else _fences(masked, spans)
    out: list[Line] = []
    for n, (start, end) in enumerate(spans):
        if n in fenced:
            kind: Kind = "fence" if fenced[n] else "code"
            out.append(Line(start, end if fenced[n] else start, end, end, kind))
        elif BREAK in masked[start:end]:
            out.extend(_pieces(text, masked, start, end))
        else:
            out.append(_line(masked, start, end, html))
    return out


def _fences(masked: str, spans: list[tuple[int, int]]) -> dict[int, bool]:
    """Return the lines of closed code fences: True for the fence itself, False for what lies between."""
    out: dict[int, bool] = {}
    if "```" not in masked and "~~~" not in masked:
        return out
    opened, sign = -1, ""
    for n, (start, end) in enumerate(spans):
        found = _FENCE.fullmatch(masked[start:end].strip())
        if not found:
            continue
        if opened < 0:
            opened, sign = n, found[1]
        elif found[1].startswith(sign) and found[0].strip() == found[1]:
            out.update({k: k in (opened, n) for k in range(opened, n + 1)})
            opened = -1
    return out


def _pieces(text: str, masked: str, start: int, end: int) -> Iterator[Line]:
    """Yield the pieces of a line between runs of block tags, each knowing the tag in front of it."""
    at, tag, tagged = start, "", False
    while at < end:
        stop = masked.find(BREAK, at, end)
        stop = end if stop < 0 else stop
        if masked[at:stop].strip(" \t\x00"):
            line = _line(masked, at, stop, True)
            yield Line(line.start, line.body, line.stop, line.end, "text", 0, 0, 0, "", tag, tagged)
        if stop == end:
            break
        at = stop
        while at < end and masked[at] in "\x00\x01 \t":
            at += 1
        tags = re.findall(r"<(li|h[1-6]|p|div|td|tr|blockquote)\b", text[stop:at].lower())
        tag, tagged = (tags[-1] if tags else ""), True
        if "li" in tags:
            tag = "li"
    if tagged:
        yield Line(end, end, end, end, "blank", tagged=True)


def _line(masked: str, start: int, end: int, html: bool) -> Line:
    """Return the line with its marks told apart."""
    stop = end
    while stop > start and masked[stop - 1] in " \t\r\x00\xa0":
        stop -= 1
    prefix = (_HTML_PREFIX if html else _PREFIX).match(masked, start, end)
    body = prefix.end() if prefix else start
    head = masked[start:body]
    depth, indent = head.count(">"), len(head.rsplit(">", 1)[-1].replace("\x00", "").expandtabs(4))
    if body >= stop:
        blank: Kind = "blank" if not masked[start:end].strip() or depth else "text"
        return Line(start, end, end, end, blank, depth, indent)
    rest = masked[body:stop] if stop - body < 2000 else ""
    if "|" in rest and "-" in rest and set(rest) <= set("|:- \t"):
        return Line(start, end, end, end, "tablerule", depth, indent)
    if html:
        found = _HTML_BULLET.match(masked, body, stop)
        mark = found[0].strip() if found else ""
        return Line(start, found.end() if found else body, stop, end, "text", depth, indent, 0, mark)
    if rest and _RULE.fullmatch(rest):
        return Line(start, end, end, end, "rule", depth, indent)
    if rest and _UNDERLINE.fullmatch(rest):
        return Line(start, end, end, end, "underline", depth, indent)
    if rest and indent < 4 and _DEFINITION.fullmatch(rest):
        return Line(start, end, end, end, "definition", depth, indent)
    if rest[:1] == "|":
        return Line(start, body, stop, end, "row", depth, indent)
    return _marked(masked, Line(start, body, stop, end, "text", depth, indent))


def _marked(masked: str, line: Line) -> Line:
    """Return the line with its heading or bullet mark cut off."""
    start, body, stop, end, depth, indent = line.start, line.body, line.stop, line.end, line.depth, line.indent
    if found := _HEADING.match(masked, body, stop):
        tail = _TAIL.search(masked, max(found.end() - 1, stop - 40), stop)
        stop = tail.start() if tail and tail.start() >= found.end() else stop
        return Line(start, found.end(), stop, end, "text", depth, indent, len(found[1]))
    bullet = _BULLET.match(masked, body, stop) or _ORDERED.match(masked, body, stop)
    if bullet:
        body = bullet.end()
        if box := _BOX.match(masked, body, stop):
            body = box.end()
        return Line(start, body, stop, end, "text", depth, indent, 0, bullet[0].strip(" \t\x00"))
    return line
