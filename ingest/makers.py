"""Makers: what the reference data know of who makes a thing weighs a statement that somebody developed it."""

from __future__ import annotations

import re
from enum import Enum

from kg.names import normal
from kg.reference import Reference

AGREES, DIFFERS = 1.5, 0.2  # what the odds of a statement are multiplied by
_PIECES = re.compile(r"[\s\-_/‑]+")
_NUMBER = re.compile(r"(?<=[^\W\d])[\d.]+$")


class Known(Enum):
    """What is known of a thing's maker, beside a firm that may be it."""

    NOTHING = 0
    SAME = 1
    OTHER = 2


class Makers:
    """Finds makers: of the thing itself, or of the model family that its name begins with ("Claude" of Claude Tempo 7).

    Nothing is stated because it is known: only what a text seems to say is weighed.
    """

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self._found: dict[str, str | None] = {}

    def maker(self, name: str) -> str | None:
        """Return the id of a thing's maker, None if it is not known."""
        if name not in self._found:
            whole = [e.maker for e in self.reference.find(name) if e.maker]
            families = (e.maker for front in _fronts(name) for e in self.reference.find(front, "model") if e.maker)
            self._found[name] = whole[0] if whole else next(families, None)
        return self._found[name]

    def known(self, firm: str, name: str) -> Known:
        """Return whether a firm is known as a thing's maker; its parts and its parents count as the firm."""
        maker = self.maker(name)
        if maker is None:
            return Known.NOTHING
        id = self.reference.canonical("org", normal(firm))
        if id is not None and self.reference.root(id) == self.reference.root(maker):
            return Known.SAME
        return Known.OTHER

    def weighed(self, firm: str, name: str, score: float) -> float:
        """Return the probability that a firm developed a thing, by how likely the text says so and what is known."""
        factor = {Known.NOTHING: 1.0, Known.SAME: AGREES, Known.OTHER: DIFFERS}[self.known(firm, name)]
        return score * factor / (score * factor + 1 - score)


def _fronts(name: str) -> list[str]:
    """Return the beginnings of a name, the longest first: "Qwen3 Coder", "Qwen3" and "Qwen" of Qwen3-Coder-30B."""
    pieces = [p for p in _PIECES.split(name) if p]
    fronts = [" ".join(pieces[:n]) for n in range(len(pieces) - 1, 0, -1)]
    bare = _NUMBER.sub("", pieces[0]) if pieces else ""
    return [*fronts, *([bare] if len(bare) > 2 and bare not in (name, *fronts) else [])]
