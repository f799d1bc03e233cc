"""Makers: what the reference data know of who makes a thing weighs a statement that somebody developed it."""

from __future__ import annotations

import re
from enum import Enum

from ingest.variants import word_list
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
        self._found: dict[tuple[str, str], tuple[str, bool] | None] = {}

    def maker(self, name: str, kind: str) -> tuple[str, bool] | None:
        """Return the id of a thing's maker and whether it is sure to be this thing's, None if nothing is known.

        It is sure of the thing itself, and of a model that is a version or size of the family; what else is built on
        a family (Llama-Nemotron) may have a maker of its own.
        """
        key = (name, kind)
        if key not in self._found:
            self._found[key] = self._find(name, kind)
        return self._found[key]

    def _find(self, name: str, kind: str) -> tuple[str, bool] | None:
        for entry in self.reference.find(name):
            if entry.maker:
                return entry.maker, True
        if kind != "model":
            return None
        for front, rest in _fronts(name):
            for entry in self.reference.find(front, "model"):
                if entry.maker:
                    return entry.maker, all(map(_is_version, rest))
        return None

    def known(self, firm: str, name: str, kind: str) -> Known:
        """Return whether a firm is known as a thing's maker; a firm under the same parent counts as the maker."""
        maker = self.maker(name, kind)
        id = self.reference.canonical("org", normal(firm))
        if maker is None or id is None:
            return Known.NOTHING
        if self.reference.root(id) == self.reference.root(maker[0]):
            return Known.SAME
        return Known.OTHER if maker[1] else Known.NOTHING

    def weighed(self, firm: str, name: str, kind: str, score: float) -> float:
        """Return the probability that a firm developed a thing, by how likely the text says so and what is known."""
        factor = {Known.NOTHING: 1.0, Known.SAME: AGREES, Known.OTHER: DIFFERS}[self.known(firm, name, kind)]
        return score * factor / (score * factor + 1 - score)


def _fronts(name: str) -> list[tuple[str, list[str]]]:
    """Return the beginnings of a name, the longest first, each with the pieces behind it: of Qwen3-Coder-30B "Qwen3
    Coder" and 30B, "Qwen3" and Coder, 30B, "Qwen" and 3, Coder, 30B."""
    pieces = [p for p in _PIECES.split(name) if p]
    fronts = [(" ".join(pieces[:n]), pieces[n:]) for n in range(len(pieces) - 1, 0, -1)]
    bare = _NUMBER.sub("", pieces[0]) if pieces else ""
    if len(bare) > 2 and bare != pieces[0]:
        fronts.append((bare, [pieces[0][len(bare) :], *pieces[1:]]))
    return fronts


def _is_version(piece: str) -> bool:
    """Return whether a piece of a model's name is a version, a size or a tier ("4.5", "30B", "A3B", "Mini")."""
    return any(c.isdigit() for c in piece) or normal(piece) in word_list("tier")
