"""Names: the normal form that identity rests on, and readable ids."""

from __future__ import annotations

import re
import unicodedata

LEGAL_FORMS = {"inc", "incorporated", "corp", "corporation", "ltd", "limited", "llc", "plc", "gmbh"}
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe0e\ufe0f]")
_GROUP = {"company": "org", "organization": "org"}


def visible(text: str) -> str:
    """Return the text without soft hyphens, zero-width characters and direction marks."""
    return INVISIBLE.sub("", text)


def normal(name: str) -> str:
    """Return the normal form of a name: lower case, letters and digits only, legal forms dropped.

    `AI` and `Labs` stay: they are parts of names. A name without letters or digits is its own form.
    """
    text = unicodedata.normalize("NFKD", visible(name)).casefold().replace("&", " and ")
    text = "".join(c for c in text if not unicodedata.combining(c))
    words = re.sub(r"[^\w\s]|_", " ", re.sub(r"[’']s\b", "s", text)).split()
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return "".join(words) or visible(name).strip().casefold()


def group(kind: str) -> str:
    """Return the type group that shares ids: a company and an organization are one."""
    return _GROUP.get(kind, kind)


def entity_id(name: str, kind: str) -> str:
    """Return the readable id of a name: `org/anthropic`, `model/kimik26`."""
    return f"{group(kind)}/{normal(name)}"


def digits(name: str) -> tuple[str, ...]:
    """Return the numbers in a name; two names whose numbers differ are never the same thing."""
    return tuple(re.findall(r"\d+", name))
