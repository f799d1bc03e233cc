"""Status: what the words around a fact say of its state, and whether a post is held now."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

from ingest.view import ROUNDS

if TYPE_CHECKING:
    from ingest.view import Claim, View

RELEASES = frozenset({"developed"})
DEALS = frozenset({
    "invested_in", "raised", "acquired", "commits_spend", "owns_stake", "partnered_with", "licenses", "lent_to",
})  # fmt: skip
_OF_RELEASES = ("", "released", "previewed", "planned", "delayed", "rolling_out")
_OF_DEALS = ("announced", "completed", "in_talks", "planned", "rumored", "denied")

# What a cue phrase adds to the network's probability of a status; the plainer the phrase, the more.
CUE = {"previewed": 0.6, "in_talks": 0.6, "delayed": 0.6, "rolling_out": 0.6, "denied": 0.4, "completed": 0.1}


_WAS_AT = re.compile(
    r"\b(?:(?:was|were|had been)(?: both| all| previously| formerly)?|used to (?:work|be)|previously worked"
    r"|spent [^.;]{0,30}(?:years?|months?))(?: at| for| with)(?: the)?$"
)


_DONE = re.compile(r"\b(?:raised|closed|secured|landed|bagged|pulled in|took in)\b", re.I)


@lru_cache
def cues() -> dict[str, list[tuple[str, ...]]]:
    """Return the cue phrases of status.yaml as words, by status."""
    data: dict[str, list[str]] = yaml.safe_load((files("ingest") / "status.yaml").read_text(encoding="utf-8"))
    return {name: [tuple(str(p).split()) for p in phrases] for name, phrases in data.items()}


def status_of(view: View, claim: Claim) -> str | None:
    """Return the status of a claim: the network's best one for its relation, moved by cue phrases near the pair.

    A round whose sum has a clause of its own, behind a semicolon, with its own verb, is as open as that clause says.
    """
    known: tuple[str, ...]
    if claim.relation in RELEASES:
        known = _OF_RELEASES
    elif claim.relation in DEALS:
        known = _OF_DEALS
    else:
        return None
    said = _said(view, claim)
    clause = _clause(view, claim) if claim.relation in ROUNDS else None
    if clause is not None and _DONE.search(view.text(*clause)):
        said = _cued(view, clause[0], clause[1] + 1)
        if said <= {"announced", "completed"}:
            known = ("announced", "completed")  # "in talks with A; raised $3 million": what is open is told elsewhere
    weights = {s: claim.status.get(s, 0.0) + CUE.get(s, 0.2) * bool(s in said) for s in known}
    best = max(known, key=lambda s: (weights[s], s))
    if best == "denied" and "cancelled" in said:
        return "cancelled"
    return best or None


def is_current(view: View, claim: Claim) -> bool:
    """Return whether a post is held now: the network's word, moved by "former", "ex-", "left", "was at"."""
    said = _said(view, claim)
    return claim.former + 0.3 * bool("former" in said) - 0.15 < 0.5 and not is_past(view, claim)


def is_past(view: View, claim: Claim) -> bool:
    """Return whether the words between person and firm tell a past post: "was at", "were at", "used to work for"."""
    person, firm = view.mentions[claim.subject], view.mentions[claim.object]
    return person[1] < firm[0] and bool(_WAS_AT.search(view.text(person[1] + 1, firm[0] - 1).casefold()))


def _said(view: View, claim: Claim) -> set[str]:
    """Return the statuses whose cue phrases stand in the claim's sentences, near its names."""
    ends: list[Any] = [view.mentions[claim.subject], view.mentions[claim.object]]
    low = max(min(m[0] for m in ends) - 12, min(view.parts[view.part(k)].first for k in (claim.subject, claim.object)))
    high = min(max(m[1] for m in ends) + 14, max(view.parts[view.part(k)].last for k in (claim.subject, claim.object)))
    return _cued(view, low, high)


def _clause(view: View, claim: Claim) -> tuple[int, int] | None:
    """Return the first and last word of the clause of a claim's amount if a semicolon parts it from its sentence."""
    if claim.sum is None:
        return None
    part = view.parts[claim.sum.part]
    stops = [k for k in range(part.first, part.last) if view.words[k].text == ";"]
    first = max((k + 1 for k in stops if k < claim.sum.first), default=part.first)
    last = min((k - 1 for k in stops if k > claim.sum.last), default=part.last - 1)
    return (first, last) if stops else None


def _cued(view: View, low: int, high: int) -> set[str]:
    """Return the statuses whose cue phrases stand among some words (end exclusive)."""
    words = [w.text.casefold() for w in view.words[low:high]]
    out = set()
    for status, phrases in cues().items():
        for phrase in phrases:
            n = len(phrase)
            if any(tuple(words[i : i + n]) == phrase for i in range(len(words) - n + 1)):
                out.add(status)
                break
    return out
