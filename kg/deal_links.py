"""Deal links: which claims of the same parties speak of one deal, what ties them, and what keeps them apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from kg.deal_claims import Claim, Money, agree
from kg.deal_stages import UNSURE
from kg.periods import span

NEAR = 60  # days within which claims that state nothing to compare are one deal
LONG = 150  # days after which news of the same amount is another deal
NAMED = 400  # days within which a round keeps its name ("Series B"): later it is one of another firm, or misread
SERIES = ("series", "seed", "preseed")  # how the names of rounds begin that a firm has but once; others come again
AGAIN = 60  # days after which what was done is not news again: another deal of the same amount
TALKS = 270  # days that talks may go on before the deal
LATE = 14  # days by which a report of talks may come after that of the deal
APART = 62  # days between two stated dates that cannot be those of one deal
LIKE = 2.5  # how far the amount of talks may be from that of the deal
VALUED = 0.1  # how far two reports of one valuation may differ


@dataclass(frozen=True, slots=True)
class Link:
    """Two claims of one deal, and why."""

    a: Claim
    b: Claim
    why: str


@dataclass(eq=False)
class Group:
    """Claims of one deal, and the links that joined them: one fewer than claims."""

    claims: list[Claim]
    links: list[Link] = field(default_factory=list)

    @classmethod
    def of(cls, claims: Sequence[Claim], links: Iterable[Link], why: str) -> Group:
        """Return claims of one deal with those of the links that tie them, and `why` for what these leave loose."""
        home = {c.id: c.id for c in claims}

        def root(id: str) -> str:
            while home[id] != id:
                id = home[id]
            return id

        kept = []
        for link in (*links, *(Link(claims[0], c, why) for c in claims[1:])):
            if link.a.id in home and link.b.id in home and root(link.a.id) != root(link.b.id):
                home[root(link.b.id)] = root(link.a.id)
                kept.append(link)
        return cls(list(claims), kept)

    @property
    def order(self) -> tuple[str, str, str]:
        """Return what groups are sorted by: the first of their claims."""
        return min(c.order for c in self.claims)

    def take(self, other: Group, link: Link) -> None:
        """Take in another group by a link between a claim of each."""
        self.claims += other.claims
        self.links += [*other.links, link]


def linked(claims: Iterable[Claim], *, once: bool = False) -> list[Group]:
    """Part claims of the same parties in the same roles into deals; the order of the claims plays no part.

    `once`: such parties have but one deal of this kind (one firm buys another once).
    """
    ordered = sorted(claims, key=lambda c: c.order)
    if once:
        return _one(ordered)
    tied = _tied([Group([c]) for c in ordered])
    groups = [g for g in tied if any(c.amount or c.round for c in g.claims)]
    undated = [g for g in tied if g not in groups and not any(event(c) for c in g.claims)]
    loose = [g for g in tied if g not in groups and g not in undated]
    for group in sorted(loose, key=lambda g: (not any(c.attrs.get("valuation") for c in g.claims), g.order)):
        _place(group, groups)
    return [*groups, *undated]


def event(claim: Claim) -> tuple[str, str] | None:
    """Return the first and last day on which what is claimed may have been: as stated, else the day of the issue."""
    said = claim.attrs.get("date")
    stated = span(said) if said else None
    if stated and (claim.day is None or stated[0] <= claim.day):
        return stated
    return (claim.day, claim.day) if claim.day else None


def gap(a: Claim, b: Claim) -> int | None:
    """Return the days between what two claims tell; None where one is undated."""
    first, second = event(a), event(b)
    if first is None or second is None:
        return None
    return max(0, _days(first[1], second[0]), _days(second[1], first[0]))


def apart(a: Claim, b: Claim) -> bool:
    """Say whether two claims of the same parties cannot be of one deal."""
    if a.round and b.round:
        return not same_round(a, b)
    if a.attrs.get("date") and b.attrs.get("date") and (gap(a, b) or 0) > APART:
        return True
    same = bool(a.amount and b.amount and agree(a.amount, b.amount))
    if a.attrs.get("status") in UNSURE or b.attrs.get("status") in UNSURE:
        return not _valued(a, b, LIKE - 1, missing=True) or (not same and _next(a, b))
    if a.amount and b.amount and not same:
        return True
    if not same and not _valued(a, b, missing=True):
        return True
    return same and _again(a, b)


def same_round(a: Claim, b: Claim) -> bool:
    """Say whether two claims name one round of one receiver."""
    most = NAMED if a.round and a.round.startswith(SERIES) else NEAR
    return a.round is not None and a.round == b.round and (gap(a, b) or 0) <= most


def tie(a: Claim, b: Claim) -> tuple[int, str] | None:
    """Return how strongly two claims of the same parties are tied (least first), and by what; None if they are not."""
    if apart(a, b):
        return None
    far = gap(a, b)
    ago = "" if far is None else f", {far} days apart" if far else ", told on one day"
    same = bool(a.amount and b.amount and agree(a.amount, b.amount))
    if a.round and a.round == b.round:
        return (0 if same else 2), f"the same round{ago}"
    if a.text and a.text == b.text:
        return 1, f"the same sentence{ago}"
    if same and not _again(a, b):
        return 1, f"the same amount{ago}"
    if _valued(a, b) and (far is not None or not (event(a) or event(b))) and (far or 0) <= LONG:
        return 3, f"the same valuation{ago}"
    if _talks(a, b):
        return 4, f"talks before the deal{ago}"
    return None


def _one(claims: Sequence[Claim]) -> list[Group]:
    links = [Link(claims[0], c, "these parties have one such deal") for c in claims[1:]]
    return [Group(list(claims), links)] if claims else []


def _tied(groups: list[Group]) -> list[Group]:
    """Join groups by the ties between their claims, the strongest and nearest first, unless two claims are apart."""
    home = {g.claims[0].id: g for g in groups}
    claims = [g.claims[0] for g in groups]
    for a, b, why in _ties(claims):
        one, other = home[a.id], home[b.id]
        if one is not other and not any(apart(x, y) for x in one.claims for y in other.claims):
            one.take(other, Link(a, b, why))
            home |= dict.fromkeys((c.id for c in other.claims), one)
    return list({id(g): g for g in home.values()}.values())


def _ties(claims: Sequence[Claim]) -> Iterator[tuple[Claim, Claim, str]]:
    found = []
    for n, b in enumerate(claims):
        for a in claims[:n]:
            if tied := tie(a, b):
                far = gap(a, b)
                found.append((tied[0], far is None, far or 0, a.order, b.order, a, b, tied[1]))
    for *_, a, b, why in sorted(found, key=lambda t: t[:5]):
        yield a, b, why


def _place(group: Group, groups: list[Group]) -> None:
    """Put dated claims that state no amount and no round to the nearest deal; else they are one of their own.

    What is told as done may be long past: then it is of the last deal before.
    """
    found = [near for other in groups if (near := _nearest(group, other))]
    close = [n for n in found if n[0] <= NEAR]
    before = [n for n in found if all(_past(c) for c in group.claims) and _before(n[4], n[3])]
    for some, why in ((close, "nothing tells them apart"), (before, "told as done, of the last deal before")):
        if some:
            far, _, _, a, b, home = min(some, key=lambda n: n[:3])
            home.take(group, Link(b, a, f"{why}, {far} days apart" if far else f"{why}, told on one day"))
            return
    groups.append(group)


Near = tuple[int, tuple[str, str, str], tuple[str, str, str], Claim, Claim, Group]


def _nearest(group: Group, other: Group) -> Near | None:
    """Return the two claims nearest in time of two groups (days, their orders, themselves); None if none may be one."""
    pairs = [(a, b) for a in group.claims for b in other.claims]
    if any(apart(a, b) for a, b in pairs):
        return None
    near = [(far, a.order, b.order, a, b, other) for a, b in pairs if (far := gap(a, b)) is not None]
    return min(near, key=lambda n: n[:3], default=None)


def _past(claim: Claim) -> bool:
    return claim.attrs.get("status") == "completed" and not claim.attrs.get("date")


def _before(a: Claim, b: Claim) -> bool:
    first, second = event(a), event(b)
    return bool(first and second and first[1] <= second[0])


def _again(a: Claim, b: Claim) -> bool:
    """Say whether the later of two claims of an amount is news of another deal; what is told at one time is not."""
    far = gap(a, b)
    if not far or (a.day and b.day and abs(_days(a.day, b.day)) <= AGAIN):
        return False
    later, earlier = (a, b) if _before(b, a) else (b, a)
    if later.attrs.get("status") == "completed":
        return False
    return far > LONG or (far > AGAIN and earlier.attrs.get("status") == "completed")


def _valued(a: Claim, b: Claim, most: float = VALUED, *, missing: bool = False) -> bool:
    """Say whether two valuations differ by no more than a share; `missing` is the answer where one is not stated."""
    ours, theirs = a.attrs.get("valuation"), b.attrs.get("valuation")
    if not ours or not theirs:
        return missing
    return agree(ours, theirs) or _ratio(ours, theirs) <= 1 + most


def _talks(a: Claim, b: Claim) -> bool:
    """Say whether one claim tells of talks that the other may be the outcome, or a later report, of."""
    unsure = [c for c in (a, b) if c.attrs.get("status") in UNSURE]
    far = gap(a, b)
    if not unsure or far is None:
        return False
    talk = min(unsure, key=lambda c: (event(c) or ("", ""), c.order))
    other = b if talk is a else a
    most = LATE if _before(other, talk) else TALKS
    stated = [(a.amount, b.amount), (a.attrs.get("valuation"), b.attrs.get("valuation"))]
    ratios = [_ratio(x, y) for x, y in stated if x and y]
    return far <= (most if ratios else min(most, NEAR)) and all(r <= LIKE for r in ratios)


def _next(a: Claim, b: Claim) -> bool:
    """Say whether one claim tells of talks well after the other told of what was agreed or done: of the next deal."""
    unsure = [c for c in (a, b) if c.attrs.get("status") in UNSURE]
    if len(unsure) != 1 or not (far := gap(a, b)):
        return False
    return far > LATE and _before(b if unsure[0] is a else a, unsure[0])


def _ratio(a: Money, b: Money) -> float:
    """Return how many times the nearest figures of two amounts differ; without end across currencies."""
    if a.get("currency", "USD") != b.get("currency", "USD"):
        return float("inf")
    ours, theirs = ([x for x in (m.get("low"), m.get("high")) if x] for m in (a, b))
    return min((max(x, y) / min(x, y) for x in ours for y in theirs), default=1.0)


def _days(a: str, b: str) -> int:
    """Return the days from one ISO day to another."""
    return (date.fromisoformat(b) - date.fromisoformat(a)).days
