"""Deal pairs: what two claims of the same parties say of each other, worked out once for all that state the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
BITS = 24  # of a number in a tie as it is sorted
NEVER = (1 << BITS) - 1  # sorts after all days


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
    return max(0, _day(second[0]) - _day(first[1]), _day(first[0]) - _day(second[1]))


def same_round(a: Claim, b: Claim) -> bool:
    """Say whether two claims name one round of one receiver."""
    return a.round is not None and a.round == b.round and (gap(a, b) or 0) <= _named(a.round)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a claim states besides when; claims of one kind are compared with others alike."""

    amount: Money | None
    valuation: Money | None
    round: str | None
    unsure: bool
    done: bool
    dated: bool

    @classmethod
    def of(cls, claim: Claim) -> Kind:
        """Return what a claim states."""
        value, status = claim.attrs.get("valuation") or None, claim.attrs.get("status")
        dated = bool(claim.attrs.get("date"))
        return cls(claim.amount or None, value, claim.round, status in UNSURE, status == "completed", dated)


@dataclass(eq=False, slots=True)
class Seen:
    """A claim with what its comparison takes: its place among the claims, its kind, its days as numbers."""

    claim: Claim
    place: int
    number: int  # of its kind
    kind: Kind
    first: int | None
    last: int | None
    day: int | None
    apart: int = 0  # bits: the places of the earlier claims that cannot be of one deal with it


@dataclass(frozen=True, slots=True)
class Rule:
    """How claims of two kinds compare, as far as that does not depend on when they tell it."""

    apart: bool  # whenever they tell it
    most: float  # days between them beyond which they are apart
    following: bool  # talks well after what was agreed are of the next deal
    again: bool  # the same amount may be news of another deal
    round: bool  # they name one round
    same: bool  # the amounts are one
    valued: bool  # the valuations are one
    talks: int  # days that may lie between talks and deal; -1 where none are told, or amounts are too far apart

    @classmethod
    def of(cls, a: Kind, b: Kind) -> Rule:
        """Return the rule of two kinds."""
        unsure, rounds = a.unsure or b.unsure, bool(a.round and b.round)
        same = bool(a.amount and b.amount and agree(a.amount, b.amount))
        stated = [(x, y) for x, y in ((a.amount, b.amount), (a.valuation, b.valuation)) if x and y]
        talks = (TALKS if stated else NEAR) if unsure and all(_ratio(x, y) <= LIKE for x, y in stated) else -1
        if rounds:
            apart = a.round != b.round
        elif unsure:
            apart = not _valued(a, b, LIKE - 1, missing=True)
        else:
            apart = not same and bool((a.amount and b.amount) or not _valued(a, b, missing=True))
        most = float(_named(a.round)) if rounds else APART if a.dated and b.dated else float("inf")
        following = not rounds and a.unsure != b.unsure and not same
        again = not rounds and same and not unsure
        return cls(apart, most, following, again, rounds and not apart, same, _valued(a, b), talks)


