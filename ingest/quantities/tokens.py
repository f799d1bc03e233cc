"""Tokens and found quantities: a sentence as one plain string whose offsets lead back to its tokens."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from kg.model import Amount
from kg.names import INVISIBLE

Kind = Literal["money", "percent", "number", "gw", "term", "round", "date", "period", "rank", "score"]

# One character for one character, so that offsets stay: dashes, apostrophes, wide signs.
_PLAIN = str.maketrans({**dict.fromkeys("‐‑‒–—―−", "-"), **dict.fromkeys("‘’`", "'"), **dict.fromkeys("≈∼～", "~"),
                        "＄": "$", "￥": "¥", "％": "%", "⁓": "~"})  # fmt: skip
_TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Tok:
    """A visible token: its text without invisible characters, its offsets in the original text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """A phrase that states a value. `first` and `last` are token indices (inclusive), `start` and `end` offsets.

    `value` is an Amount (money), a number (percent, number, gw, rank, score), a text (term "10 years", round
    "Series C", an ISO date where the phrase needs no date of publication), or None where it states no exact value.
    """

    kind: Kind
    first: int
    last: int
    start: int
    end: int
    text: str
    value: Amount | float | str | None
    hints: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase in a Line, before it is parsed: character offsets of the line, end exclusive."""

    start: int
    end: int
    hints: frozenset[str] = frozenset()


class Line:
    """The tokens of a sentence as one string: glued tokens touch, others are one blank apart.

    `words` (lower case) and `digits` (whether there are any) let a rule pass over a line cheaply.
    """

    def __init__(self, tokens: Sequence[Tok]) -> None:
        self.tokens = tokens
        self._starts: list[int] = []
        parts: list[str] = []
        position, last = 0, -1
        for token in tokens:
            if last not in (-1, token.start):
                parts.append(" ")
                position += 1
            self._starts.append(position)
            parts.append(token.text)
            position += len(token.text)
            last = token.end
        self._raw = "".join(parts)
        self.text = self._raw.translate(_PLAIN)
        self.words = {token.text.lower() for token in tokens}
        self.digits = any(c.isdecimal() for c in self.text)
        self._taken = bytearray(len(self.text))

    def free(self, start: int, end: int) -> bool:
        """Return whether no quantity has taken a character of this stretch."""
        return not any(self._taken[start:end])

    def take(self, kind: Kind, found: Found, value: Amount | float | str | None) -> Quantity:
        """Return the quantity of a found phrase and keep its stretch from others."""
        first = bisect_right(self._starts, found.start) - 1
        last = max(bisect_left(self._starts, found.end) - 1, first)
        self._taken[found.start : found.end] = b"\x01" * (found.end - found.start)
        end = self._starts[last] + len(self.tokens[last].text)
        surface = self._raw[self._starts[first] : end]
        start, stop = self.tokens[first].start, self.tokens[last].end
        return Quantity(kind, first, last, start, stop, surface, value, found.hints)


def plain(text: str) -> str:
    """Return a phrase as Lines spell it: one kind of dash, apostrophe and blank, nothing invisible."""
    return " ".join(INVISIBLE.sub("", text).translate(_PLAIN).split())


def tokenize(text: str, start: int = 0) -> list[Tok]:
    """Return the visible tokens of a text; a word stays whole across an invisible character inside it."""
    return list(_tokens(text, start))


def _tokens(text: str, start: int) -> Iterator[Tok]:
    kept = [i for i, c in enumerate(text) if not INVISIBLE.match(c)]
    shown = text if len(kept) == len(text) else "".join(text[i] for i in kept)
    for match in _TOKEN.finditer(shown):
        yield Tok(match.group(), start + kept[match.start()], start + kept[match.end() - 1] + 1)
