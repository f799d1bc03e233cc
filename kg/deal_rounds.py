"""Deal rounds: which round of a receiver the claims of one investor belong to, and what ties them to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg.deal_claims import Claim, Money, agree, latest
from kg.deal_links import Group, Link
from kg.deal_pairs import NEAR, apart_words, event, gap, same_round
from kg.deal_stages import ENDED
from kg.periods import span

SAME_SUM = 45  # days within which the round's very amount, told of one investor in another issue, is that round

SENTENCE = "one sentence tells both"
ROUND = "the same round"
VERY_SUM = "the round's very amount"
BESIDE = "told right beside the round, the only one in its issue"
INVESTOR = "the same investor, told at the time of the round"
TOGETHER = "one sentence names both"


def rounds(wholes: list[Group], parts: list[Group]) -> list[Group]:
    """Return the deals of one receiver: rounds with their investors, and investors that nothing ties to a round.

    `wholes` are claims of rounds as a whole by round, `parts` those of one investor each by deal.
    """
    known = _Rounds(wholes)
    going: list[tuple[Group, Group, Link]] = []
    rest = []
    for part in _by_round(parts):
        found = known.home(part)
        staying = [] if found else part.claims
        if found:
            home, link = found
            follow = [c for c in part.claims if _follows(c, home)]
            staying = [c for c in part.claims if not _follows(c, home)]
            going += [(home, Group.of(follow, part.links, INVESTOR), link)] if follow else []
        if staying:
            rest.append(Group.of(staying, part.links, INVESTOR))
    for home, part, link in going:
        home.take(part, link if link.b in part.claims else Link(link.a, part.claims[0], link.why))
    return [*wholes, *_together(rest)]


def _by_round(parts: list[Group]) -> list[Group]:
    """Join the groups of several investors that name the same round; who withdrew is in none."""
    named: list[tuple[Group, Claim]] = []
    out: list[Group] = []
    for part in sorted(parts, key=lambda p: p.order):
        naming = min((c for c in part.claims if c.round), key=lambda c: (c.round or "", c.order), default=None)
        same = [(g, c) for g, c in named if naming and same_round(c, naming) and not off(part.claims)]
        if naming and same:
            group, first = same[0]
            group.take(part, Link(first, naming, ROUND))
            continue
        out.append(part)
        if naming and not off(part.claims):
            named.append((part, naming))
    return out


def _together(parts: list[Group]) -> list[Group]:
    """Join investors that one sentence names, where it gives both the same amount, or no amount and round to either."""
    out: list[Group] = []
    told: dict[tuple[str, tuple[int, int]], list[tuple[Group, Claim]]] = {}
    for part in sorted(parts, key=lambda p: p.order):
        tied = next(_partners(part, told), None) if not off(part.claims) else None
        home = part
        if tied:
            home, a, b = tied
            home.take(part, Link(a, b, TOGETHER))
        else:
            out.append(part)
        for c in part.claims:
            for sentence in c.sentences:
                told.setdefault((c.issue, sentence), []).append((home, c))
    return out


def _partners(
    part: Group, told: dict[tuple[str, tuple[int, int]], list[tuple[Group, Claim]]]
) -> Iterator[tuple[Group, Claim, Claim]]:
    for b in part.claims:
        for sentence in sorted(b.sentences):
            for group, a in told.get((b.issue, sentence), ()):
                alike = a.amount == b.amount and a.round == b.round and a.attrs.get("date") == b.attrs.get("date")
                if alike and not off(group.claims):
                    yield group, a, b


def _follows(claim: Claim, whole: Group) -> bool:
    """Say whether a claim goes with its investor into a round: a bare one only where it is told at that time."""
    bare = not claim.amount and not claim.round and not claim.attrs.get("valuation")
    return not bare or any(c.issue == claim.issue or _near(c, claim, NEAR) for c in whole.claims)


class _Rounds:
    """The rounds of one receiver: groups of claims that speak of a round as a whole."""

    def __init__(self, wholes: list[Group]) -> None:
        self.wholes = wholes
        self.named = [(whole, c) for whole in wholes for c in whole.claims if c.round]
        self.told: dict[tuple[str, tuple[int, int]], list[tuple[Claim, Group]]] = {}
        self.issues: dict[str, list[tuple[Claim, Group]]] = {}
        for whole in wholes:
            for c in whole.claims:
                for sentence in c.sentences:
                    self.told.setdefault((c.issue, sentence), []).append((c, whole))
                self.issues.setdefault(c.issue, []).append((c, whole))

    def home(self, part: Group) -> tuple[Group, Link] | None:
        """Return the round that the claims of one investor belong to, and what ties them to it."""
        gone = off(part.claims)
        naming = sorted((c for c in part.claims if c.round), key=lambda c: (c.round or "", c.order))
        for c in naming:
            for whole, first in self.named:
                if same_round(first, c) and not (gone and not off(whole.claims)):
                    return whole, Link(first, c, ROUND)
        for whole, link in self._ways(part):
            other = naming and any(c.round for c in whole.claims)
            if not other and not (gone and not off(whole.claims)) and _room(part.claims, whole.claims):
                return whole, link
        return None

    def _ways(self, part: Group) -> Iterator[tuple[Group, Link]]:
        """Yield the rounds that the claims of one investor may belong to, the surest first."""
        for c in part.claims:
            yield from self._within(c)
        beside = [found for c in part.claims for found in self._beside(c, part.claims)]
        if len({id(whole) for whole, _ in beside}) == 1:
            yield beside[0]
        same = [found for c in part.claims for found in (*self._same_sum(c), *self._same_value(c))]
        if len({id(whole) for whole, _ in same}) == 1:
            yield same[0]

    def _within(self, claim: Claim) -> Iterator[tuple[Group, Link]]:
        """Yield the rounds that a sentence of the claim tells of too, if it may be the same event.

        An amount and a date of its own, where the round has another amount and no date, are another event.
        """
        for sentence in sorted(claim.sentences):
            for c, whole in self.told.get((claim.issue, sentence), ()):
                if _same_time(claim, c) and (not _alone_dated(claim, c) or agree(claim.amount, c.amount)):
                    yield whole, Link(c, claim, SENTENCE)

    def _beside(self, claim: Claim, part: Sequence[Claim]) -> list[tuple[Group, Link]]:
        """Return the rounds that a claim of an investor belongs to by what its own issue tells of the receiver.

        That is the round of the very amount that the investor gives; else the only round that the issue tells of, where
        the sentence before or after speaks of it and the investor gives no amount of its own, or leads; and no date of
        its own, where the round has none.
        """
        here = self.issues.get(claim.issue, ())
        told = [(c, whole) for c, whole in here if _same_time(claim, c)]
        same = [(c, whole) for c, whole in told if claim.amount and c.amount and agree(claim.amount, c.amount)]
        if same:
            return [(whole, Link(c, claim, f"{VERY_SUM}, in one issue")) for c, whole in same]
        only = len({id(whole) for _, whole in here}) == 1
        if only and (claim.attrs.get("lead") or not any(c.amount for c in part)):
            near = [(c, whole) for c, whole in told if _touching(claim.sentences, c.sentences)]
            return [(whole, Link(c, claim, BESIDE)) for c, whole in near if not _alone_dated(claim, c)]
        return []

    def _same_sum(self, claim: Claim) -> list[tuple[Group, Link]]:
        """Return the rounds whose very amount the investor gives, told in another issue at that time."""
        out = []
        for whole in self.wholes if claim.amount else ():
            near = [c for c in whole.claims if c.amount and agree(c.amount, claim.amount) and _near(c, claim, SAME_SUM)]
            if near:
                c = min(near, key=lambda c: (gap(c, claim) or 0, c.order))
                out.append((whole, Link(c, claim, VERY_SUM + apart_words(gap(c, claim)))))
        return out

    def _same_value(self, claim: Claim) -> list[tuple[Group, Link]]:
        """Return the rounds at the very valuation at which the investor comes in, not told at another time."""
        value = claim.attrs.get("valuation")
        out = []
        for whole in self.wholes if value else ():
            told = [c for c in whole.claims if c.attrs.get("valuation") and agree(c.attrs["valuation"], value)]
            near = [c for c in told if (gap(c, claim) or 0) <= SAME_SUM]
            if near:
                out.append((whole, Link(near[0], claim, "the round's very valuation")))
        return out


def off(claims: Iterable[Claim]) -> bool:
    """Say whether the last word of the claims is a denial or an end: who withdrew is in no round."""
    ordered = sorted(claims, key=lambda c: (c.by or "", c.order))
    said = [status for c in ordered if (status := c.attrs.get("status"))]
    return bool(said) and said[-1] in ENDED


def _near(a: Claim, b: Claim, days: int) -> bool:
    far = gap(a, b) if event(a) and event(b) else None
    return far is not None and far <= days


def _same_time(a: Claim, b: Claim) -> bool:
    """Say whether the stated dates of two claims have a day in common, or one has none."""
    first, second = (span(c.attrs.get("date") or "") for c in (a, b))
    return not (first and second) or not (first[1] < second[0] or second[1] < first[0])


def _alone_dated(a: Claim, b: Claim) -> bool:
    """Say whether the first claim has a date and the second has none."""
    return bool(a.attrs.get("date")) and not b.attrs.get("date")


def _touching(a: Iterable[tuple[int, int]], b: Iterable[tuple[int, int]]) -> bool:
    """Say whether a sentence stands right before or after another: a blank or a line's end between them."""
    others = list(b)
    return any(0 <= start - end <= 1 for x in a for y in others for (_, end), (start, _) in ((x, y), (y, x)))


def _room(part: Sequence[Claim], whole: Sequence[Claim]) -> bool:
    """Say whether an investor's amount fits into the round's."""
    given, size = latest(part).get("amount"), latest(whole).get("amount")
    if not given or not size or given.get("currency") != size.get("currency"):
        return not given or not size
    return bool(_top(given) <= _top(size))


def _top(money: Money) -> float:
    return float(money["high"] if money.get("high") is not None else money.get("low") or 0)
