"""Deal stages: how far claims say that a thing has come, and by which dated changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kg.deal_claims import Claim

# How far a thing has come, by what a statement says of it; later words never lead back, but a denial may follow any.
ENDED = ("cancelled", "denied")
STEPS = (
    "rumored", "in_talks", "planned", "delayed", "previewed", "announced", "rolling_out", "completed", "released",
)  # fmt: skip
UNSURE = ("rumored", "in_talks", "planned", "delayed")
# What other words for a stage mean of a deal; a deal has no others than STAGES.
STAGES = ("rumored", "in_talks", "planned", "announced", "completed", *ENDED)
OF_DEALS = {
    **{s: s for s in STAGES}, "closed": "completed", "released": "completed", "rolling_out": "completed",
    "previewed": "announced", "delayed": "planned",
}  # fmt: skip
_RANK = {status: rank for rank, status in enumerate((*STEPS, *ENDED))}
_ITSELF = {status: status for status in _RANK}
UNDATED = "~"  # sorts after all days


def changes(claims: Iterable[Claim], words: Mapping[str, str] = _ITSELF) -> list[tuple[str, Claim]]:
    """Return the changes of stage that the claims tell, each with the claim it rests on, in order of date.

    The date is the stated one, else that of the issue. Of what is told of one day the furthest counts, and an end
    after it. Claims of undated issues order nothing: they stand last, where they tell of more than the dated ones.
    `words` says which stage a status means.
    """
    days: dict[str, dict[str, Claim]] = {}
    for c in sorted(claims, key=weight):
        if (status := str(c.attrs.get("status"))) in words:
            days.setdefault(c.by or UNDATED, {}).setdefault(words[status], c)
    out: list[tuple[str, Claim]] = []
    for day, told in sorted(days.items()):
        for some in (told.keys() - {*ENDED}, told.keys() & {*ENDED}):
            new, now = max(some, key=_RANK.__getitem__, default=""), out[-1][0] if out else ""
            again = now in ENDED and new != now and day != UNDATED
            if new and (not now or again or _RANK[new] > _RANK[now]):
                out.append((new, told[new]))
    return out


def weight(claim: Claim) -> tuple[Any, ...]:
    """Return what is preferred among claims of one stage and day: what speaks of the whole, and names an amount."""
    return (claim.subject != claim.object, not claim.amount, *claim.order)


def now(told: list[tuple[str, Claim]]) -> str:
    """Return the stage after the changes; undated ones speak where no dated one does."""
    dated = [stage for stage, c in told if c.by is not None]
    return (dated or [stage for stage, _ in told] or [""])[-1]


def stage(claims: Iterable[Claim], default: str = "") -> str:
    """Return how far the claims say it has come. Later words never lead back, but out of an end they do."""
    return now(changes(claims)) or default
