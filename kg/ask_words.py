"""Question words: tokens, their plain forms, and the shared vocabulary of kg/questions.yaml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pydantic import Field, ValidationError

from kg.errors import SchemaError
from kg.model import Value
from kg.names import visible
from kg.schema_yaml import read_yaml

TOKEN = re.compile(r"[$€£¥]?\d[\d,.]*\d(?:[\w.\-+%]*\w)?\+?|[$€£¥]?\d\w*\+?|[@#]?\w+(?:[.\-+/&]\w+)*|'s\b|'(?=\s|$)|,")
_SHORT = re.compile(r"\b(what|who|where|how|that|it|when|which|there|he|she)'s\b", re.IGNORECASE)
_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "–": "-", "—": " - ", "−": "-", "‑": "-"})
_IRREGULAR = {
    "bought": "buy", "sold": "sell", "led": "lead", "held": "hold", "made": "make", "built": "build", "paid": "pay",
    "spent": "spend", "lent": "lend", "took": "take", "taken": "take", "gave": "give", "given": "give", "got": "get",
    "gotten": "get", "ran": "run", "won": "win", "said": "say", "kept": "keep", "came": "come", "done": "do",
    "did": "do", "does": "do", "has": "have", "had": "have", "is": "be", "are": "be", "was": "be", "were": "be",
    "been": "be", "being": "be", "am": "be", "owned": "own", "wrote": "write", "begun": "begin", "went": "go",
    "people": "person", "sued": "sue", "struck": "strike", "inked": "ink", "putting": "put", "using": "use",
    "used": "use", "uses": "use", "tied": "tie", "ties": "tie", "licence": "license", "licences": "license",
    "beat": "beat", "beaten": "beat", "companies": "company", "bigger": "big", "whom": "who", "funding": "funding",
    "pricing": "pricing", "this": "this", "previous": "previous", "versus": "versus", "vs": "versus", "focus": "focus",
    "business": "business", "status": "status", "plus": "plus", "series": "series", "us": "us", "its": "its",
    "left": "leave", "lost": "lose", "spun": "spin", "rose": "rise", "chose": "choose", "sought": "seek",
    "founded": "found", "founding": "found", "planned": "plan", "planning": "plan", "plans": "plan",
    "shipped": "ship", "shipping": "ship", "topped": "top", "topping": "top", "running": "run", "hosted": "host",
    "competing": "compete", "rumoured": "rumor", "rumored": "rumor", "cancelled": "cancel", "canceled": "cancel",
}  # fmt: skip


class Shared(Value):
    """The form of kg/questions.yaml."""

    ignorable: tuple[str, ...]
    phrases: tuple[str, ...]
    refused: dict[str, tuple[str, ...]]
    kinds: dict[str, tuple[str, ...]]
    openers: tuple[str, ...]
    aspects: dict[str, tuple[str, ...]]
    statuses: dict[str, tuple[str, ...]]
    status_values: dict[str, tuple[str, ...]]
    release_only: tuple[str, ...]
    words: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    roles: tuple[str, ...]
    beside: tuple[str, ...]
    relations: dict[str, dict[str, tuple[str, ...]]]
    shapes: dict[str, tuple[str, ...]]
    chains: dict[str, dict[str, Any]]
    implied: dict[str, dict[str, dict[str, tuple[str, ...]]]]
    deal_kinds: dict[str, tuple[str, ...]]
    can_ask: tuple[str, ...]


@lru_cache(maxsize=1)
def shared() -> Shared:
    """Return the shared question shapes and word lists; raise SchemaError with the key if the file is broken."""
    file = files("kg") / "questions.yaml"
    try:
        return Shared.model_validate(read_yaml(file))
    except ValidationError as error:
        first = error.errors()[0]
        raise SchemaError(f"{file}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None


@dataclass(frozen=True)
class Token:
    """A word of the question and where it stands."""

    text: str
    start: int
    end: int

    @property
    def plain(self) -> str:
        """Return the form that wordings are compared by."""
        return plain(self.text)


def clean(question: str) -> str:
    """Return the question on one line, with plain quotes and "what's" written out."""
    text = visible(question).translate(_QUOTES)
    return _SHORT.sub(r"\1 is", " ".join(text.split()))


def tokens(text: str) -> list[Token]:
    """Return the words of a cleaned question; marks other than commas and possessives are dropped."""
    return [Token(m.group(), m.start(), m.end()) for m in TOKEN.finditer(text)]


@lru_cache(maxsize=20_000)
def plain(word: str) -> str:
    """Return a word's plain form: lower case, no hyphen, a light stem (invested, invests → invest)."""
    low = word.casefold().replace("-", "")
    if low not in _IRREGULAR and low.isalpha() and len(low) >= 4:
        low = _stem(low)
    low = _IRREGULAR.get(low, low)
    return low.removesuffix("e") if len(low) >= 4 else low


def _stem(low: str) -> str:
    if low.endswith(("ss", "us", "is")):
        return low
    for ending, keep in (("ies", "y"), ("ied", "y"), ("ing", ""), ("ed", ""), ("s", "")):
        stem = low.removesuffix(ending) + keep
        if low.endswith(ending) and len(stem) >= 3:
            doubled = ending in ("ing", "ed") and len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsze"
            return stem[:-1] if doubled else stem
    return low


def phrase(text: str) -> tuple[str, ...]:
    """Return the plain forms of a phrase's words."""
    return tuple(t.plain for t in tokens(clean(text)))


@lru_cache(maxsize=1)
def ignorable() -> frozenset[str]:
    """Return the plain forms of words that carry no meaning of their own."""
    return frozenset(w for text in shared().ignorable for w in phrase(text))


@lru_cache(maxsize=1)
def kinds() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return the nouns for types of entities: plain words → entity types."""
    return {phrase(noun): tuple(key.split()) for key, nouns in shared().kinds.items() for noun in nouns}
