"""Labels: the words in front of a block that say what it is."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

import yaml

Span = tuple[int, int]

_COLON = re.compile(r"[^\n:]{2,120}?(?=:[*_\"”]*(?:\s+\S|\Z))")
_DASH = re.compile(r"[\w@\"“][^\n]{1,60}?(?=\s+[-–—]\s+\S|[-–—]\s+\S)")
_INNER_STOP = re.compile(r"[.!?]\s+[A-Z“\"]")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\](?:\([^()\s]{0,4000}(?:\([^()\s]{0,300}\)[^()\s]{0,300}){0,4}\))?")
_URL = re.compile(r"<?\b(?:https?://|www\.)\S+")
_HANDLE = re.compile(r"@\w+|(?<![\w/])/?[ru]/\w+")
_DOMAIN = re.compile(r"(?:[\w-]{1,60}\.){1,4}[a-z]{2,12}(?:/\S*)?")


@cache
def words(name: str) -> frozenset[str]:
    """Return a list of labels.yaml."""
    data = yaml.safe_load(resources.files("ingest").joinpath("labels.yaml").read_text("utf-8"))
    return frozenset(str(word) for word in data[name])


def norm(label: str) -> str:
    """Return a label as the lists have it: lower case, plain apostrophes, no signs at its ends."""
    return re.sub(r"\s+", " ", label.replace("’", "'").casefold()).strip(' .:;,!?-–—*_"“”()[]#')


def is_comment(label: str) -> bool:
    """Say whether the label or heading announces the author's comment."""
    return norm(label) in words("comment")


def label(seen: str, *, bold: int = 0, bullet: bool = False) -> int:
    """Return how much of the visible text is its label, 0 if it has none; `bold` is the length of a bold start."""
    found = _COLON.match(seen)
    if found and _is_label(found[0]):
        return found.end()
    if bold and bold <= 100 and len(seen) > bold + 1:
        rest = seen[bold:].lstrip()
        if seen[bold - 1] in ".:!?" and (rest[:1].isupper() or seen[bold - 1] == ":"):
            return bold - (seen[bold - 1] in ".:")
        if re.match(r"[-–—]\s*\S", rest):
            return bold
    dash = _DASH.match(seen) if bullet else None
    if dash and len(dash[0].split()) <= 6 and not seen[:1].islower():
        return dash.end()
    return 0


def _is_label(text: str) -> bool:
    last = re.sub(r"\W+$", "", text).rpartition(" ")[2]
    return (
        len(text.split()) <= 14
        and not _INNER_STOP.search(text)
        and last not in words("no_label_after")
        and not text[-1:].isspace()
        and text.count("(") == text.count(")")
        and any(c.isalpha() for c in text)
        and not re.match(r"(?:https?|www)\b", text)
    )


@cache
def _source_start() -> re.Pattern[str]:
    options = "|".join(sorted(map(re.escape, words("source")), key=len, reverse=True))
    return re.compile(rf"(?:{options})s?\s*(?::|→|>>|»|$)", re.IGNORECASE)


def is_sources(seen: str, raw: str) -> bool:
    """Say whether a block only lists sources; `seen` is what a person sees of it, `raw` has the links."""
    if _source_start().match(seen.lstrip("([ *")):
        return True
    if len(raw) > 4000:
        return False
    texts = [text for text in _LINK.findall(raw) if text]
    rest, urls = _URL.subn(" ", _LINK.sub(" ", raw))
    rest, handles = _HANDLE.subn(" ", rest)
    if not (texts or urls or handles):
        return False
    if len(texts) > 1 and re.search(r"[|·•]", rest) and not re.search(r"\w", rest):
        return True  # a row of links: Sign up | Archive | Advertise
    return _says_nothing(rest) and all(_names_source(re.sub(r"[*_`\\]", "", text).strip()) for text in texts)


def _says_nothing(text: str) -> bool:
    return all(word in words("link_words") for word in re.findall(r"[^\W_]+", text.casefold()))


def _names_source(text: str) -> bool:
    return bool(_HANDLE.fullmatch(text) or _DOMAIN.fullmatch(text) or _URL.fullmatch(text)) or _says_nothing(text)
