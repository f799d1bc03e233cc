"""Deal links: which claims of the same parties speak of one deal, what ties them, and what keeps them apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kg.deal_claims import Claim
from kg.deal_pairs import NEAR, Pairs, Seen, apart_words, before, days


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
    return [part.group for part in _parts(Pairs(ordered))] if not once else _one(ordered)


def _one(claims: Sequence[Claim]) -> list[Group]:
    links = [Link(claims[0], c, "these parties have one such deal") for c in claims[1:]]
    return [Group(list(claims), links)] if claims else []


class _Part:
    """A group in the making: its claims, their places as bits, and those of what cannot be in it."""

    def __init__(self, seen: Seen) -> None:
        self.seen = [seen]
        self.group = Group([seen.claim])
        self.places, self.off = 1 << seen.place, seen.apart

    def apart(self, other: _Part) -> bool:
        """Say whether two claims, one of each, cannot be of one deal."""
        return bool(self.places & other.off or other.places & self.off)

    def take(self, other: _Part, link: Link) -> None:
        """Take in another group by a link between a claim of each."""
        self.group.take(other.group, link)
        self.seen += other.seen
        self.places, self.off = self.places | other.places, self.off | other.off


def _parts(pairs: Pairs) -> list[_Part]:
    tied = _tied(pairs)
    stated = {id(p) for p in tied if any(c.amount or c.round for c in p.group.claims)}
    dated = {id(p) for p in tied if any(s.first is not None for s in p.seen)}
    parts = [p for p in tied if id(p) in stated]
    loose = [p for p in tied if id(p) in dated - stated]
    valued = {id(p) for p in loose if any(c.attrs.get("valuation") for c in p.group.claims)}
    for part in sorted(loose, key=lambda p: (id(p) not in valued, p.group.order)):
        _place(part, parts)
    return [*parts, *(p for p in tied if id(p) not in stated | dated)]


def _tied(pairs: Pairs) -> list[_Part]:
    """Join claims by their ties, the strongest and nearest first, unless that would join two that are apart."""
    home = [_Part(seen) for seen in pairs.seen]
    for a, b in pairs.ties():
        one, other = home[a.place], home[b.place]
        if one is not other and not one.apart(other):
            for seen in other.seen:
                home[seen.place] = one
            one.take(other, Link(a.claim, b.claim, pairs.why(a, b)))
    return list(dict.fromkeys(home))


def _place(part: _Part, parts: list[_Part]) -> None:
    """Put dated claims that state no amount and no round to the nearest deal; else they are one of their own.

    What is told as done may be long past: then it is of the last deal before.
    """
    found = [near for other in parts if not part.apart(other) and (near := _nearest(part, other))]
    close = [n for n in found if n[0] <= NEAR]
    past = all(s.kind.done and not s.kind.dated for s in part.seen)
    ago = [n for n in found if past and before(n[4], n[3])]
    for some, why in ((close, "nothing tells them apart"), (ago, "told as done, of the last deal before")):
        if some:
            far, _, _, a, b, home = min(some, key=lambda n: n[:3])
            home.take(part, Link(b.claim, a.claim, why + apart_words(far)))
            return
    parts.append(part)


Near = tuple[int, int, int, Seen, Seen, _Part]


def _nearest(part: _Part, other: _Part) -> Near | None:
    """Return the two claims nearest in time of two groups (days, their places, themselves); None if none is dated."""
    some = [(far, a.place, b.place) for a in part.seen for b in other.seen if (far := days(a, b)) is not None]
    if not some:
        return None
    far, ours, theirs = min(some)
    a, b = (next(s for s in p.seen if s.place == at) for p, at in ((part, ours), (other, theirs)))
    return far, ours, theirs, a, b, other
