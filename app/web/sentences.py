"""Sentences behind an answer: support in grey, then the claim with the names marked, then where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.web.tags import Html, joined, link, tag
from kg.markup import plain
from kg.names import visible

Span = Mapping[str, Any]
Place = tuple[int, int]


def seen(text: str, start: int, end: int, marks: Iterable[Place] = (), *, html: bool = False) -> Html:
    """Return what a person sees of a slice of an issue's text, the marked places in it highlighted."""
    whole = plain(text, start, end, html=html)
    places: list[Place] = []
    for left, right in sorted(set(marks)):
        if start <= left < right <= end:
            words, before = plain(text, left, right, html=html), len(plain(text, start, left, html=html))
            at = next((n for n in (before, before + 1) if words and whole.startswith(words, n)), None)
            if at is not None:
                places.append((at, at + len(words)))
    return highlighted(whole, places)


def highlighted(words: str, places: Iterable[Place]) -> Html:
    """Return the text with these places marked; where two overlap the earlier and longer one is taken."""
    out: list[str] = []
    done = 0
    for left, right in sorted(set(places), key=lambda p: (p[0], -p[1])):
        if left >= done:
            out += (words[done:left], tag("mark", words[left:right]))
            done = right
    return joined(*out, words[done:])


def found(words: str, names: Iterable[str]) -> list[Place]:
    """Return where the names stand in a text as words of their own, in any case."""
    places = []
    for name in names:
        if name := " ".join(visible(name).split()):
            pattern = rf"(?<!\w){re.escape(name)}(?!\w)"
            places += [match.span() for match in re.finditer(pattern, words, re.IGNORECASE)]
    return places


def evidence(
    spans: Sequence[Span], text: str | None, *, marks: Iterable[Place], names: Sequence[str], html: bool = False
) -> Html:
    """Return the claims as paragraphs, each with the support that stands before it in grey.

    `marks` are the mentions of both ends in the issue's text; where none is in a span the names are looked for.
    """
    places = list(marks)

    def words(span: Span) -> Html:
        start, end = span["start"], span["end"]
        if text is not None and text[start:end] == span["text"]:
            if any(start <= left < right <= end for left, right in places):
                return seen(text, start, end, places, html=html)
            whole = plain(text, start, end, html=html)
        else:
            whole = " ".join(visible(span["text"]).split())
        return highlighted(whole, found(whole, names))

    return joined(*(_paragraph(support, claim, words) for support, claim in _grouped(spans)))


def _paragraph(support: Sequence[Span], claim: Span, words: Any) -> Html:
    before = [tag("span", words(span), " ", css=f"kg-support kg-{_role(span)}") for span in support]
    return tag("p", *before, words(claim), css="kg-claim")


def _role(span: Span) -> str:
    return span["role"] if span["role"] in ("heading", "label", "header", "antecedent") else "support"


def _grouped(spans: Sequence[Span]) -> Iterator[tuple[list[Span], Span]]:
    """Yield each claim with the support that stands before it; what stands after the last goes to the first."""
    ordered = sorted(spans, key=lambda span: (span["start"], span["end"]))
    claims = [span for span in ordered if span["role"] == "claim"] or ordered[-1:]
    support = [span for span in ordered if span not in claims]
    late = [span for span in support if claims and span["start"] > claims[-1]["start"]]
    for number, claim in enumerate(claims):
        after = claims[number - 1]["start"] if number else -1
        before = [s for s in support if after < s["start"] <= claim["start"] and s not in late]
        yield ([*late, *before] if number == 0 else before), claim


def source(issue: Mapping[str, Any] | None, key: str) -> Html:
    """Return the line that says where a sentence stands: publisher, title (a link where its URL is known), date."""
    about = issue or {}
    title = about.get("title") or about.get("file") or key
    named = link(title, about["url"]) if about.get("url") else joined(title)
    publisher = about.get("publisher") or ""
    parts = [tag("span", publisher)] if publisher and publisher != title else []
    parts += [tag("span", named), tag("span", about.get("published") or about.get("date") or "undated")]
    return tag("p", *parts, css="kg-source")
