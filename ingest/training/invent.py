"""Invention: new names and amounts after the pattern of known ones, so that context is learned and not the name."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

_RUN = re.compile(r"[^\W\d_]{4,}")
_DIGITS = re.compile(r"\d+")
_MONEY = re.compile(
    r"(?P<front>.*?[$€£¥₹])\s?\d[\d,]*(?:\.\d+)?[ -]?(?P<unit>thousand|million|billion|trillion|mn|bn|[kmbt])?\b",
    re.I | re.S,
)
_UNITS = {
    "m": ("M", "m", " million", "-million", " mn"), "b": ("B", "b", " billion", "-billion", "bn"),
    "k": ("K", "k", " thousand"), "t": ("T", " trillion", "tn"),
}  # fmt: skip


def name(pool: Sequence[str], rng: random.Random) -> str:
    """Return a name with the shape of one of the pool: its longer words blended of two, its digits changed."""
    pattern = rng.choice(pool)
    words: list[str] = _RUN.findall(" ".join(rng.choice(pool) for _ in range(8))) or ["Nova"]

    def blend(m: re.Match[str]) -> str:
        old: str = m.group()
        if rng.random() < 0.35:
            return old
        a, b = rng.choice(words), rng.choice(words)
        new = a[: rng.randint(2, max(2, len(a) - 2))] + b[-rng.randint(2, max(2, len(b) - 2)) :].lower()
        new = new[:12]
        return new.upper() if old.isupper() else new.lower() if old.islower() else new[0].upper() + new[1:]

    made = _RUN.sub(blend, pattern)
    return _DIGITS.sub(lambda m: _number(m.group(), rng) if rng.random() < 0.5 else m.group(), made)


def _number(digits: str, rng: random.Random) -> str:
    """Return another number of as many digits."""
    return str(rng.randint(1 if len(digits) == 1 else 10 ** (len(digits) - 1), 10 ** len(digits) - 1))


def amount(said: str, rng: random.Random) -> str | None:
    """Return a phrase of money with another figure and another way to write its unit, None where it is not plain."""
    m = _MONEY.match(said)
    if not m or not m["unit"] or said[m.end() :].strip():
        return None
    figure = rng.choice(
        [str(rng.randint(1, 9)), str(rng.randint(10, 990)), f"{rng.randint(1, 99)}.{rng.randint(1, 9)}"]
    )
    return m["front"] + figure + rng.choice(_UNITS[m["unit"][0].casefold()])
