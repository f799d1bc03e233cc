"""Markup for the pages: the one place that makes HTML, in which every text is escaped."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import urlsplit

import streamlit as st

from kg.names import visible

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class Html(str):
    """Finished markup; only `tag`, `joined` and `text` make it."""

    __slots__ = ()


def literal(value: str) -> str:
    """Return the text for a place that takes plain text: without invisible and control characters."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", visible(value))


def text(value: str) -> Html:
    """Return the text as markup that shows it letter by letter: no tag, no entity, no control character of it acts."""
    return Html(escape(literal(value)))


def joined(*parts: str) -> Html:
    """Return the parts one after another; those that are no markup yet are escaped."""
    return Html("".join(part if isinstance(part, Html) else text(part) for part in parts))


def tag(name: str, *children: str, css: str = "", **attributes: str) -> Html:
    """Return an element; children that are no markup yet are escaped, and so are attributes (`_` becomes `-`)."""
    given = {"class": css, **{key.replace("_", "-"): value for key, value in attributes.items()}}
    written = "".join(f' {key}="{text(value)}"' for key, value in given.items() if value)
    return Html(f"<{name}{written}>{joined(*children)}</{name}>")


def link(words: str, url: str) -> Html:
    """Return a link that opens in a tab of its own, or the bare words where the URL is no web address."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return joined(words)
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc:
        return joined(words)
    return tag("a", words, href=url.strip(), target="_blank", rel="noopener noreferrer nofollow")


def show(*parts: Html) -> None:
    """Put finished markup on the page."""
    st.html(str(joined(*parts)))


def notice(kind: str, title: str, *lines: str) -> None:
    """Show a boxed message: `kind` is info or error; each line is a paragraph."""
    body = (tag("p", line) for line in lines if line)
    show(tag("div", tag("strong", title), *body, css=f"kg-notice kg-{kind}", role="status"))