class Pairs:
    """Claims of the same parties, sorted by their order, and how each two of them compare."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        """Compare each two of the claims once."""
        self.kinds: dict[str, int] = {}
        self._rules: dict[tuple[int, int], Rule] = {}
        self._ties: list[tuple[int, int]] = []
        self.seen = [self._see(place, claim) for place, claim in enumerate(claims)]
        before: dict[int, list[Seen]] = {}
        bits: dict[int, int] = {}
        for b in self.seen:
            for number, some in before.items():
                if (rule := self._rule(some[0], b)).apart:
                    b.apart |= bits[number]
                else:
                    self._compare(some, b, rule)
            before.setdefault(b.number, []).append(b)
            bits[b.number] = bits.get(b.number, 0) | 1 << b.place

    def ties(self) -> Iterator[tuple[Seen, Seen]]:
        """Yield the claims that are tied, the earlier one first; the strongest and nearest ties before others."""
        self._ties.sort()
        for _, places in self._ties:
            yield self.seen[places >> BITS], self.seen[places & NEVER]

    def why(self, a: Seen, b: Seen) -> str:
        """Return what ties two claims, and how many days lie between them."""
        far = days(a, b)
        found = _tie(a, b, far, self._rule(a, b))
        return (found[1] if found else "") + apart_words(far)

    def _see(self, place: int, claim: Claim) -> Seen:
        kind, when = Kind.of(claim), event(claim)
        number = self.kinds.setdefault(repr(kind), len(self.kinds))
        first, last = (_day(when[0]), _day(when[1])) if when else (None, None)
        return Seen(claim, place, number, kind, first, last, _day(claim.day) if claim.day else None)

    def _rule(self, a: Seen, b: Seen) -> Rule:
        found = self._rules.get((a.number, b.number))
        if found is None:
            found = self._rules[a.number, b.number] = Rule.of(a.kind, b.kind)
        return found

    def _compare(self, some: Sequence[Seen], b: Seen, rule: Rule) -> None:
        """Note which of some earlier claims of one kind are apart from a claim, and which are tied to it."""
        for a in some:
            far = days(a, b)
            if far and _apart(a, b, far, rule):
                b.apart |= 1 << a.place
            elif tied := _tie(a, b, far, rule):
                self._ties.append((tied[0] << BITS | (NEVER if far is None else far), a.place << BITS | b.place))


def apart_words(far: int | None) -> str:
    """Return what a reason says of the days between two claims: ", 3 days apart"; nothing where one is undated."""
    if far is None:
        return ""
    return f", {far} day{'s' if far > 1 else ''} apart" if far else ", told on one day"


def days(a: Seen, b: Seen) -> int | None:
    """Return the days between what two claims tell; None where one is undated."""
    if a.first is None or a.last is None or b.first is None or b.last is None:
        return None
    return b.first - a.last if b.first > a.last else a.first - b.last if a.first > b.last else 0


def before(a: Seen, b: Seen) -> bool:
    """Say whether what the first of two claims tells was over when that of the second began."""
    return a.last is not None and b.first is not None and a.last <= b.first


def _apart(a: Seen, b: Seen, far: int, rule: Rule) -> bool:
    """Say whether the days between two claims of the same parties keep them apart."""
    if far > rule.most or (rule.again and _again(a, b, far)):
        return True
    return rule.following and far > LATE and (before(b, a) if a.kind.unsure else before(a, b))


def _tie(a: Seen, b: Seen, far: int | None, rule: Rule) -> tuple[int, str] | None:
    """Return how strongly two claims that are not apart are tied (least first), and by what; None if they are not."""
    if rule.round:
        return (0 if rule.same else 2), "the same round"
    if a.claim.text and a.claim.text == b.claim.text:
        return 1, "the same sentence"
    if rule.same and not (far and _again(a, b, far)):
        return 1, "the same amount"
    if rule.valued and (a.first is b.first if far is None else far <= LONG):
        return 3, "the same valuation"
    if rule.talks >= 0 and far is not None and far <= (min(LATE, rule.talks) if _late(a, b) else rule.talks):
        return 4, "talks before the deal"
    return None


def _again(a: Seen, b: Seen, far: int) -> bool:
    """Say whether the later of two claims of an amount is news of another deal; what is told at one time is not."""
    if a.day is not None and b.day is not None and abs(a.day - b.day) <= AGAIN:
        return False
    later, earlier = (a, b) if before(b, a) else (b, a)
    return not later.kind.done and (far > LONG or (far > AGAIN and earlier.kind.done))


def _late(a: Seen, b: Seen) -> bool:
    """Say whether the talks that one claim tells of (the earlier, if both do) were told after what the other tells."""
    both = a.kind.unsure and b.kind.unsure
    first = (a.first, a.last, a.place) <= (b.first, b.last, b.place) if both else a.kind.unsure
    return before(b, a) if first else before(a, b)


def _valued(a: Kind, b: Kind, most: float = VALUED, *, missing: bool = False) -> bool:
    """Say whether two valuations differ by no more than a share; `missing` is the answer where one is not stated."""
    if not a.valuation or not b.valuation:
        return missing
    return agree(a.valuation, b.valuation) or _ratio(a.valuation, b.valuation) <= 1 + most


def _ratio(a: Money, b: Money) -> float:
    """Return how many times the nearest figures of two amounts differ; without end across currencies."""
    if a.get("currency", "USD") != b.get("currency", "USD"):
        return float("inf")
    ours, theirs = ([x for x in (m.get("low"), m.get("high")) if x] for m in (a, b))
    return min((max(x, y) / min(x, y) for x in ours for y in theirs), default=1.0)


def _named(round: str | None) -> int:
    """Return the days within which a round of this name is one round."""
    return NAMED if round and round.startswith(SERIES) else NEAR


def _day(day: str) -> int:
    """Return the number of an ISO day."""
    return date.fromisoformat(day).toordinal()
