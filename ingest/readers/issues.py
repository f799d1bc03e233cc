"""Issues: a decoded text to one or several issues, with title, day, publisher and key."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path, PurePath

from ingest.readers import dates
from ingest.readers.front import split_front
from ingest.readers.page import read_page
from ingest.segment import blocks
from kg.errors import ReadError
from kg.markup import plain
from kg.model import Issue

_PART = re.compile(r"^---[ \t]*$", re.MULTILINE)
_TITLE = 200  # characters of a title at most


@dataclass(frozen=True)
class Source:
    """Where a text came from, and what the caller says of it."""

    name: str
    suffix: str = ".txt"
    path: Path | None = None
    date: str | None = None
    publisher: str | None = None
    split: bool = False
    file: str = ""  # the name of a file whose place is unknown: it dates the issue, but is no key


def issues(text: str, source: Source) -> list[Issue]:
    """Return the issues of a text; raise ReadError if it has nothing to read."""
    html = source.suffix in (".html", ".htm")
    front: dict[str, str] = {}
    if html:
        page = read_page(text, rules=source.split)
        front = {"title": page.title, "date": page.date, "publisher": page.publisher}
        text = page.text
    else:
        front, text = split_front(text)
    parts = _PART.split(text) if source.suffix == ".txt" or source.split else [text]
    parts = [part.strip("\n").rstrip() for part in parts]
    parts = [part for part in parts if plain(part, 0, len(part), html=html)]
    if not parts:
        raise ReadError(
            f"{source.path or source.file or source.name} has no text to read (only marks, comments or front matter)"
        )
    return [_issue(part, n, len(parts), front, source, html) for n, part in enumerate(parts, 1)]


def _issue(text: str, n: int, of: int, front: dict[str, str], source: Source, html: bool) -> Issue:
    stem = re.sub(r"\s+", "-", source.name) or "issue"
    url = front.get("url", "")
    return Issue(
        key=_key(text, n, url, stem, source.path),
        doc_id=f"{stem}-{n}" if of > 1 else stem,
        text=text,
        title=_title(text, source.name, html, front.get("title", "") if n == 1 else ""),
        publisher=source.publisher or front.get("publisher", ""),
        url=url,
        published=_day(text, of, front.get("date", ""), source),
        file=source.path.name if source.path else source.file,
        markup=not html,
    )


def _key(text: str, n: int, url: str, stem: str, path: Path | None) -> str:
    """Return which issue it is: its URL, else its file, else (pasted) its text; `.2` and so on for a further part."""
    if url:
        key = re.sub(r"\s+", "%20", url)
    elif path:
        place = path.resolve().as_posix().encode("utf-8", "surrogateescape")
        key = f"{stem}-{hashlib.sha256(place).hexdigest()[:8]}"
    else:
        return "text-" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{key}.{n}" if n > 1 else key


def _day(text: str, of: int, front: str, source: Source) -> str | None:
    """Return the issue's day if it is certain; a part's own date line goes before what is said of the whole file."""
    name = dates.of_name(source.path or PurePath(source.file)) if source.path or source.file else None
    line = dates.of_text(text)
    whole = (dates.of_front(front, name) if front else None) or name
    return source.date or ((line or whole) if of > 1 else (whole or line))


def _title(text: str, name: str, html: bool, given: str) -> str:
    if given:
        return given[:_TITLE]
    head = text[:3000]
    first = [b for b in blocks(head, html=html) if b.kind not in ("image", "sources")]
    best = [b for b in first if b.kind == "heading" and b.level == 1] or first[:1]
    for block in best:
        shown = plain(head, block.start, block.end, html=html)
        if block.kind == "heading" or len(shown) <= 120:
            return shown[:_TITLE]
    return name
