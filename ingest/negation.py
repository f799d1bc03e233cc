"""Negation: whether the words around a related pair deny it or only suppose it."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

import yaml

from ingest.status import DEALS
from ingest.view import Claim, View

Phrases = tuple[tuple[str, ...], ...]
STOPS = frozenset({",", ";", ":", "—", "–", ".", "(", ")", "|"})
NEAR = 5  # words after a firm that reports something of itself
VERB = 4  # words after a subject that hold its verb
BEFORE = 4  # words before a claim that may make it a supposition


@lru_cache
def phrases(name: str) -> Phrases:
    """Return a list of negation.yaml as words."""
    data = yaml.safe_load((files("ingest") / "negation.yaml").read_text(encoding="utf-8"))
    return tuple(tuple(str(p).split()) for p in data[name])


def denied(view: View, claim: Claim) -> bool:
    """Return whether a claim is negated or a supposition, so that it states nothing.

    A deal that a party denies or calls off is no such claim: it has that status. A post that is no longer held is a
    former one.
    """
    words = [w.text.casefold().replace("’", "'") for w in view.words]
    a, b = view.mentions[claim.subject], view.mentions[claim.object]
    first, last = min(a[0], b[0]), max(a[1], b[1])
    part = next(p for p in view.parts if p.first <= last < p.last)
    if claim.subject == claim.object:
        between = _until_stop(words[last + 1 : min(last + 1 + NEAR, part.last)])
    else:
        between = _clause(words[max(min(a[1], b[1]) + 1, part.first) : max(a[0], b[0])])
    before = _clause(words[max(part.first, first - BEFORE) : first])
    if _has(before, "suppositions") and not _has(before, "harmless"):
        return True
    if claim.relation not in DEALS and _has(between, "modals") and claim.relation not in ("developed", "works_at"):
        return True
    between = [*between, "|", *_until_stop(words[a[1] + 1 : min(a[1] + 1 + VERB, part.last)])]
    if not _has(between, "negators") or _has(between, "harmless"):
        return False
    return claim.relation != "works_at" and not _called_off(claim)


def _called_off(claim: Claim) -> bool:
    return claim.relation in DEALS and claim.status.get("denied", 0.0) > 0.5


def _until_stop(words: list[str]) -> list[str]:
    """Return the words before the first stop."""
    return words[: next((n for n, word in enumerate(words) if word in STOPS), len(words))]


def _clause(words: list[str]) -> list[str]:
    """Return the words after the last stop."""
    for n in range(len(words) - 1, -1, -1):
        if words[n] in STOPS:
            return words[n + 1 :]
    return words


def _has(words: list[str], name: str) -> bool:
    for phrase in phrases(name):
        n = len(phrase)
        for i in range(len(words) - n + 1):
            if tuple(words[i : i + n]) == phrase and (phrase != ("t",) or (i > 0 and words[i - 1] == "'")):
                return True
    return False
