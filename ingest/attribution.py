"""Attribution: who is cited for a claim ("The Information reported that", "according to Bloomberg")."""

from __future__ import annotations

import re

from ingest.view import Claim, View

_NAME = r"(?P<who>(?:[Tt]he )?(?:[A-Z@][\w&.'’-]*)(?: (?:of |the |and |& )?[A-Z][\w&.'’-]*){0,4})"
_PATTERNS = tuple(
    re.compile(p)
    for p in (
        rf"\b[Aa]ccording to (?:an? |the |new )*(?:report|article|story|filing|memo|documents?|sources?)?"
        rf"(?: (?:by|from|in|at|of) )?{_NAME}",
        rf"{_NAME}(?:'s [a-z]+)? (?:first |also |has |had |is |was )*"
        r"(?:report(?:s|ed|ing)|wrote|writes|revealed|broke the news)\b",
        rf"\b(?:[Rr]eported|[Rr]eports|[Ff]irst reported|[Rr]evealed) (?:earlier )?(?:by|in) {_NAME}",
        rf"\b(?:told|tells) {_NAME}",
        rf"[(\[](?:via|per|source:|Source:) {_NAME}[)\]]",
        rf"\b[Pp]er (?:an? |the )?(?:report (?:by|from|in) )?{_NAME}",
    )
)


def attributed_to(view: View, claim: Claim) -> str | None:
    """Return the name of who is cited for a claim in its sentence; never one of the claim's own two names."""
    ends = {view.text(*view.mentions[k][:2]).casefold() for k in (claim.subject, claim.object)}
    for number in sorted({view.part(claim.subject), view.part(claim.object)}, reverse=True):
        part = view.parts[number]
        if part.role not in ("claim", "antecedent"):
            continue
        text = view.text(part.first, part.last - 1)
        for pattern in _PATTERNS:
            for match in pattern.finditer(text):
                who = re.sub(r"(?:['’]s?)$", "", match["who"].strip(" .,'’"))
                if who.casefold().removeprefix("the ") not in ends and who.casefold() not in ends and len(who) > 1:
                    return who
    return None
