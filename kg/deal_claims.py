"""Deal claims: statements whose ends are resolved, whether their amounts agree, and what several of them say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.names import normal
from kg.periods import span

Money = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement whose ends are resolved: what derivation works on. `day` is the date of its issue, or None."""

    id: str
    issue: str
    day: str | None
    relation: str
    subject: str
    object: str
    attrs: Mapping[str, Any] = field(hash=False)
    confidence: float = 1.0
    certain: bool = True
    sentences: frozenset[tuple[int, int]] = frozenset()
    text: str = ""  # the first of the sentences, as a person sees it
    corrected: Mapping[str, Any] | None = field(default=None, hash=False)  # the qualifiers that a person put right

    @property
    def order(self) -> tuple[str, str, str]:
        """Return what claims are sorted by: date (undated last), issue, id."""
        return (self.day or "~", self.issue, self.id)

    @property
    def amount(self) -> Money | None:
        """Return the amount that is stated."""
        money: Money | None = self.attrs.get("amount")
        return money

    @property
    def round(self) -> str | None:
        """Return the round's name in normal form."""
        name = self.attrs.get("round")
        return normal(name) if name else None

    @property
    def by(self) -> str | None:
        """Return the day by which what is said was so: the end of its stated date, at the latest the issue's day.

        A date still to come is none at which it was so; an undated issue says nothing of when.
        """
        if self.day is None:
            return None
        stated = self.stated
        return min(span(stated)[1], self.day) if stated else self.day  # type: ignore[index]

    @property
    def stated(self) -> str | None:
        """Return the date that a dated issue states for what was so by then."""
        said = self.attrs.get("date")
        when = span(said) if said and self.day is not None else None
        return said if when and when[0] <= (self.day or "") else None


def _order(claim: Claim) -> tuple[str, str, str]:
    return claim.order


def agree(a: Money | None, b: Money | None) -> bool:
    """Say whether two amounts may be one: an absent one agrees; else a figure is equal, or within 5 % of "about"."""
    if a is None or b is None:
        return True
    if a.get("currency", "USD") != b.get("currency", "USD"):
        return False
    ours = {x for x in (a.get("low"), a.get("high")) if x is not None}
    theirs = {x for x in (b.get("low"), b.get("high")) if x is not None}
    if not ours or not theirs or ours & theirs:
        return True
    loose = "about" in (a.get("qualifier"), b.get("qualifier"))
    return loose and any(abs(x - y) <= 0.05 * max(abs(x), abs(y)) for x in ours for y in theirs)


def latest(claims: Iterable[Claim]) -> dict[str, Any]:
    """Return the qualifiers of several claims as one: each as the latest dated claim that states it has it.

    Certain claims outrank the others; a date is taken as precise as stated, the earliest of those.
    """
    ordered = sorted(claims, key=_order)
    if len(ordered) == 1:
        return dict(ordered[0].attrs)
    ranked = [c for c in ordered if c.day is None] + [c for c in ordered if c.day is not None]
    out: dict[str, Any] = {}
    for c in sorted(ranked, key=lambda c: c.certain):
        out |= c.attrs
    days = [c.attrs["date"] for c in ordered if c.attrs.get("date") and c.certain >= any(o.certain for o in ordered)]
    if days:
        out["date"] = min(days, key=lambda d: (-len(d), d))
    return {k: v for k, v in out.items() if v is not None}
